"""NIfTI-1 volumes, .nii and .nii.gz, as axial slices from the feet to the head.

The format says how a volume lies in the body and how stored values become real ones;
nothing of modality, patient or series. A file is read as a stream and never whole, so
that neither a long volume nor a hostile one fills the memory.
Loads numpy: decoder children only.

References:
    The NIfTI-1 data format, nifti1.h of 2007 (offsets, methods 2 and 3 of orientation).
"""

import gzip
import itertools
import math
import struct
import zlib
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Any  # Any: gzip has a type of its own

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.header import Header
from diagnosis.dicom.limits import (
    MAX_DECODED_BYTES,
    MAX_FRAME_SAMPLES,
    MAX_FRAMES,
    MAX_VOLUME_BYTES,
)

HEADER_BYTES, NIFTI_2_BYTES = 348, 540
GZIP = b"\x1f\x8b"
KINDS = {2: "u1", 4: "i2", 8: "i4", 16: "f4", 64: "f8", 256: "i1", 512: "u2", 768: "u4"}
MM = {0: 1.0, 1: 1000.0, 2: 1.0, 3: 0.001}  # by the unit's code; none is millimetres
MAX_EXTENSION_BYTES = 64 * 1024**2  # between header and voxels
SPACING_MM = (1e-3, 1e3)
LEAST_BOX = 0.5  # of the voxel's directions: a cube has 1, a flat thing 0
FARTHEST = 1e6  # no scanner's value lies beyond
AIR_HU, TISSUE_HU = -500.0, 0.0  # a slice of a body in Hounsfield units spans both
TO_LPS = np.array([[-1.0], [-1.0], [1.0]])  # NIfTI counts to the right and the front

Array = NDArray[np.float64]
Values = NDArray[np.generic]
Told = Callable[[str, int], tuple[float, ...]]


@dataclass(frozen=True, slots=True)
class Volume:
    """Where the voxels lie in a file and in the body.

    Attributes:
        shape: Voxels along the file's axes, the fastest first.
        offset: Bytes before the first voxel.
        axes: The file's axis along slices, rows and columns.
        turned: Which of them run the other way than towards head, back and left.
        spacing_mm: Between slices, rows and columns.
        directions: Of slices, rows and columns, shape (3, 3), LPS.
        position_mm: Of the first slice's first voxel, LPS.
    """

    path: Path
    stored: np.dtype[np.generic]
    shape: tuple[int, int, int]
    offset: int
    slope: float
    intercept: float
    axes: tuple[int, int, int]
    turned: tuple[bool, bool, bool]
    spacing_mm: tuple[float, float, float]
    directions: Array
    position_mm: tuple[float, float, float]

    @property
    def slices(self) -> int:
        return self.shape[self.axes[0]]

    @property
    def plane_bytes(self) -> int:
        """Return the bytes of one plane of the file, whichever way it lies."""
        return self.shape[0] * self.shape[1] * self.stored.itemsize


def open_volume(path: Path) -> Volume:
    """Return what the header of a file says, checked.

    Raises:
        DicomRefused: The file is no NIfTI-1 volume, or one that is not read.
    """
    with _stream(path) as stream:
        head = stream.read(HEADER_BYTES)
    order = _byte_order(head)
    volume = _volume(path, head, order)
    needed = volume.offset + volume.plane_bytes * volume.shape[2]
    if not _is_packed(path) and path.stat().st_size < needed:
        raise DicomRefused("truncated")
    return volume


