"""What a model is shown: a series' facts, and its slices, decoded one at a time."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.windowing import invert
from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.metal import share_of_metal
from diagnosis.inference.preprocess import (
    grey_of_hu,
    grey_of_picture,
    hu_of_stored,
)

FloatArray = NDArray[np.float32]
Kind = Literal["dicom-series", "dicom", "nifti", "image"]


@dataclass(frozen=True, slots=True)
class SeriesFacts:
    """What a series says of itself; the rules of a model are about these names.

    Empty text and None mean that the series does not say.
    """

    kind: Kind
    modality: str = ""
    sop_class: str = ""
    body_part: str = ""
    region: str = ""  # body part and every description, for keywords
    image_type: str = ""  # parts joined by a backslash
    plane: str = ""
    kernel: str = ""
    pixel_spacing_mm: float | None = None
    slice_spacing_mm: float | None = None
    slices: int = 1
    sent_together: int | None = None  # slices of a DICOM series; None of a file alone
    age_years: int | None = None  # of the patient, when the study was made
    directions: int | None = None  # in which the slices lie; of a series of several
    missing_slices: int | None = None  # by the gaps between the others
    extent_mm: int | None = None  # along the body, of a series of several
    field_mm: int | None = None  # the shorter side of the images


@dataclass(frozen=True, slots=True)
class Picture:
    """One decoded slice.

    Attributes:
        grey: Shape (H, W), intensities in [0, 1].
        colour: Mean difference between the strongest and weakest channel, in [0, 1].
        metal: Share of the pixels that are metal; 0 where values are no HU.
    """

    grey: FloatArray
    colour: float = 0.0
    metal: float = 0.0


SliceLoader = Callable[[Preprocessing], Picture]


@dataclass(frozen=True, slots=True)
class SeriesInput:
    """A series ready to be read: slices in order from one end of the body to the other."""

    facts: SeriesFacts
    slices: tuple[SliceLoader, ...]


@dataclass(frozen=True, slots=True)
class StoredSlice:
    """One decoded frame as it was stored, and how to understand its values."""

    stored: NDArray[np.generic]  # (H, W) or (H, W, 3)
    is_ct: bool
    slope: float = 1.0
    intercept: float = 0.0
    photometric_interpretation: str = "MONOCHROME2"

    def picture(self, preprocessing: Preprocessing) -> Picture:
        """Return the slice as the network's preprocessing wants it."""
        if self.is_ct and self.stored.ndim == 2:
            hu = hu_of_stored(self.stored, slope=self.slope, intercept=self.intercept)
            grey = grey_of_hu(hu, preprocessing)
            return Picture(grey, metal=share_of_metal(hu))
        grey = grey_of_picture(self.stored)
        if self.photometric_interpretation == "MONOCHROME1":
            grey = invert(grey)
        return Picture(grey, colour_of(self.stored))


def colour_of(picture: NDArray[np.generic]) -> float:
    """Return how far a picture is from grey, in [0, 1]; a scan is grey."""
    if picture.ndim != 3 or picture.shape[-1] != 3:
        return 0.0
    channels = picture.astype(np.float32)
    spread = float((channels.max(axis=-1) - channels.min(axis=-1)).mean())
    return spread / max(float(channels.max()), 1.0)
