"""How much of a slice is metal, and which slices of a series it takes from the answer.

Metal starves the detector and hardens the beam; streaks run from it across the slice,
and a network takes bright ones for disease and loses disease in dark ones. A radiologist
looks past them: a pacemaker spoils its own slices, not the series.

References:
    De Man et al., Metal streak artifacts in X-ray computed tomography: a simulation
    study, IEEE Transactions on Nuclear Science 46 (1999): what makes the streaks.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.entry import Limits

METAL_HU = 3000.0  # no tissue, bone or usual contrast; twelve bits end at 3071


@dataclass(frozen=True, slots=True)
class MetalSeen:
    """Metal in the slices that were read.

    Attributes:
        slices: With any metal worth a look.
        left_out: Of those, with so much of it that they did not count in the answer.
        read: All that were read.
    """

    slices: int
    left_out: int
    read: int


def share_of_metal(hu: NDArray[np.float32]) -> float:
    """Return the share of a slice's pixels that are metal.

    Pixels count in squares of two by two: one by itself is noise of a sharp kernel.

    Args:
        hu: Shape (H, W), HU.
    """
    high = hu > METAL_HU
    if not high.any():
        return 0.0
    corner = high[:-1, :-1] & high[1:, :-1] & high[:-1, 1:] & high[1:, 1:]
    solid = np.zeros_like(high)
    for rows in (slice(None, -1), slice(1, None)):
        for columns in (slice(None, -1), slice(1, None)):
            solid[rows, columns] |= corner
    return float(solid.mean())


def counted_slices(metal: Sequence[float], limits: Limits) -> list[int]:
    """Return the places of the slices that make the answer: those without much metal.

    Where most have much, all of them: the answer is then withheld, not made of the rest.

    Args:
        metal: Share of each slice that was read.
        limits: Of the model.
    """
    clear = [place for place, share in enumerate(metal) if share <= limits.max_metal]
    return clear if 2 * len(clear) >= len(metal) else list(range(len(metal)))


def metal_seen(
    metal: Sequence[float], counted: Sequence[int], limits: Limits
) -> MetalSeen | None:
    """Return what to say about metal beside an answer; None where there is none."""
    with_some = sum(share >= limits.some_metal for share in metal)
    if not with_some:
        return None
    return MetalSeen(with_some, len(metal) - len(counted), len(metal))
