"""Spoken words written down by a service of the hospital's own."""

from consult.speech.kinds import AudioKind, kind_of
from consult.speech.service import SpeechFailed, SpeechService, transcribe

__all__ = ["AudioKind", "SpeechFailed", "SpeechService", "kind_of", "transcribe"]
