"""Decodes frames. Loads pydicom, numpy and the codecs: children and workers only."""

import io
import math
import zlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.encaps import get_frame
from pydicom.pixels.decoders.base import get_decoder
from pydicom.pixels.decoders.rle import _rle_decode_frame
from pydicom.pixels.utils import as_pixel_options, pack_bits
from pydicom.tag import Tag
from pydicom.uid import UID, ExplicitVRLittleEndian

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.limits import (
    MAX_DECODED_BYTES,
    MAX_FRAME_SAMPLES,
    MAX_FRAMES,
    MAX_INFLATED_BYTES,
)
from diagnosis.dicom.reading import OpenedFile, open_dicom
from diagnosis.dicom.syntaxes import (
    DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN,
    DEFLATED_IMAGE_FRAME,
    EXPLICIT_VR_LITTLE_ENDIAN,
    NATIVE,
    PLUGINS,
    RLE_LOSSLESS,
)
from diagnosis.dicom.values import Values

PIXEL_KEYWORDS = """
    SamplesPerPixel PhotometricInterpretation PlanarConfiguration NumberOfFrames
    Rows Columns BitsAllocated BitsStored HighBit PixelRepresentation
    RescaleSlope RescaleIntercept WindowCenter WindowWidth ModalityLUTSequence
    RedPaletteColorLookupTableDescriptor GreenPaletteColorLookupTableDescriptor
    BluePaletteColorLookupTableDescriptor RedPaletteColorLookupTableData
    GreenPaletteColorLookupTableData BluePaletteColorLookupTableData
    SegmentedRedPaletteColorLookupTableData
    SegmentedGreenPaletteColorLookupTableData
    SegmentedBluePaletteColorLookupTableData
    ExtendedOffsetTable ExtendedOffsetTableLengths SharedFunctionalGroupsSequence
    PerFrameFunctionalGroupsSequence PresentationLUTShape
""".split()  # noqa: SIM905 (a list this long reads as words)
PIXEL_TAGS = [int(Tag(keyword)) for keyword in PIXEL_KEYWORDS]
YBR = ("YBR_FULL", "YBR_FULL_422", "YBR_ICT", "YBR_RCT")

PixelArray = NDArray[np.generic]


@dataclass(frozen=True, slots=True)
class DecodedFrame:
    """Stored values of one frame: (rows, columns) or (rows, columns, samples)."""

    stored: PixelArray
    photometric_interpretation: str  # RGB after a colour transform is undone


@dataclass(frozen=True, slots=True)
class PixelShape:
    """The image pixel module, checked."""

    rows: int
    columns: int
    samples: int
    bits_allocated: int
    frames: int
    photometric_interpretation: str

    @property
    def frame_samples(self) -> int:
        return self.rows * self.columns * self.samples

    @property
    def decoded_bytes(self) -> int:
        return self.frame_samples * max(self.bits_allocated, 8) // 8 * self.frames


def open_pixels(path: Path) -> OpenedFile:
    """Return a file opened for decoding, refusing what holds no image."""
    opened = open_dicom(path, tags=PIXEL_TAGS)
    if opened.pixels is None:
        opened.source.close()
        raise DicomRefused("no_pixels")
    return opened


def shape_of(opened: OpenedFile) -> PixelShape:
    """Return the image pixel module, refusing what decoding must not be tried on."""
    values = Values(opened.dataset)
    numbers = {
        name: values.integer(keyword, low=1, high=high)
        for name, keyword, high in (
            ("rows", "Rows", 65_535),
            ("columns", "Columns", 65_535),
            ("samples", "SamplesPerPixel", 4),
            ("bits_allocated", "BitsAllocated", 64),
        )
    }
    checked = {name: number for name, number in numbers.items() if number is not None}
    if len(checked) < len(numbers):
        raise DicomRefused("dimensions")
    shape = PixelShape(
        **checked,
        frames=values.integer("NumberOfFrames", low=1, high=MAX_FRAMES) or 1,
        photometric_interpretation=values.text(
            "PhotometricInterpretation", limit=16
        ).upper(),
    )
    if shape.frame_samples > MAX_FRAME_SAMPLES:
        raise DicomRefused("dimensions", f"({shape.columns} x {shape.rows})")
    return shape


def decode_frame(opened: OpenedFile, number: int) -> DecodedFrame:
    """Return the stored values of one frame, colour as RGB.

    Args:
        opened: From `open_pixels`.
        number: From 1.

    Raises:
        DicomRefused: There is no such frame, or it cannot be decoded.

    References:
        DICOM PS3.5 8 and annex A.
    """
    shape = shape_of(opened)
    if not 1 <= number <= shape.frames:
        raise DicomRefused("no_such_frame", f"({number} of {shape.frames})")
    try:
        return _decode(opened, shape, number - 1)
    except MemoryError as error:
        raise DicomRefused("too_large") from error
    except RuntimeError as error:  # pydicom wraps what its plugins raise
        raise DicomRefused("pixels_unreadable") from error
    except (ValueError, TypeError, AttributeError, LookupError, OSError) as error:
        if isinstance(error, DicomRefused):
            raise
        raise DicomRefused("pixels_unreadable") from error


