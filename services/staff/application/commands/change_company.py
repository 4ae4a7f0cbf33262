"""Change the company's settings, unless somebody else changed them meanwhile (B25, S266)."""

from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from services.staff.application.ports import Work
from services.staff.domain.company import COMPANY_ID, Company
from shared.contracts.staff import CompanyChanged
from shared.kernel.errors import StaleVersionError


@dataclass(frozen=True, slots=True)
class ChangeCompany:
    """`version` is the one that the caller saw; None skips the comparison."""

    settings: dict[str, Any]
    version: int | None = None


async def change_company(command: ChangeCompany, work: Work, now: datetime) -> Company:
    """Store the change and tell the others; StaleVersionError carries the current settings."""
    before = await work.company.get()
    if command.version is not None and command.version != before.version:
        raise StaleVersionError(current=before)
    company = before.change(command.settings)
    await work.company.save(company, now)
    await work.publish(CompanyChanged(**asdict(company)), aggregate=COMPANY_ID)
    return company
