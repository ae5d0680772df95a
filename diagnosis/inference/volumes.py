"""A NIfTI volume as a series: axial slices in Hounsfield units, decoded some at a time.

The format names neither modality nor body part. A volume counts as CT where its values
are Hounsfield units (`diagnosis.dicom.nifti`), and rules about what only DICOM tells do
not ask it; how it looks is judged as strictly as a bare picture.
"""

from dataclasses import dataclass
from functools import partial
from pathlib import Path

import numpy as np

from diagnosis.dicom.geometry import plane
from diagnosis.dicom.header import Header
from diagnosis.dicom.limits import MAX_DECODED_BYTES
from diagnosis.dicom.pool import DecoderPool, PixelData
from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.series import (
    Picture,
    SeriesFacts,
    SeriesInput,
    StoredSlice,
)

SUFFIXES = (".nii", ".nii.gz")
MOST_TOGETHER = 32  # slices of one request; each unpacks a file from its beginning


def is_volume(path: Path) -> bool:
    """Whether a file's name is that of a NIfTI volume."""
    return path.name.lower().endswith(SUFFIXES)


def series_of_volume(path: Path, header: Header, pool: DecoderPool) -> SeriesInput:
    """Return a volume as a series, from the feet to the head."""
    plane_bytes = header.rows * header.columns * header.bits_allocated // 8
    together = min(max(MAX_DECODED_BYTES // plane_bytes, 1), MOST_TOGETHER)
    slab = LastSlab(path, header.frames, together, pool)
    return SeriesInput(
        facts_of_volume(header),
        tuple(
            partial(_picture, slab, header, number) for number in range(header.frames)
        ),
    )


def facts_of_volume(header: Header) -> SeriesFacts:
    """Return what a volume says of itself."""
    row_mm, column_mm = header.spacing_mm or (0.0, 0.0)
    between_mm = header.slice_thickness_mm or 0.0
    is_stack = header.frames > 1
    return SeriesFacts(
        kind="nifti",
        modality=header.modality,
        plane=plane(header.orientation) if header.orientation else "",
        pixel_spacing_mm=max(row_mm, column_mm),
        slice_spacing_mm=between_mm,
        slices=header.frames,
        extent_mm=round(header.frames * between_mm) if is_stack else None,
        field_mm=round(min(header.rows * row_mm, header.columns * column_mm)),
    )


@dataclass(slots=True)
class LastSlab:
    """The slices decoded last, kept: neighbours are asked for one by one."""

    path: Path
    slices: int
    together: int
    pool: DecoderPool
    first: int = -1
    pixels: PixelData | None = None

    def of(self, number: int) -> tuple[PixelData, int]:
        """Return decoded slices, and which of them is the one asked for."""
        first = number - number % self.together
        if self.pixels is None or self.first != first:
            count = min(self.together, self.slices - first)
            self.pixels = self.pool.volume_slices(self.path, first=first, count=count)
            self.first = first
        return self.pixels, number - first


def _picture(
    slab: LastSlab, header: Header, number: int, preprocessing: Preprocessing
) -> Picture:
    decoded, inside = slab.of(number)
    values = np.frombuffer(decoded.data, decoded.dtype).reshape(decoded.shape)
    return StoredSlice(
        stored=values[inside],
        is_ct=header.modality == "CT",
        slope=decoded.slope,
        intercept=decoded.intercept,
    ).picture(preprocessing)
