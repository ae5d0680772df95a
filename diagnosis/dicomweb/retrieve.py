"""WADO-RS: whole instances, their metadata, frames and pictures (PS3.18 10.4)."""

import json
from collections.abc import Iterator
from typing import Any  # Any: a QuerySet, its type differs by stubs

from django.http import Http404, HttpResponse, HttpResponseBase, StreamingHttpResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from diagnosis import files, refusals
from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import Frame, RenderRequest, decoder_pool
from diagnosis.dicom.syntaxes import FRAME_MEDIA_TYPES, NATIVE
from diagnosis.dicomweb.accept import MediaRange
from diagnosis.dicomweb.attributes import metadata
from diagnosis.dicomweb.base import DicomwebView, not_acceptable
from diagnosis.dicomweb.multipart import OutgoingPart, new_boundary, written
from diagnosis.models import Instance
from diagnosis.services.incoming import TooMuch
from hospital.core.errors import InvalidInput

DICOM = "application/dicom"
OCTETS = "application/octet-stream"
PICTURES = ("image/jpeg", "image/png")
THUMBNAIL_SIDE = 128
MAX_FRAMES_AT_ONCE = 512
MAX_FRAME_BYTES_AT_ONCE = 128 * 1024**2  # decoded
SAMPLES_PER_PIXEL, BITS_ALLOCATED = "00280002", "00280100"
CHUNK = 1 << 18


class Unreadable(InvalidInput):
    """The stored object has no such frame, or its pixels cannot be decoded."""

    status = 422


class RetrieveInstances(DicomwebView):
    """Instances as they are stored, in one multipart answer."""

    def get(self, request: Request, **uids: str) -> HttpResponseBase:
        found = self.instances(**uids)
        first = _first(found)
        self.audit(first.series.study)
        for wanted in self.wanted():
            if not wanted.covers(DICOM):
                continue
            if wanted.is_multipart or wanted.kind == "*/*":
                return _multipart(self._parts(found), DICOM)
            if "instance" in uids:
                return StreamingHttpResponse(
                    _chunks(first.digest), content_type=_dicom_type(first)
                )
        raise not_acceptable()

    def _parts(self, found: Any) -> Iterator[OutgoingPart]:
        for instance in found.defer("attributes").iterator(chunk_size=200):
            yield OutgoingPart(
                _dicom_type(instance),
                _chunks(instance.digest),
                self.instance_url(instance),
            )


class RetrieveMetadata(DicomwebView):
    """Every attribute but the bulk data, as the DICOM JSON model."""

    def get(self, request: Request, **uids: str) -> HttpResponseBase:
        found = self.instances(**uids)
        self.audit(_first(found.defer("attributes")).series.study)
        if not any(
            one.covers("application/dicom+json") or one.covers("application/json")
            for one in self.wanted()
        ):
            raise not_acceptable()
        return StreamingHttpResponse(
            _json_rows(found), content_type="application/dicom+json"
        )


class RetrieveFrames(DicomwebView):
    """Frames, decoded unless the client takes any transfer syntax."""

    def get(self, request: Request, *, frames: str, **uids: str) -> HttpResponseBase:
        instance = _first(self.instances(**uids).defer("attributes"))
        self.audit(instance.series.study)
        numbers = frame_numbers(frames, instance)
        wanted, transcode = self._choice(instance)
        tag = f'"{instance.digest[:32]}-{frames}-{int(transcode)}"'
        if request.META.get("HTTP_IF_NONE_MATCH") == tag:
            return HttpResponse(status=304, headers={"ETag": tag})
        _check_frame_bytes(instance, len(numbers))
        with files.local_file(instance.digest) as path:
            decoded = [_frame(path, number, transcode=transcode) for number in numbers]
        response: HttpResponseBase
        if len(decoded) == 1 and not wanted.is_multipart and wanted.kind != "*/*":
            response = HttpResponse(
                decoded[0].data, content_type=_frame_type(decoded[0])
            )
        else:
            parts = (OutgoingPart(_frame_type(one), [one.data]) for one in decoded)
            kind = _frame_type(decoded[0]).partition(";")[0]
            response = _multipart(parts, kind)
        response["ETag"] = tag
        response["Cache-Control"] = "private, no-cache"
        return response

    def _choice(self, instance: Instance) -> tuple[MediaRange, bool]:
        """Return the alternative to serve, and whether the frames are decoded for it.

        References:
            DICOM PS3.18 8.7.3.
        """
        syntax = instance.transfer_syntax_uid
        stored_kind = FRAME_MEDIA_TYPES.get(syntax, OCTETS)
        for wanted in self.wanted():
            takes_stored = wanted.transfer_syntax in ("*", syntax)
            is_covered = wanted.covers(stored_kind) or wanted.covers(OCTETS)
            if takes_stored and is_covered and syntax not in NATIVE:
                return wanted, False
            if wanted.covers(OCTETS):
                return wanted, True
            if wanted.covers(stored_kind):
                return wanted, False
        raise not_acceptable()


