"""The one error that services raise for a person to read."""

from collections.abc import Mapping, Sequence

from django.utils.functional import Promise
from django.utils.text import slugify


class DomainError(Exception):
    """What was asked cannot be done, in a sentence that may be shown to a person.

    Attributes:
        code: A stable word for programs, such as `study_already_signed`.
        message: What happened and what to do, translatable.
        status: The HTTP status that says the same.
        fields: Messages by the name of the field they belong to.
        retry_after_s: After how long it may be tried again, where that is known.
    """

    status = 409
    retry_after_s: int | None = None

    def __init__(
        self,
        message: str | Promise,
        *,
        code: str = "",
        status: int | None = None,
        fields: Mapping[str, Sequence[str]] | None = None,
    ) -> None:
        super().__init__(message)
        self.message = message
        self.code = code or slugify(type(self).__name__)
        self.status = status or self.status
        self.fields = dict(fields or {})


class InvalidInput(DomainError):
    """What came in cannot be taken as it is."""

    status = 422


class NotPermitted(DomainError):
    """The principal may see the row, but not do this with it."""

    status = 403


class Conflict(DomainError):
    """Somebody else changed or took it first."""

    status = 409


class PreconditionFailed(DomainError):
    """The row changed since the version that If-Match names."""

    status = 412
