"""Outlines of a mask: a polygon along the pixels' edges for each connected part.

Loads numpy: decoder children only. Coordinates are those of `labelling.regions`.
"""

from collections.abc import Iterator

import numpy as np
from numpy.typing import NDArray

from diagnosis.labelling.regions import MOST_POINTS

Ring = list[tuple[int, int]]
Edge = tuple[int, int, int]  # column and row where it starts, and its direction
# Right along a top edge, down a right one, left along a bottom one, up a left one:
# the part lies on the right hand.
STEPS = ((1, 0), (0, 1), (-1, 0), (0, -1))
STARTS = ((0, 0), (1, 0), (1, 1), (0, 1))
TURNS = (1, 0, 3)  # right first: parts that meet at a corner alone stay apart
TOLERANCE = 1.0  # pixels that an outline of too many points may give way
MOST_CORNERS = 10_000  # more are not made fewer: it takes too long


def outlines_of(mask: NDArray[np.generic]) -> list[Ring]:
    """Return the outer outline of each part of a mask (H, W); holes are filled.

    An outline holds just the part's pixels; one of too many points for a region is
    straightened, by a pixel at most.
    """
    found = [ring for ring in _rings(_edges(mask)) if _doubled_area(ring) > 0]
    return [
        straightened(ring) if MOST_POINTS < len(ring) <= MOST_CORNERS else ring
        for ring in found
    ]


def edges_of(mask: NDArray[np.generic]) -> int:
    """Return how many pixels' edges all outlines have: what tracing them costs."""
    padded = np.pad(mask != 0, 1)
    return int(
        (padded[1:] != padded[:-1]).sum() + (padded[:, 1:] != padded[:, :-1]).sum()
    )


def straightened(ring: Ring) -> Ring:
    """Return fewer corners, none of the others farther than TOLERANCE from the line.

    References:
        Douglas and Peucker, Cartographica 1973.
    """
    points = np.array([*ring, ring[0]], float)  # (N + 1, 2)
    far = int(np.hypot(*(points - points[0]).T).argmax())
    kept = {0, far}
    parts = [(0, far), (far, len(ring))]
    while parts:
        first, last = parts.pop()
        if last - first < 2:
            continue
        away = _distances(points[first + 1 : last], points[first], points[last])
        farthest = int(away.argmax())
        if away[farthest] > TOLERANCE:
            middle = first + 1 + farthest
            kept.add(middle)
            parts += [(first, middle), (middle, last)]
    return [ring[index] for index in sorted(kept)]


def _distances(
    points: NDArray[np.float64], start: NDArray[np.float64], end: NDArray[np.float64]
) -> NDArray[np.float64]:
    """Return how far each point lies from the line between two."""
    along = end - start
    share = (points - start) @ along / max(float(along @ along), 1e-9)
    nearest = start + np.clip(share, 0.0, 1.0)[:, None] * along
    away: NDArray[np.float64] = np.hypot(*(points - nearest).T)
    return away


def _edges(mask: NDArray[np.generic]) -> dict[Edge, None]:
    padded = np.pad(mask != 0, 1)
    inside = padded[1:-1, 1:-1]
    beyond = (padded[:-2, 1:-1], padded[1:-1, 2:], padded[2:, 1:-1], padded[1:-1, :-2])
    edges: dict[Edge, None] = {}
    for direction, (neighbour, (right, down)) in enumerate(
        zip(beyond, STARTS, strict=True)
    ):
        rows, columns = np.nonzero(inside & ~neighbour)
        for column, row in zip(columns.tolist(), rows.tolist(), strict=True):
            edges[column + right, row + down, direction] = None
    return edges


def _rings(edges: dict[Edge, None]) -> Iterator[Ring]:
    """Yield closed outlines by their corners: parts clockwise, holes the other way."""
    done: set[Edge] = set()
    for start in edges:
        edge, ring = start, []
        while edge not in done:
            done.add(edge)
            column, row, direction = edge
            across, down = STEPS[direction]
            edge = next(
                further
                for turn in TURNS
                if (further := (column + across, row + down, (direction + turn) % 4))
                in edges
            )
            if edge[2] != direction:
                ring.append(edge[:2])
        if ring:
            yield ring


def _doubled_area(ring: Ring) -> int:
    following = ring[1:] + ring[:1]
    return sum(
        x0 * y1 - x1 * y0 for (x0, y0), (x1, y1) in zip(ring, following, strict=True)
    )
