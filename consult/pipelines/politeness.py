"""What is said where the library has nothing to say: to a greeting, to thanks, to the upset."""

from django.utils.translation import gettext as _

from consult.dialogue.courtesies import Courtesy
from consult.models import Kind
from consult.services.answers import Ending, Said


def courtesy_returned(courtesy: Courtesy) -> Ending:
    """Return what is said to who only greets, or only thanks."""
    words = _(
        "Hello. Tell me in your own words what is wrong, or what you would like to know."
    )
    if courtesy == "thanks":
        words = _(
            "You are welcome. Write again whenever you need to. If it gets worse, do not "
            "wait for an answer here: be seen by a doctor."
        )
    return Ending(Kind.QUESTION, (Said(words),))


def nothing_more(*, is_answered: bool) -> Ending:
    """Return what is said to who has just answered the last of our questions.

    Args:
        is_answered: Whether the library's words stand in the talk already.
    """
    if is_answered:
        words = _(
            "Thank you, there are no more questions. What the library says of this stands "
            "above and still holds; how soon to be seen, and where, stands below. If "
            "anything changes or gets worse, write again."
        )
        return Ending(Kind.QUESTION, (Said(words),))
    words = _(
        "Thank you, there are no more questions. Below stands how soon to be seen, and "
        "where. If anything changes or gets worse, write again."
    )
    return Ending(Kind.ABSTAINED, (Said(words),), abstained=True)


def nothing_found(mood: str) -> Ending:
    """Return that the library has no answer, kindly to the angry and the distressed.

    Args:
        mood: How the person sounds.
    """
    words = _(
        "Our library has nothing that answers this well, so no answer is made up. "
        "Ask in other words, or ask for a person of the hospital."
    )
    if mood == "angry":
        words = _(
            "I am sorry that this has not helped you. Tell me in a few words what "
            "troubles you, or talk to a person of the hospital."
        )
    elif mood == "distressed":
        words = _(
            "That sounds very hard. I am a program and have no good answer to it, but a "
            "person of the hospital can talk with you."
        )
    return Ending(Kind.ABSTAINED, (Said(words),), abstained=True)
