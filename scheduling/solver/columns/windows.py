"""How far each counter can be on each day, whatever the prices.

A row that must reach 17 shifts in four weeks, and can work at most five of seven days,
is never far from one line: only a narrow band of its counter needs a table.
"""

import numpy as np

from scheduling.solver.columns.counters import Axis
from scheduling.solver.columns.errors import NoRowError
from scheduling.solver.columns.layers import Layer, Places

_NONE_YET = -1_000_000  # below any count


def place_windows(layers: tuple[Layer, ...], axes: tuple[Axis, ...]) -> Places:
    """Return the places that each axis can have: shape (days + 1, axes, 2).

    Raises:
        NoRowError: Some counter cannot end where it must.
    """
    windows = np.zeros((len(layers) + 1, len(axes), 2), np.intp)
    for place, axis in enumerate(axes):
        windows[:, place, 1] = axis.size - 1
        if _is_banded(axis, days=len(layers)):
            windows[:, place] = _band(layers, place, axis)
    if (windows[:, :, 0] > windows[:, :, 1]).any():
        message = "The rules of a row contradict each other: a count cannot be reached."
        raise NoRowError(message)
    return windows


def _is_banded(axis: Axis, *, days: int) -> bool:
    """Whether a counter is charged at the end alone, and may not pass its last place."""
    ends = [end for end, _ in axis.closings]
    return ends == [days - 1] and not np.isfinite(axis.overflow)


def _band(layers: tuple[Layer, ...], place: int, axis: Axis) -> Places:
    allowed = np.flatnonzero(np.isfinite(axis.closings[0][1]))
    if not len(allowed):
        return np.array([[1, 0]] * (len(layers) + 1), np.intp)
    least, most = int(allowed[0]), int(allowed[-1])
    fewest, highest = _reached(layers, place)
    fewest_left, highest_left = _remaining(layers, place)
    band = np.empty((len(layers) + 1, 2), np.intp)
    for day in range(len(layers) + 1):
        lows = np.maximum(fewest[day], least - highest_left[day])
        highs = np.minimum(highest[day], most - fewest_left[day])
        kept = lows <= highs
        band[day] = (lows[kept].min(), highs[kept].max()) if kept.any() else (1, 0)
    return band


def _reached(
    layers: tuple[Layer, ...], place: int
) -> tuple[list[Places], list[Places]]:
    """Return the least and the highest count with which each state is reached."""
    fewest: list[Places] = [np.zeros(1, np.intp)]
    highest: list[Places] = [np.zeros(1, np.intp)]
    for layer in layers:
        gains = layer.gains[:, place]
        targets = np.repeat(np.arange(layer.states), np.diff(layer.starts))
        few = np.full(layer.states, -_NONE_YET, np.intp)
        high = np.full(layer.states, _NONE_YET, np.intp)
        np.minimum.at(few, targets, fewest[-1][layer.sources] + gains)
        np.maximum.at(high, targets, highest[-1][layer.sources] + gains)
        fewest.append(few)
        highest.append(high)
    return fewest, highest


def _remaining(
    layers: tuple[Layer, ...], place: int
) -> tuple[list[Places], list[Places]]:
    """Return the least and the most that can still be added from each state."""
    few: Places = np.zeros(layers[-1].states, np.intp)
    high: Places = np.zeros(layers[-1].states, np.intp)
    fewest, highest = [few], [high]
    for day in range(len(layers) - 1, -1, -1):
        layer = layers[day]
        before = layers[day - 1].states if day else 1
        gains = layer.gains[:, place]
        targets = np.repeat(np.arange(layer.states), np.diff(layer.starts))
        fewer = np.full(before, -_NONE_YET, np.intp)
        higher = np.full(before, _NONE_YET, np.intp)
        np.minimum.at(fewer, layer.sources, few[targets] + gains)
        np.maximum.at(higher, layer.sources, high[targets] + gains)
        few, high = fewer, higher
        fewest.append(few)
        highest.append(high)
    return fewest[::-1], highest[::-1]
