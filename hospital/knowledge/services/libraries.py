"""A library by its short name, made when it is asked for the first time."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

from hospital.core.errors import InvalidInput
from hospital.knowledge.models import Library


def library_named(slug: str) -> Library:
    """Return the library of that short name; a new one answers patients at once.

    Raises:
        InvalidInput: The name holds more than letters, digits, hyphens and underscores.
    """
    known = Library.objects.filter(slug=slug).first()
    if known is not None:
        return known
    library = Library(slug=slug, name=slug)
    try:
        library.full_clean()
    except ValidationError as error:
        words = _(
            "“%(name)s” names no library: use at most 50 letters without accents, "
            "digits, hyphens and underscores."
        )
        message = words % {"name": slug[:60]}
        raise InvalidInput(
            message, code="invalid", fields={"library": [message]}
        ) from error
    library.save()
    return library
