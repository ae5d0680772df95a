"""How a passage is read: with the hospital's own number in it."""

from django import template

from hospital.knowledge.filling import filled
from hospital.knowledge.models import Passage

register = template.Library()


@register.filter
def told(passage: Passage) -> str:
    """Return the passage's text as patients read it; the template escapes it."""
    return filled(passage.text, lang=passage.entry.lang)
