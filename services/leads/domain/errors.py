"""What can stand against a wish about a lead."""

from shared.kernel.errors import ConflictError, InvalidError, MissingError


class LeadMissingError(MissingError):
    """There is no such lead."""

    slug = "lead-not-found"


class InquiryMissingError(MissingError):
    """There is no such inquiry; one that was accepted a moment ago will be there in the next."""

    slug = "inquiry-not-found"
    retry_after_s = 1


class AttachmentMissingError(MissingError):
    """The inquiry has no such file."""

    slug = "attachment-not-found"


class ReasonMissingError(MissingError):
    """There is no such rejection reason."""

    slug = "rejection-reason-not-found"


class LeadAlreadyClaimedError(ConflictError):
    """Somebody else has already taken the lead."""

    slug = "lead-already-claimed"


class LeadWrongStateError(ConflictError):
    """The state of the lead does not allow this."""

    slug = "lead-wrong-state"


class RejectionReasonRequiredError(InvalidError):
    """A lead of this channel is rejected only with a reason."""

    slug = "rejection-reason-required"


class AssigneeUnknownError(InvalidError):
    """There is no such employee or role that could take leads."""

    slug = "assignee-unknown"


class KeyTakenError(ConflictError):
    """Another open lead already holds this person's phone or e-mail."""

    slug = "key-taken"


class QuarantinedMissingError(MissingError):
    """There is no such thing in quarantine."""

    slug = "quarantined-not-found"


class QuarantinedSettledError(ConflictError):
    """It was translated or dropped already."""

    slug = "quarantined-settled"


class TranslatorGoneError(ConflictError):
    """No connector translates this any more."""

    slug = "translator-gone"