def header_of(volume: Volume) -> Header:
    """Return the header; a slice from the middle tells whether values are HU."""
    middle = slices_of(volume, first=volume.slices // 2, count=1)
    hu = middle.astype(np.float64) * volume.slope + volume.intercept
    is_ct = bool(hu.min() < AIR_HU and hu.max() > TISSUE_HU)
    along, row, column = volume.spacing_mm
    _, down, across = volume.directions
    bits = volume.stored.itemsize * 8
    rx, ry, rz = (float(part) for part in across)
    cx, cy, cz = (float(part) for part in down)
    return Header(
        kind="nifti",
        modality="CT" if is_ct else "OT",
        has_pixels=True,
        rows=volume.shape[volume.axes[1]],
        columns=volume.shape[volume.axes[2]],
        frames=volume.slices,
        samples_per_pixel=1,
        bits_allocated=bits,
        bits_stored=bits,
        position_mm=volume.position_mm,
        orientation=(rx, ry, rz, cx, cy, cz),
        spacing_mm=(row, column),
        slice_thickness_mm=along,
        rescale_slope=volume.slope,
        rescale_intercept=volume.intercept,
    )


def slices_of(volume: Volume, *, first: int, count: int) -> Values:
    """Return stored values of neighbouring slices, shape (count, rows, columns).

    Args:
        volume: From `open_volume`.
        first: The slice nearest to the feet, from 0.
        count: How many.

    Raises:
        DicomRefused: There are no such slices, or the file ends before them.
    """
    if not (first >= 0 and count >= 1 and first + count <= volume.slices):
        raise DicomRefused("no_such_frame")
    rows, columns = (volume.shape[axis] for axis in volume.axes[1:])
    if count * rows * columns * volume.stored.itemsize > MAX_DECODED_BYTES:
        raise DicomRefused("too_large")
    start = volume.slices - first - count if volume.turned[0] else first
    with _stream(volume.path) as stream:
        block = _block(stream, volume, start=start, count=count)
    upright = block.transpose([2 - axis for axis in volume.axes])
    steps = tuple(slice(None, None, -1 if t else 1) for t in volume.turned)
    return _finite(np.ascontiguousarray(upright[steps]))


def _block(stream: IO[bytes], volume: Volume, *, start: int, count: int) -> Values:
    """Return the slices in the file's own order, slowest axis first."""
    across, deep, size = volume.axes[0], volume.shape[2], volume.plane_bytes
    inside = slice(start, start + count)
    if across == 2:
        stream.seek(volume.offset + start * size)
        return _planes(stream, volume, count)
    stream.seek(volume.offset)
    parts = []
    for _ in range(deep):
        plane = _planes(stream, volume, 1)[0]  # (y, x)
        parts.append((plane[inside] if across == 1 else plane[:, inside]).copy())
    return np.stack(parts)


def _planes(stream: IO[bytes], volume: Volume, count: int) -> Values:
    size = count * volume.plane_bytes
    data = stream.read(size)
    if len(data) < size:
        raise DicomRefused("truncated")
    x, y, _ = volume.shape
    return np.frombuffer(data, volume.stored).reshape(count, y, x)


def _finite(values: Values) -> Values:
    """Return values that can be computed with: what is no number is the lowest one."""
    if values.dtype.kind != "f":
        return values
    known = np.isfinite(values)
    lowest = float(values[known].min()) if known.any() else 0.0
    clean = np.where(np.isnan(values), lowest, values)
    return clean.clip(-FARTHEST, FARTHEST).astype(np.float32)


@contextmanager
def _stream(path: Path) -> Iterator[IO[bytes]]:
    """Give the file's contents, unpacked as far as they are read."""
    try:
        opened: Any = gzip.open if _is_packed(path) else Path.open
        with opened(path, "rb") as stream:
            yield stream
    except (EOFError, zlib.error, gzip.BadGzipFile) as error:
        raise DicomRefused("truncated", "(compressed volume)") from error


def _is_packed(path: Path) -> bool:
    with path.open("rb") as file:
        return file.read(len(GZIP)) == GZIP


def _byte_order(head: bytes) -> str:
    """Return the byte order, which the header's own length tells."""
    if not head:
        raise DicomRefused("empty")
    for order in "<>":
        size = struct.unpack(f"{order}i", head[:4])[0] if len(head) >= 4 else 0
        if size == NIFTI_2_BYTES:
            raise _refused("it is NIfTI-2: save it as NIfTI-1")
        if size == HEADER_BYTES and len(head) == HEADER_BYTES:
            return order
    raise _refused("it has no NIfTI-1 header")


def _volume(path: Path, head: bytes, order: str) -> Volume:
    def told(kind: str, offset: int) -> tuple[float, ...]:
        return struct.unpack_from(f"{order}{kind}", head, offset)

    magic = head[344:348]
    if magic == b"ni1\0":
        raise _refused("its voxels lie in another file: save it as one .nii")
    if magic != b"n+1\0":
        raise _refused("it has no NIfTI-1 header")
    stored = _stored(told("hh", 70), order)
    shape = _shape([int(n) for n in told("8h", 40)], stored)
    offset = told("f", 108)[0]
    if not HEADER_BYTES + 4 <= offset <= MAX_EXTENSION_BYTES:
        raise _refused(f"its voxels begin at byte {offset}")
    slope, intercept = told("ff", 112)
    if slope == 0 or not (math.isfinite(slope) and math.isfinite(intercept)):
        slope, intercept = 1.0, 0.0  # the format's way to say that nothing is rescaled
    if max(abs(slope), abs(intercept)) > FARTHEST:
        raise _refused(f"it is rescaled by {slope:g} and {intercept:g}")
    unit = MM.get(head[123] & 7)
    if unit is None:
        raise _refused(f"the code of its unit of length is {head[123] & 7}")
    affine = TO_LPS * unit * _affine(told)
    axes, turned, spacing, directions = _lie(affine)
    corner = [
        (shape[axis] - 1 if t else 0) for axis, t in zip(axes, turned, strict=True)
    ]
    place = affine[:, 3] + sum(
        affine[:, axis] * number for axis, number in zip(axes, corner, strict=True)
    )
    x, y, z = place.tolist()
    return Volume(
        path,
        stored,
        shape,
        int(offset),
        slope,
        intercept,
        axes,
        turned,
        spacing,
        directions,
        (x, y, z),
    )


def _stored(told: tuple[float, ...], order: str) -> np.dtype[np.generic]:
    code, bits = told
    kind = KINDS.get(int(code))
    if kind is None:
        raise _refused(f"its voxels are of data type {code}")
    stored = np.dtype(order + kind)
    if stored.itemsize * 8 != bits:
        raise _refused(f"data type {code} has not {bits} bits")
    return stored


def _shape(dim: list[int], stored: np.dtype[np.generic]) -> tuple[int, int, int]:
    count = dim[0]
    if not 2 <= count <= 7:
        raise _refused(f"it has {count} dimensions")
    x, y, z = (dim[1], dim[2], dim[3] if count > 2 else 1)
    if min(x, y, z) < 1:
        raise DicomRefused("dimensions", f"({x} x {y} x {z})")
    if any(n != 1 for n in dim[4 : count + 1]):
        raise _refused("it holds several volumes: save each as a file")
    faces = (x * y, x * z, y * z)
    size = x * y * z * stored.itemsize
    is_large = max(faces) > MAX_FRAME_SAMPLES or size > MAX_VOLUME_BYTES
    if is_large or max(x, y, z) > MAX_FRAMES:
        raise DicomRefused("dimensions", f"({x} x {y} x {z})")
    return x, y, z


def _affine(told: Told) -> Array:
    """Return from voxel to millimetres, to the right, front and head, shape (3, 4)."""
    qform_code, sform_code = told("hh", 252)
    if sform_code > 0:
        return np.array([told("4f", offset) for offset in (280, 296, 312)])
    if qform_code > 0:
        b, c, d, *shift = told("6f", 256)
        pixdim = told("4f", 76)
        return np.column_stack([_rotation(b, c, d) * _steps(pixdim), shift])
    raise _refused("neither its sform nor its qform says how it lies in the body")


def _steps(pixdim: tuple[float, ...]) -> Array:
    hand = -1.0 if pixdim[0] < 0 else 1.0
    return np.array([pixdim[1], pixdim[2], hand * pixdim[3]])


def _rotation(b: float, c: float, d: float) -> Array:
    rest = 1.0 - (b * b + c * c + d * d)
    a = math.sqrt(max(rest, 0.0)) if math.isfinite(rest) else math.nan
    return np.array(
        [
            [a * a + b * b - c * c - d * d, 2 * (b * c - a * d), 2 * (b * d + a * c)],
            [2 * (b * c + a * d), a * a + c * c - b * b - d * d, 2 * (c * d - a * b)],
            [2 * (b * d - a * c), 2 * (c * d + a * b), a * a + d * d - c * c - b * b],
        ]
    )


def _lie(
    affine: Array,
) -> tuple[
    tuple[int, int, int],
    tuple[bool, bool, bool],
    tuple[float, float, float],
    Array,
]:
    """Return axes, turns, spacing and directions of slices, rows and columns."""
    with np.errstate(all="ignore"):
        spacing = np.linalg.norm(affine[:, :3], axis=0)
        unit = affine[:, :3] / spacing
    low, high = SPACING_MM
    is_sound = (
        np.isfinite(affine).all() and ((low <= spacing) & (spacing <= high)).all()
    )
    if not is_sound or abs(np.linalg.det(unit)) < LEAST_BOX:
        raise _refused("what it says of how it lies in the body is impossible")
    head, back, left = 2, 1, 0  # of LPS, what slices, rows and columns run towards
    a, b, c = max(
        itertools.permutations(range(3)),
        key=lambda axes: abs(
            unit[head, axes[0]] * unit[back, axes[1]] * unit[left, axes[2]]
        ),
    )
    turned = (
        bool(unit[head, a] < 0),
        bool(unit[back, b] < 0),
        bool(unit[left, c] < 0),
    )
    signs = np.where(turned, -1.0, 1.0)[:, None]
    return (
        (a, b, c),
        turned,
        (float(spacing[a]), float(spacing[b]), float(spacing[c])),
        unit[:, [a, b, c]].T * signs,
    )


def _refused(why: str) -> DicomRefused:
    return DicomRefused("volume_unreadable", f"({why})")
