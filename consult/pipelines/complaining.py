"""What is said to somebody who complains of staff or service: that it counts, and how."""

from django.utils.translation import gettext as _

from consult.models import Conversation, Kind
from consult.pipelines.citing import quoted
from consult.services.answers import Ending, Said
from consult.speaking import as_language

TOPIC = "complaints-and-second-opinion"


def complaint_heard(row: Conversation) -> Ending:
    """Return how one complains; that a program takes no complaint in is said first."""
    lang = as_language(row.language)
    words = _(
        "I am sorry about what happened, and you may say so. I am a program and cannot "
        "take a complaint in, but a person of the hospital can: press Talk to a person."
    )
    told, passages = quoted([f"{TOPIC}/{lang}#procedure"], lang=lang)
    return Ending(Kind.ANSWER, [Said(words), *told], passages, {"needs": "person"})
