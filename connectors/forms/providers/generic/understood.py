"""What a form says, in our words, before it is tied to a channel."""

from dataclasses import dataclass, field


@dataclass(frozen=True, slots=True)
class ShownField:
    """A value that is shown beside its label; `name` is the wire name."""

    name: str
    label: str
    value: str


@dataclass(slots=True)
class Understood:
    """Who writes, what about, from where; what has no place of its own is in `fields`, in its order.

    `rendered_at` and `fill_ms` are when our script showed the form and for how long a person filled it in, as sent.
    """

    name: str = ""
    phones: list[str] = field(default_factory=list)
    emails: list[str] = field(default_factory=list)
    vk_id: str | None = None
    telegram_id: str | None = None
    subject: str = ""
    text: str = ""
    fields: list[ShownField] = field(default_factory=list)
    utm: dict[str, str] = field(default_factory=dict)
    page_url: str = ""
    referrer: str = ""
    submission_id: str = ""
    redirect: str = ""
    rendered_at: str = ""
    fill_ms: str = ""
    spam_reasons: list[str] = field(default_factory=list)

    @property
    def suspected_spam(self) -> bool:
        """Whether anything speaks for a robot."""
        return bool(self.spam_reasons)

    def suspect(self, reason: str) -> None:
        """Note a reason for suspecting a robot, once."""
        if reason not in self.spam_reasons:
            self.spam_reasons.append(reason)
