"""What a person likes: their keys, their saved views. Kept on the account."""

from django.db import transaction
from django.utils.translation import gettext_lazy as _

from hospital.accounts.models import User
from hospital.core.errors import InvalidInput

MAX_VALUES = 50
LONGEST_TEXT = 500
Preference = dict[str, str]


@transaction.atomic
def keep_preference(*, user: User, name: str, value: Preference) -> None:
    """Replace one named preference of a person; an empty value forgets it.

    Raises:
        InvalidInput: It is not a small table of short texts.
    """
    if len(value) > MAX_VALUES or not all(map(_is_short, (*value, *value.values()))):
        raise InvalidInput(
            _("That is too much to keep as a preference."), code="preference_too_large"
        )
    row = User.objects.select_for_update().only("preferences").get(pk=user.pk)
    row.preferences = {**row.preferences, name: value}
    if not value:
        del row.preferences[name]
    row.save(update_fields=["preferences"])
    user.preferences = row.preferences


def _is_short(text: object) -> bool:
    return isinstance(text, str) and len(text) <= LONGEST_TEXT and text.isprintable()
