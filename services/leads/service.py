"""The declaration of leads."""

from pathlib import Path

from services.leads import bootstrap
from services.leads.adapters.tables import metadata
from services.leads.entrypoints.intake import INTAKE_QUEUE, take_in
from services.leads.entrypoints.routes import commands, inquiries, leads, quarantine, reasons, spam
from services.leads.entrypoints.subscribers import SUBSCRIPTIONS
from services.leads.entrypoints.timers import keep_partitions
from services.leads.settings import LeadsSettings
from shared.runtime.declaration import Database, Unit

SERVICE = Unit(
    name="leads",
    title="Лиды и обращения",
    settings=LeadsSettings,
    build=bootstrap.build,
    routers=(leads.router, commands.router, inquiries.router, reasons.router, spam.router, quarantine.router),
    subscriptions=SUBSCRIPTIONS,
    queues=(INTAKE_QUEUE,),
    workers=(take_in, keep_partitions),
    database=Database(metadata, Path(__file__).parent / "migrations" / "versions"),
)
