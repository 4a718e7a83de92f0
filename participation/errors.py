"""What can go wrong in participation; turned into HTTP answers in twin/api.py."""


class ParticipationError(Exception):
    """Base of all errors of this package. `code` names the case for forms and tests."""

    code = "participation"


class NotOpen(ParticipationError):
    """No phase takes a statement of this person at this moment; the text goes back to its writer."""

    code = "not_open"


class StatementRefused(ParticipationError):
    """The statement itself cannot be taken (empty, too long, no text at all, place outside); `code` says why."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class TooMany(ParticipationError):
    """Too many statements from one address in a short time."""

    code = "too_many"


class NoConsent(ParticipationError):
    """The submitter did not agree to publication, or took the consent back."""

    code = "no_consent"


class NotBeforeDecision(ParticipationError):
    """In a formal phase there are no public official answers before the decision."""

    code = "not_before_decision"


class NothingToUndo(ParticipationError):
    """The statement was not moderated yet, or the last act was undone already."""

    code = "nothing_to_undo"


class IllegalChange(ParticipationError):
    """The procedure does not allow this change any more (it has statements, it is decided)."""

    code = "illegal_change"

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


class ReasonMissing(ParticipationError):
    """Who hides a statement says why; who asks back asks something."""

    code = "reason_missing"


class ConfirmationInvalid(ParticipationError):
    """The link that confirms a mail address is forged, too old, or its address was removed."""

    code = "confirmation_invalid"
