"""2.5D: a slice between its neighbours, as the channels of one input.

Training and serving take them here, so that both see the same. Neighbours are the next
slices of the series, however far apart; beyond an end, and in the place of one that is
lost, stands the nearest that there is. A single picture repeats itself.

References:
    Roth et al., A new 2.5D representation for lymph node detection using random sets of
    deep convolutional neural network observations, MICCAI 2014.
"""

from collections import OrderedDict
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from diagnosis.dicom.errors import DicomRefused
from diagnosis.inference.entry import Preprocessing
from diagnosis.inference.preprocess import PreprocessError, squared
from diagnosis.inference.series import Picture, SeriesInput

FloatArray = NDArray[np.float32]
Refused = DicomRefused | PreprocessError


@dataclass(slots=True)
class Neighbours:
    """A series' slices as squares, few of them kept while their neighbours are read.

    Attributes:
        refused: By index, the slices that could not be read.
    """

    series: SeriesInput
    preprocessing: Preprocessing
    refused: dict[int, Refused] = field(default_factory=dict)
    _squares: OrderedDict[int, FloatArray] = field(default_factory=OrderedDict)

    def read(self, index: int) -> tuple[Picture, FloatArray] | None:
        """Return a slice and the network's square of it; None where it is lost.

        The square has shape (S, S), or (slices, S, S) where neighbours are read too.
        """
        picture = self._picture(index)
        if picture is None:
            return None
        middle = squared(picture.grey, size=self.preprocessing.size)
        if self.preprocessing.slices == 1:
            return picture, middle
        self._keep(index, middle)
        channels = [middle]
        for way in (-1, 1):
            nearest = middle
            for number in range(1, self.preprocessing.slices // 2 + 1):
                nearest = self._square(index + way * number, nearest)
                channels.insert(0 if way < 0 else len(channels), nearest)
        return picture, np.stack(channels)

    def _square(self, index: int, nearest: FloatArray) -> FloatArray:
        if not 0 <= index < len(self.series.slices):
            return nearest
        if index not in self._squares:
            picture = self._picture(index)
            if picture is None:
                return nearest
            self._keep(index, squared(picture.grey, size=self.preprocessing.size))
        return self._squares[index]

    def _keep(self, index: int, square: FloatArray) -> None:
        self._squares[index] = square
        while len(self._squares) > 2 * self.preprocessing.slices:
            self._squares.popitem(last=False)

    def _picture(self, index: int) -> Picture | None:
        if index in self.refused:
            return None
        try:
            return self.series.slices[index](self.preprocessing)
        except (DicomRefused, PreprocessError) as error:
            self.refused[index] = error
            return None


def square_of(
    series: SeriesInput, index: int, preprocessing: Preprocessing
) -> FloatArray:
    """Return one slice's square, between its neighbours where those are read.

    Raises:
        DicomRefused: It cannot be decoded.
        PreprocessError: It has no shape that can be read.
    """
    neighbours = Neighbours(series, preprocessing)
    read = neighbours.read(index)
    if read is None:
        raise neighbours.refused[index]
    return read[1]


def middle_of(squares: FloatArray) -> FloatArray:
    """Return the slices themselves, shape (N, S, S), without their neighbours."""
    return squares if squares.ndim == 3 else squares[:, squares.shape[1] // 2]
