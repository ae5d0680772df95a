"""What a hospital fills in: its emergency number, where a text leaves room for it."""

from hospital.core.phones import phone_numbers
from hospital.knowledge.vocabulary import EMERGENCY_NUMBER

WITHOUT_NUMBER = {"en": "the emergency number", "zh": "急救电话"}


def filled(text: str, *, lang: str) -> str:
    """Return the text with the hospital's own number, as patients read it."""
    if EMERGENCY_NUMBER not in text:
        return text
    number = phone_numbers().get("emergency") or WITHOUT_NUMBER[lang]
    return text.replace(EMERGENCY_NUMBER, number)