class RenderedView(DicomwebView):
    """A picture for people: of a frame, an instance, or the middle of a series."""

    longest_side: int | None = None

    def get(
        self, request: Request, *, frame: str = "", **uids: str
    ) -> HttpResponseBase:
        instance = self._representative(uids)
        self.audit(instance.series.study)
        number = frame_numbers(frame, instance)[0] if frame else 1
        options = RenderRequest(
            frame=number,
            media_type=self._picture_type(),
            longest_side=self.longest_side or _viewport(request),
            **_window(request),
        )
        tag = f'"{instance.digest[:32]}-{hash_of(options)}"'
        if request.META.get("HTTP_IF_NONE_MATCH") == tag:
            return HttpResponse(status=304, headers={"ETag": tag})
        try:
            with files.local_file(instance.digest) as path:
                picture = decoder_pool().render(path, options)
        except DicomRefused as refusal:
            raise _unreadable(refusal) from refusal
        headers = {"ETag": tag, "Cache-Control": "private, no-cache"}
        return HttpResponse(picture, content_type=options.media_type, headers=headers)

    def _representative(self, uids: dict[str, str]) -> Instance:
        found = self.instances(**uids).defer("attributes")
        if "instance" in uids:
            return _first(found)
        pictures = found.filter(frames__gt=0)
        count = pictures.count()
        if not count:
            raise Http404
        middle: Instance = pictures[count // 2]
        return middle

    def _picture_type(self) -> str:
        for wanted in self.wanted():
            for kind in PICTURES:
                if wanted.covers(kind):
                    return kind
        raise not_acceptable()


class Thumbnail(RenderedView):
    longest_side = THUMBNAIL_SIDE


def frame_numbers(text: str, instance: Instance) -> list[int]:
    """Return the frames asked for, as `1` or `1,2,5`.

    Raises:
        InvalidInput: It is no list of different frame numbers, or far too long a one.
        Http404: The instance has no such frame.
    """
    parts = text.split(",")
    if len(parts) > MAX_FRAMES_AT_ONCE or not all(
        part.isdecimal() and len(part) < 10 for part in parts
    ):
        raise _invalid_frames()
    numbers = [int(part) for part in parts]
    if len(set(numbers)) < len(numbers):
        raise _invalid_frames()
    if not all(1 <= number <= instance.frames for number in numbers):
        raise Http404
    return numbers


def _invalid_frames() -> InvalidInput:
    return InvalidInput(
        _("Frames are numbered from 1, separated by commas, each named once."),
        code="invalid_frames",
        status=400,
    )


def _check_frame_bytes(instance: Instance, count: int) -> None:
    """Refuse several frames that together are too many bytes, from the row alone."""
    if count == 1:
        return  # the decoder's own limits hold for one
    samples, bits = (
        ((instance.attributes.get(tag) or {}).get("Value") or [most])[0] or most
        for tag, most in ((SAMPLES_PER_PIXEL, 3), (BITS_ALLOCATED, 64))
    )
    pixels = (instance.rows or 0) * (instance.columns or 0)
    if pixels * samples * bits // 8 * count > MAX_FRAME_BYTES_AT_ONCE:
        megabytes = MAX_FRAME_BYTES_AT_ONCE // 1024**2
        raise TooMuch(
            _("The frames asked for are over %(limit)s MB. Ask for fewer at a time.")
            % {"limit": megabytes},
            code="too_many_frames",
        )


def hash_of(options: RenderRequest) -> str:
    return (
        f"{options.frame}-{options.center}-{options.width}"
        f"-{options.longest_side}-{options.media_type[6:]}"
    )


def _first(found: Any) -> Instance:
    instance: Instance | None = found.first()
    if instance is None:
        raise Http404
    return instance


def _frame(path: Any, number: int, *, transcode: bool) -> Frame:
    try:
        return decoder_pool().frame(path, number, transcode=transcode)
    except DicomRefused as refusal:
        raise _unreadable(refusal) from refusal


def _unreadable(refusal: DicomRefused) -> Unreadable:
    return Unreadable(refusals.sentence(refusal), code=refusal.code)


def _dicom_type(instance: Instance) -> str:
    return f"{DICOM}; transfer-syntax={instance.transfer_syntax_uid}"


def _frame_type(frame: Frame) -> str:
    syntax = frame.transfer_syntax_uid
    return f"{FRAME_MEDIA_TYPES.get(syntax, OCTETS)}; transfer-syntax={syntax}"


def _multipart(parts: Iterator[OutgoingPart], kind: str) -> StreamingHttpResponse:
    boundary = new_boundary()
    return StreamingHttpResponse(
        written(parts, boundary=boundary),
        content_type=f'multipart/related; type="{kind}"; boundary={boundary}',
    )


def _chunks(digest: str) -> Iterator[bytes]:
    with files.open_stored(digest) as file:
        while chunk := file.read(CHUNK):
            yield chunk


def _json_rows(found: Any) -> Iterator[bytes]:
    separator = b"["
    for instance in found.iterator(chunk_size=200):
        yield separator + json.dumps(metadata(instance), ensure_ascii=False).encode()
        separator = b",\n"
    yield b"]"


def _window(request: Request) -> dict[str, float]:
    """Return center and width from `window=40,400,linear` (PS3.18 8.3.5.1.4)."""
    text = request.GET.get("window", "")
    if not text:
        return {}
    try:
        center, width = (float(part) for part in text.split(",")[:2])
    except ValueError as error:
        raise _invalid("window") from error
    if not (abs(center) < 1e9 and 1 <= width < 1e9):
        raise _invalid("window")
    return {"center": center, "width": width}


def _viewport(request: Request) -> int | None:
    """Return the longer side of `viewport=512,512` (PS3.18 8.3.5.1.3)."""
    text = request.GET.get("viewport", "")
    if not text:
        return None
    sides = text.split(",")[:2]
    if not all(side.isdecimal() and 0 < len(side) < 6 for side in sides):
        raise _invalid("viewport")
    return max(1, *(int(side) for side in sides))


def _invalid(name: str) -> InvalidInput:
    return InvalidInput(
        _("%(name)s is not what PS3.18 says it is.") % {"name": name},
        code="invalid_query",
        status=400,
    )
