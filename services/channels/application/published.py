"""From the state of a channel to what the others may know of it."""

from services.channels.domain.channel import Channel
from shared.contracts.channels import ChannelChanged, Responsible


def channel_changed(channel: Channel) -> ChannelChanged:
    """Return the whole public state of the channel; secrets stay ciphertext."""
    responsible = channel.responsible
    return ChannelChanged(
        channel_id=channel.id,
        version=channel.version,
        number=channel.number,
        kind=channel.kind,
        provider=channel.provider,
        name=channel.name,
        key=channel.key,
        status=channel.status,
        lead_source=channel.lead_source,
        responsible=Responsible(type=responsible.type, id=responsible.id) if responsible else None,
        strategy=channel.strategy,
        sticky=channel.sticky,
        repeat=channel.repeat,
        mode=channel.mode,
        reason_required=channel.reason_required,
        connection=channel.connection,
        secrets=channel.secrets,
    )
