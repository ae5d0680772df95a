"""What a hospital fills in: its emergency number, where a text leaves room for it."""

from django.utils.module_loading import import_string

from hospital.core.registry import registry
from hospital.knowledge.vocabulary import EMERGENCY_NUMBER

WITHOUT_NUMBER = {"en": "the emergency number", "zh": "急救电话"}


def filled(text: str, *, lang: str) -> str:
    """Return the text with the hospital's own number, as patients read it."""
    if EMERGENCY_NUMBER not in text:
        return text
    numbers = import_string(registry.phone_numbers)() if registry.phone_numbers else {}
    number = numbers.get("emergency") or WITHOUT_NUMBER[lang]
    return text.replace(EMERGENCY_NUMBER, number)
