"""What a client accepts: media types with the transfer syntaxes they may carry."""

from collections.abc import Iterator
from dataclasses import dataclass, field

ANY = "*/*"
MULTIPART = "multipart/related"


@dataclass(frozen=True, slots=True)
class MediaRange:
    """One alternative of an Accept header.

    Attributes:
        kind: Such as `application/octet-stream`, `image/*`, `*/*`; of the parts, where
            the answer is multipart.
        is_multipart: Whether the parts shall come in a multipart message.
        parameters: All others, such as `transfer-syntax`.
        quality: From 0 to 1.
    """

    kind: str
    is_multipart: bool = False
    parameters: dict[str, str] = field(default_factory=dict)
    quality: float = 1.0

    def covers(self, kind: str) -> bool:
        """Whether a media type is one of those meant."""
        main, _, sub = self.kind.partition("/")
        return self.kind in (ANY, kind) or (sub == "*" and kind.startswith(f"{main}/"))

    @property
    def transfer_syntax(self) -> str:
        return self.parameters.get("transfer-syntax", "")


def accepted(header: str) -> list[MediaRange]:
    """Return the alternatives of an Accept header, best first."""
    ranges = [_range(text) for text in _split(header, ",") if text.strip()]
    wanted = [one for one in ranges if one.quality > 0] or [MediaRange(ANY)]
    return sorted(wanted, key=lambda one: -one.quality)


def media_type(header: str) -> tuple[str, dict[str, str]]:
    """Return a Content-Type's media type and parameters."""
    first, *rest = _split(header, ";")
    parameters: dict[str, str] = {}
    for text in rest:
        name, _, value = text.partition("=")
        parameters[name.strip().lower()] = value.strip().strip('"')
    return first.strip().lower(), parameters


def _range(text: str) -> MediaRange:
    kind, parameters = media_type(text)
    is_multipart = kind == MULTIPART
    if is_multipart:
        kind = parameters.pop("type", ANY).lower()
    return MediaRange(
        kind, is_multipart, parameters, _quality(parameters.pop("q", "1"))
    )


def _quality(text: str) -> float:
    try:
        return min(max(float(text), 0.0), 1.0)
    except ValueError:
        return 0.0


def _split(text: str, separator: str) -> Iterator[str]:
    """Yield the pieces between separators that stand outside of quotes."""
    piece = ""
    quoted = False
    for character in text:
        quoted ^= character == '"'
        if character == separator and not quoted:
            yield piece
            piece = ""
        else:
            piece += character
    yield piece
