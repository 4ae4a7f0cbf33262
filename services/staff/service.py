"""The declaration of staff."""

from pathlib import Path

from services.staff import bootstrap
from services.staff.adapters.tables import metadata
from services.staff.entrypoints.routes import company, employees, roles, session
from services.staff.settings import StaffSettings
from shared.runtime.declaration import Database, Unit

SERVICE = Unit(
    name="staff",
    title="Сотрудники",
    settings=StaffSettings,
    build=bootstrap.build,
    routers=(session.router, session.internal, employees.router, roles.router, company.router),
    database=Database(metadata, Path(__file__).parent / "migrations" / "versions"),
)
