"""Lookup tables of a data set: modality LUT and palette colour.

Loads numpy and pydicom: decoder children, workers and commands only.
"""

import numpy as np
from numpy.typing import NDArray
from pydicom.dataset import Dataset
from pydicom.pixels.processing import apply_color_lut

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.values import BROKEN, Values

MAX_LUT_ENTRIES = 65_536


def modality_values(
    stored: NDArray[np.generic], dataset: Dataset
) -> NDArray[np.generic]:
    """Return what the Modality LUT Sequence maps the stored values to, if it is there.

    References:
        DICOM PS3.3 C.11.1.1.1: values below the first entry map to it, values above
        the last to the last; 0 in the first descriptor number means 65,536.
    """
    item = Values(dataset).item("ModalityLUTSequence")
    if item is None:
        return stored
    try:
        entries, first, bits = (int(number) for number in item.LUTDescriptor)
        table = _table(item["LUTData"].value, bits=bits)
    except BROKEN as error:
        raise DicomRefused("pixels_unreadable", "(modality LUT)") from error
    entries = entries or MAX_LUT_ENTRIES
    if first > 32_767 and stored.dtype.kind == "i":
        first -= 65_536
    if not 0 < table.size <= MAX_LUT_ENTRIES:
        raise DicomRefused("pixels_unreadable", "(modality LUT)")
    last = min(entries, table.size) - 1
    return table[np.clip(stored.astype(np.int64) - first, 0, last)]


def _table(data: object, *, bits: int) -> NDArray[np.uint16]:
    if isinstance(data, bytes):
        return np.frombuffer(data, np.uint8 if bits == 8 else "<u2").astype(np.uint16)
    return np.asarray(data, dtype=np.uint16)


def palette_rgb(stored: NDArray[np.generic], dataset: Dataset) -> NDArray[np.uint8]:
    """Return 8-bit RGB, shape (..., 3), for palette indices.

    References:
        DICOM PS3.3 C.7.6.3.1.5 and C.7.9.2.
    """
    try:
        coloured = apply_color_lut(stored, dataset)[..., :3]
    except (*BROKEN, IndexError) as error:
        raise DicomRefused("pixels_unreadable", "(palette)") from error
    if coloured.dtype.itemsize == 1:
        return coloured.astype(np.uint8)
    # 16-bit tables may hold 8-bit colours (PS3.3 C.7.6.3.1.6).
    shift = 8 if coloured.max(initial=0) > 255 else 0
    return (coloured >> shift).astype(np.uint8)
