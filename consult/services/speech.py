"""A recording written down; it is kept nowhere, and its words only in the answer."""

from threading import BoundedSemaphore

from django.conf import settings
from django.utils.translation import gettext as _

from consult.language.detect import Language
from consult.selectors.speech import is_speech_configured
from consult.services.generators import language_hosts
from consult.speech import SpeechFailed, SpeechService, transcribe
from hospital.core.errors import DomainError

MOST_AUDIO_BYTES = 10 * 1024 * 1024
RETRY_S = 5
_AT_ONCE = BoundedSemaphore(2)  # of the web process's eight threads


class SpeechUnavailable(DomainError):
    """Nothing can be written down now; typing works."""

    status = 503


def check_speech() -> None:
    """Refuse where no service is set up.

    Raises:
        DomainError: There is none.
    """
    if not is_speech_configured():
        raise DomainError(
            _("Spoken messages are not set up here. Please type your message."),
            code="speech_not_set_up",
            status=404,
        )


def check_size(size: int) -> None:
    """Refuse a recording that is too long.

    Raises:
        DomainError: It is.
    """
    if size > MOST_AUDIO_BYTES:
        raise DomainError(
            _("The recording is too long. Say it in shorter parts, or type it."),
            code="recording_too_long",
            status=413,
        )


def written_down(audio: bytes, *, lang: Language | None) -> str:
    """Return the words of a recording, for the patient to confirm.

    Raises:
        DomainError: It is no recording, nobody speaks, or the service fails.
    """
    check_speech()
    check_size(len(audio))
    service = SpeechService(
        url=settings.SPEECH_URL,
        model=settings.SPEECH_MODEL,
        allowed=language_hosts(),
        key=settings.SPEECH_API_KEY,
    )
    if not _AT_ONCE.acquire(blocking=False):
        raise _unavailable("speech_busy")
    try:
        words = transcribe(
            audio, service=service, lang=lang, deadline_s=settings.SPEECH_DEADLINE_S
        )
    except SpeechFailed as failed:
        if failed.reason == "not_audio":
            raise DomainError(
                _("This is no recording that can be read: webm, ogg, wav, mp3 or mp4."),
                code="not_a_recording",
                status=415,
            ) from failed
        raise _unavailable(f"speech_{failed.reason}") from failed
    finally:
        _AT_ONCE.release()
    if not words:
        raise DomainError(
            _("No words were heard. Try again closer to the microphone, or type."),
            code="nothing_heard",
            status=422,
        )
    return words


def _unavailable(code: str) -> SpeechUnavailable:
    error = SpeechUnavailable(
        _("Your words cannot be written down now. Please type, or try again."),
        code=code,
    )
    error.retry_after_s = RETRY_S
    return error
