"""The declaration of the forms connector."""

from connectors.forms import bootstrap
from connectors.forms.settings import FormsSettings
from connectors.forms.webhook import ROUTES
from shared.runtime.declaration import Unit

CONNECTOR = Unit(
    name="forms",
    title="Формы сайтов",
    settings=FormsSettings,
    build=bootstrap.build,
    routes=ROUTES,
    always=(bootstrap.follow_channels,),
)
