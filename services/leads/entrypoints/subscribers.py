"""What leads does on the events of others: it keeps its copies of what it needs to decide."""

from services.leads.adapters import copies, quarantine
from shared.contracts.channels import ChannelChanged
from shared.contracts.contacts import ContactChanged
from shared.contracts.inquiries import EventQuarantined
from shared.contracts.staff import CompanyChanged, EmployeeChanged, RoleChanged
from shared.messaging.subscribers import Delivery, Subscription


async def copy_channel_on_channel_changed(delivery: Delivery[ChannelChanged]) -> None:
    """Keep the settings of a channel that was created or changed."""
    await copies.copy_channel(delivery.connection, delivery.data)


async def copy_employee_on_employee_changed(delivery: Delivery[EmployeeChanged]) -> None:
    """Keep who a colleague is and what he may do."""
    await copies.copy_employee(delivery.connection, delivery.data)


async def copy_role_on_role_changed(delivery: Delivery[RoleChanged]) -> None:
    """Keep who is in a role."""
    await copies.copy_role(delivery.connection, delivery.data)


async def copy_company_on_company_changed(delivery: Delivery[CompanyChanged]) -> None:
    """Keep the company's settings."""
    await copies.copy_company(delivery.connection, delivery.data)


async def copy_contact_on_contact_changed(delivery: Delivery[ContactChanged]) -> None:
    """Keep a contact and the keys that lead to him."""
    await copies.copy_contact(delivery.connection, delivery.data)


async def keep_raw_on_event_quarantined(delivery: Delivery[EventQuarantined]) -> None:
    """Keep what a connector could not translate (B04)."""
    await quarantine.keep(delivery.connection, delivery.data, delivery.app.clock())


SUBSCRIPTIONS = (
    Subscription(
        "leads.staff",
        (
            (EmployeeChanged, copy_employee_on_employee_changed),
            (RoleChanged, copy_role_on_role_changed),
            (CompanyChanged, copy_company_on_company_changed),
        ),
    ),
    Subscription("leads.channels.channel-changed.v1", ((ChannelChanged, copy_channel_on_channel_changed),)),
    Subscription("leads.contacts.contact-changed.v1", ((ContactChanged, copy_contact_on_contact_changed),)),
    Subscription(
        "leads.connectors.event-quarantined.v1", ((EventQuarantined, keep_raw_on_event_quarantined),)
    ),
)