def decode_all(opened: OpenedFile) -> tuple[PixelArray, str]:
    """Return all frames as (frames, rows, columns[, samples]), and their colour."""
    shape = shape_of(opened)
    if shape.decoded_bytes > MAX_DECODED_BYTES:
        raise DicomRefused("too_large")
    first = decode_frame(opened, 1)
    stored = np.empty((shape.frames, *first.stored.shape), first.stored.dtype)
    stored[0] = first.stored
    for index in range(1, shape.frames):
        stored[index] = decode_frame(opened, index + 1).stored
    return stored, first.photometric_interpretation


def native_frame(opened: OpenedFile, number: int) -> tuple[bytes, str]:
    """Return one frame as explicit VR little endian holds it, and its colour space.

    Multi-sample frames are colour by pixel; 1-bit frames are packed.
    """
    frame = decode_frame(opened, number)
    if shape_of(opened).bits_allocated == 1:
        data = pack_bits(frame.stored.astype(np.uint8), pad=False)
        return data, frame.photometric_interpretation
    little = frame.stored.astype(frame.stored.dtype.newbyteorder("<"), copy=False)
    return little.tobytes(), frame.photometric_interpretation


def stored_frame(opened: OpenedFile, number: int) -> bytes:
    """Return one frame as the file holds it: its codestream where it is compressed."""
    shape = shape_of(opened)
    if not 1 <= number <= shape.frames:
        raise DicomRefused("no_such_frame", f"({number} of {shape.frames})")
    if opened.transfer_syntax_uid in NATIVE:
        return native_frame(opened, number)[0]
    try:
        return _codestream(opened, shape, number - 1)
    except (ValueError, LookupError, OSError) as error:
        raise DicomRefused("pixels_unreadable") from error


def _decode(opened: OpenedFile, shape: PixelShape, index: int) -> DecodedFrame:
    syntax = opened.transfer_syntax_uid
    if syntax == DEFLATED_IMAGE_FRAME:
        return _unpacked(_inflated(_codestream(opened, shape, index)), opened, shape)
    if syntax == RLE_LOSSLESS and shape.bits_allocated == 1:
        data = _rle_decode_frame(
            _codestream(opened, shape, index),
            1,
            math.ceil(shape.frame_samples / 8),
            1,
            8,
        )
        return _unpacked(bytes(data), opened, shape)
    pixels = opened.pixels
    if pixels is None:
        raise DicomRefused("no_pixels")
    options = as_pixel_options(opened.dataset)
    options["number_of_frames"] = shape.frames
    options["pixel_keyword"] = pixels.keyword
    options.setdefault("pixel_representation", 0)
    if shape.samples > 1:
        options.setdefault("planar_configuration", 0)
    options["pixel_vr"] = pixels.vr or "OW"
    decoder_syntax = (
        EXPLICIT_VR_LITTLE_ENDIAN
        if syntax == DEFLATED_EXPLICIT_VR_LITTLE_ENDIAN
        else syntax
    )
    opened.source.seek(pixels.offset)
    stored, properties = get_decoder(UID(decoder_syntax)).as_array(
        opened.source,
        index=index,
        decoding_plugin="" if syntax in NATIVE else PLUGINS[syntax],
        **options,
    )
    return DecodedFrame(stored, str(properties["photometric_interpretation"]))


def _codestream(opened: OpenedFile, shape: PixelShape, index: int) -> bytes:
    pixels = opened.pixels
    if pixels is None:
        raise DicomRefused("no_pixels")
    offsets = None
    table = opened.dataset.get("ExtendedOffsetTable")
    lengths = opened.dataset.get("ExtendedOffsetTableLengths")
    if table and lengths:
        offsets = (table, lengths)
    opened.source.seek(pixels.offset)
    return get_frame(
        opened.source,
        index,
        number_of_frames=shape.frames,
        extended_offsets=offsets,
    )


def _inflated(data: bytes) -> bytes:
    inflater = zlib.decompressobj(-zlib.MAX_WBITS)
    try:
        inflated = inflater.decompress(data, MAX_INFLATED_BYTES)
    except zlib.error as error:
        raise DicomRefused("pixels_unreadable") from error
    if not inflater.eof and len(inflated) >= MAX_INFLATED_BYTES:
        raise DicomRefused("decompression_bomb")
    return inflated


def _unpacked(data: bytes, opened: OpenedFile, shape: PixelShape) -> DecodedFrame:
    """Return stored values from one frame's native bytes."""
    if shape.bits_allocated == 1:
        bits = np.unpackbits(
            np.frombuffer(data, np.uint8), bitorder="little", count=shape.frame_samples
        )
        return DecodedFrame(
            bits.reshape(shape.rows, shape.columns), shape.photometric_interpretation
        )
    options = as_pixel_options(opened.dataset)
    options["number_of_frames"] = 1
    options["pixel_keyword"] = "PixelData"
    stored, properties = get_decoder(ExplicitVRLittleEndian).as_array(
        io.BytesIO(data), index=0, **options
    )
    return DecodedFrame(stored, str(properties["photometric_interpretation"]))


def rescale_of(dataset: Dataset) -> tuple[float, float]:
    """Return slope and intercept; 1 and 0 where they are absent or impossible."""
    values = Values(dataset)
    slope, intercept = values.number("RescaleSlope"), values.number("RescaleIntercept")
    if slope is None or intercept is None or slope == 0:
        return 1.0, 0.0
    return slope, intercept
