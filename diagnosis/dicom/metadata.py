"""A data set as the DICOM JSON model, without bulk data.

Loads pydicom: decoder children and workers only.
"""

import base64
import json
import math
import unicodedata
from pathlib import Path
from typing import Any  # Any: the JSON model nests without end

from pydicom.dataelem import DataElement
from pydicom.dataset import Dataset

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.limits import (
    MAX_DEPTH,
    MAX_METADATA_BYTES,
    MAX_METADATA_VALUE_BYTES,
)
from diagnosis.dicom.reading import OpenedFile, open_dicom
from diagnosis.dicom.syntaxes import NATIVE
from diagnosis.dicom.validation import TAGS
from diagnosis.dicom.values import BROKEN

BINARY = ("OB", "OD", "OF", "OL", "OV", "OW", "UN")
INLINE_BYTES = 1024
PALETTE = range(0x00281101, 0x00281224)  # the viewer needs these in line
MAX_TEXT = 16_384
MAX_ITEMS = 2_000  # of one sequence
ESSENTIAL = {f"{tag:08X}" for tag in TAGS}  # what the header is read from
TAG_BYTES = len('"00080005": , ')
YBR_DECODED_AS_RGB = ("YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")


def read_metadata(path: Path) -> dict[str, Any]:
    """Return a file's attributes as the DICOM JSON model.

    Values that cannot be represented are left out, one by one. Colour spaces that
    frames are decoded from are given as what frames are decoded to (RGB, by pixel).

    References:
        DICOM PS3.18 F.
    """
    with open_dicom(path) as opened:
        return metadata_of(opened)


def metadata_of(opened: OpenedFile) -> dict[str, Any]:
    """Return an opened file's attributes as the DICOM JSON model."""
    try:
        attributes = _dataset(opened.dataset, depth=0)
    except RecursionError as error:
        raise DicomRefused("nesting", f"(over {MAX_DEPTH})") from error
    _as_decoded(attributes, opened)
    return _within_limit(attributes)


def _within_limit(attributes: dict[str, Any]) -> dict[str, Any]:
    """Return the attributes without the largest, where they are over the limit.

    Raises:
        DicomRefused: What every image needs is over the limit by itself.
    """
    sizes = {tag: len(as_json(value)) + TAG_BYTES for tag, value in attributes.items()}
    total = sum(sizes.values())
    for tag in sorted(sizes, key=lambda tag: -sizes[tag]):
        if total <= MAX_METADATA_BYTES:
            break
        if tag not in ESSENTIAL:
            total -= sizes.pop(tag)
    if total > MAX_METADATA_BYTES:
        raise DicomRefused("too_large", "(its attributes)")
    return {tag: attributes[tag] for tag in attributes if tag in sizes}


def as_json(attributes: dict[str, Any]) -> bytes:
    """Return attributes as they are sent and stored."""
    return json.dumps(attributes, ensure_ascii=False, allow_nan=False).encode()


def _dataset(dataset: Dataset, *, depth: int) -> dict[str, Any]:
    if depth > MAX_DEPTH:
        raise DicomRefused("nesting", f"(over {MAX_DEPTH})")
    attributes: dict[str, Any] = {}
    for tag in sorted(dataset.keys()):
        if tag.group in (0x0000, 0x0002) or tag.element == 0 or tag.group > 0x7FDF:
            continue
        try:
            element = dataset[tag]
            value = _element(element, depth=depth)
        except DicomRefused:
            raise
        except (*BROKEN, OSError, EOFError):
            continue
        if value is not None:
            attributes[f"{int(tag):08X}"] = value
    return attributes


def _element(element: DataElement, *, depth: int) -> dict[str, Any] | None:
    vr = str(element.VR)
    if vr == "SQ":
        items = list(element.value)
        if len(items) > MAX_ITEMS:
            return None
        return {"vr": vr, "Value": [_dataset(item, depth=depth + 1) for item in items]}
    vr = vr.rpartition(" or ")[2]  # ambiguous ones such as "US or SS"
    if vr in BINARY or isinstance(element.value, bytes):
        return _binary(element, vr=vr)
    if element.is_empty:
        return {"vr": vr}
    several = element.value if element.VM > 1 else [element.value]
    return {"vr": vr, "Value": [_value(part, vr=vr) for part in several]}


def _binary(element: DataElement, *, vr: str) -> dict[str, Any] | None:
    data = element.value
    if data is None or len(data) == 0:
        return {"vr": vr}
    if not isinstance(data, bytes):
        return None
    palette = int(element.tag) in PALETTE
    if len(data) > (MAX_METADATA_VALUE_BYTES if palette else INLINE_BYTES):
        return None
    return {"vr": vr, "InlineBinary": base64.b64encode(data).decode("ascii")}


def _value(part: Any, *, vr: str) -> Any:  # Any: one value of any representation
    if part is None or part == "":
        return None
    if vr == "PN":
        groups = ("Alphabetic", "Ideographic", "Phonetic")
        texts = [_text(text) for text in str(part).split("=")]
        return {name: text for name, text in zip(groups, texts, strict=False) if text}
    if vr == "AT":
        return f"{int(part):08X}"
    if vr in ("DS", "FL", "FD"):
        number = float(part)
        return number if math.isfinite(number) else None
    if vr in ("IS", "SL", "SS", "SV", "UL", "US", "UV"):
        return int(part)
    return _text(str(part))


def _text(text: str) -> str:
    """Return text without the characters that PostgreSQL's JSON refuses."""
    if text.isprintable() and len(text) <= MAX_TEXT:
        return text
    return "".join(
        character
        for character in text[:MAX_TEXT]
        if character in "\r\n\t" or unicodedata.category(character) not in ("Cc", "Cs")
    )


def _as_decoded(attributes: dict[str, Any], opened: OpenedFile) -> None:
    if opened.pixels is None:
        return
    values = attributes.get("00280004", {}).get("Value") or [""]
    compressed = opened.transfer_syntax_uid not in NATIVE
    if values[0] in YBR_DECODED_AS_RGB:
        attributes["00280004"] = {"vr": "CS", "Value": ["RGB"]}
    if "00280006" in attributes and (compressed or values[0] != "MONOCHROME2"):
        attributes["00280006"] = {"vr": "US", "Value": [0]}
