"""What is said to somebody who wants a visit: how one is booked, and who can help now."""

from typing import Any

from django.utils.translation import gettext as _

from consult.models import Conversation, Kind
from consult.pipelines.citing import quoted
from consult.selectors.conversations import department_names
from consult.selectors.suggestions import suggestions
from consult.services.answers import Ending, Said
from consult.speaking import as_language

SECTIONS = ("book", "change-booking")


def booking(
    row: Conversation,
    *,
    question: dict[str, Any] | None,  # Any: JSON
) -> Ending:
    """Return how a visit is booked; that none is booked here is said first."""
    lang = as_language(row.language)
    said = [
        Said(
            _(
                "I cannot book, change or cancel a visit here. A person of the hospital "
                "can help you with it: press Talk to a person."
            )
        )
    ]
    names = department_names(row.department_codes, language=row.language)
    if row.department_codes and row.interview.get("groups"):
        words = _("By what you have told, this department fits: %(department)s.")
        said.append(Said(words % {"department": next(iter(names.values()))}))
    told, passages = quoted(
        (f"hospital-faq/{lang}#{section}" for section in SECTIONS), lang=lang
    )
    extras = {
        "follow": question,
        "suggestions": suggestions([str(each["id"]) for each in passages]),
        "needs": "person",
    }
    return Ending(Kind.ANSWER, [*said, *told], passages, extras)
