"""Speaking in the language of a conversation, whoever's request it is."""

from django.utils.translation import override

TAGS = {"en": "en", "zh": "zh-hans"}


def in_language(language: str) -> override:
    """Return a block in which words of ours are in the conversation's language."""
    return override(TAGS.get(language, "en"))
