"""The declaration of the forms connector."""

from typing import Any

from fastapi import FastAPI

from connectors.forms import bootstrap, script, trying, webhook
from connectors.forms.body_reader import WITH_FILES
from connectors.forms.cors import ReadableRefusals
from connectors.forms.settings import FormsSettings
from connectors.forms.subscribers import TRANSLATE_AGAIN_QUEUE, translate_again
from shared.runtime.declaration import Unit


def customize(app: FastAPI, _: Any) -> None:
    """Put the outermost layer around the application."""
    app.add_middleware(ReadableRefusals)


CONNECTOR = Unit(
    name="forms",
    title="Формы сайтов",
    settings=FormsSettings,
    build=bootstrap.build,
    routers=(trying.router,),
    routes=(*webhook.ROUTES, *script.ROUTES),
    queues=(TRANSLATE_AGAIN_QUEUE,),
    workers=(translate_again, bootstrap.sweep_files),
    body_limit=WITH_FILES,
    always=(bootstrap.follow_channels,),
    customize=customize,
)
