"""A report explained: whether that is asked for, and which of its words the library knows."""

from consult.explaining.wishes import asks_for_newest, is_report, wants_explanation
from consult.explaining.words import Found, Term, find_words

__all__ = [
    "Found",
    "Term",
    "asks_for_newest",
    "find_words",
    "is_report",
    "wants_explanation",
]
