"""Speaking in the language of a conversation, whoever's request it is."""

from django.utils.translation import override

from consult.language.detect import Language

TAGS = {"en": "en", "zh": "zh-hans"}


def in_language(language: str) -> override:
    """Return a block in which words of ours are in the conversation's language."""
    return override(TAGS.get(language, "en"))


def as_language(code: str) -> Language:
    """Return the language that a tag such as `zh-hans` begins with; English for others."""
    return "zh" if code.startswith("zh") else "en"
