"""What a message says: one spelling for many, and the concepts in it with their standing."""

from consult.language.concepts_read import Mention, Reading, Sentence, read
from consult.language.detect import detect_language
from consult.language.normalize import normalize

__all__ = ["Mention", "Reading", "Sentence", "detect_language", "normalize", "read"]
