"""NIfTI-1 volumes made by the tests themselves, by the published layout."""

import gzip
import struct
from pathlib import Path

import numpy as np
from numpy.typing import NDArray

CODES = {"u1": 2, "i2": 4, "i4": 8, "f4": 16, "f8": 64, "i1": 256, "u2": 512}
LPS_TO_RAS = np.diag([-1.0, -1.0, 1.0])


def volume_bytes(
    voxels: NDArray[np.generic],
    affine: NDArray[np.float64],
    *,
    order: str = "<",
    slope: float = 1.0,
    intercept: float = 0.0,
    **changes: tuple[str, int, tuple[float, ...]],
) -> bytes:
    """Return a file.

    Args:
        voxels: Shape (x, y, z), the file's first axis first.
        affine: Shape (3, 4), to right, front and head in millimetres.
        order: Of the bytes.
        slope: Of the rescaling.
        intercept: Of the rescaling.
        changes: Format, offset and values of what is written last.
    """
    kind = voxels.dtype.str[1:]
    head = bytearray(352)

    def put(form: str, offset: int, *values: float) -> None:
        struct.pack_into(order + form, head, offset, *values)

    put("i", 0, 348)
    put("8h", 40, 3, *voxels.shape, 1, 1, 1, 1)
    put("hh", 70, CODES[kind], voxels.itemsize * 8)
    put("4f", 76, 1, *np.linalg.norm(affine[:, :3], axis=0))
    put("fff", 108, 352, slope, intercept)
    head[123] = 2
    put("hh", 252, 0, 1)
    for row, offset in zip(affine, (280, 296, 312), strict=True):
        put("4f", offset, *row)
    head[344:348] = b"n+1\0"
    for form, offset, values in changes.values():
        put(form, offset, *values)
    stored = voxels.astype(voxels.dtype.newbyteorder(order))
    return bytes(head) + stored.tobytes(order="F")


def chest(slices: int = 12, side: int = 176, *, seed: int = 0) -> NDArray[np.int16]:
    """Return Hounsfield units: tissue with air, shape (slices, rows, columns)."""
    generator = np.random.default_rng(seed)
    hu = generator.integers(-200, 200, (slices, side, side)).astype(np.int16)
    hu[:, side // 4 : side // 2] -= 700
    return hu


def lying(
    hu: NDArray[np.generic], *, spacing_mm: tuple[float, float, float] = (6, 1.25, 1.25)
) -> tuple[NDArray[np.generic], NDArray[np.float64]]:
    """Return axial slices as most scanners' converters store them, and their affine.

    Args:
        hu: Shape (slices, rows, columns), towards head, back and left.
        spacing_mm: Between slices, rows and columns.
    """
    along, row, column = spacing_mm
    steps = LPS_TO_RAS @ np.diag([column, row, along])
    return hu.transpose(2, 1, 0), np.column_stack([steps, [10.0, 20.0, -30.0]])


def write_volume(path: Path, hu: NDArray[np.generic]) -> Path:
    """Write axial slices; packed where the name ends so."""
    data = volume_bytes(*lying(hu))
    path.parent.mkdir(parents=True, exist_ok=True)
    path.write_bytes(gzip.compress(data, 1) if path.suffix == ".gz" else data)
    return path
