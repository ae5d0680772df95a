"""Which recordings are taken, told by how they begin, not by what they are called."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class AudioKind:
    """A format, as the service is told it."""

    ending: str
    media_type: str


WEBM = AudioKind("webm", "audio/webm")
OGG = AudioKind("ogg", "audio/ogg")
WAV = AudioKind("wav", "audio/wav")
MP4 = AudioKind("mp4", "audio/mp4")
MP3 = AudioKind("mp3", "audio/mpeg")
FLAC = AudioKind("flac", "audio/flac")
HEAD_BYTES = 12
_MP3_SYNC = 0xE0  # the first eleven bits of a frame are set


def kind_of(head: bytes) -> AudioKind | None:
    """Return the format of a recording by its first twelve bytes; nothing if unknown."""
    beginnings = {
        b"\x1a\x45\xdf\xa3": WEBM,
        b"OggS": OGG,
        b"fLaC": FLAC,
        b"ID3": MP3,
    }
    for beginning, kind in beginnings.items():
        if head.startswith(beginning):
            return kind
    if head[:4] == b"RIFF" and head[8:12] == b"WAVE":
        return WAV
    if head[4:8] == b"ftyp":
        return MP4
    is_frame = len(head) > 1 and head[0] == 0xFF and head[1] & _MP3_SYNC == _MP3_SYNC
    return MP3 if is_frame else None
