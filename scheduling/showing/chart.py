"""How a search went, as the lines of a chart and as a table: cost and bound over time."""

from collections.abc import Sequence
from dataclasses import dataclass

from scheduling.solver.search.limits import gap_between

WIDTH, HEIGHT = 600, 180
HEADROOM = 3.0  # first rosters beyond so many times the best would flatten all else

Point = tuple[float, float]
Row = tuple[float, int | None, float | None, float | None]


@dataclass(frozen=True, slots=True)
class Chart:
    """Two step lines in a box of `width` by `height`, and what its edges mean.

    Attributes:
        rows: Seconds, cost, bound and gap of each point.
    """

    objective: str
    bound: str
    low: float
    high: float
    seconds: float
    rows: tuple[Row, ...]
    width: int = WIDTH
    height: int = HEIGHT


def chart_of(
    curve: Sequence[tuple[float, int | None, float | None]], *, until_s: float
) -> Chart | None:
    """Return the chart of a search; None while no roster is found.

    Args:
        curve: `[elapsed_s, objective, bound]` in the order of time.
        until_s: Where the axis of time ends.
    """
    costs = [(at, cost) for at, cost, _bound in curve if cost is not None]
    bounds = [(at, bound) for at, _cost, bound in curve if bound is not None]
    if not costs:
        return None
    ceiling = min(cost for _at, cost in costs) * HEADROOM
    values = [min(cost, ceiling) for _at, cost in costs]
    values += [bound for _at, bound in bounds]
    scale = Scale(
        low=min(values),
        high=max(values),
        seconds=max(until_s, *(at for at, _value in (*costs, *bounds))),
    )
    return Chart(
        objective=scale.line(costs),
        bound=scale.line(bounds),
        low=scale.low,
        high=scale.high,
        seconds=scale.seconds,
        rows=tuple(
            (at, cost, bound, gap_between(cost, bound)) for at, cost, bound in curve
        ),
    )


@dataclass(frozen=True, slots=True)
class Scale:
    """From seconds and costs to places in the box."""

    low: float
    high: float
    seconds: float

    def line(self, points: Sequence[Point]) -> str:
        """Return a step line as the points of an SVG polyline, to the right edge."""
        steps: list[str] = []
        for at, value in points:
            if steps:
                steps.append(f"{self.x(at)},{steps[-1].partition(',')[2]}")
            steps.append(f"{self.x(at)},{self.y(value)}")
        if steps:  # what was reached holds until now
            steps.append(f"{self.x(self.seconds)},{steps[-1].partition(',')[2]}")
        return " ".join(steps)

    def x(self, seconds: float) -> float:
        return round(seconds / self.seconds * WIDTH, 1)

    def y(self, value: float) -> float:
        span = self.high - self.low or 1.0
        share = (min(value, self.high) - self.low) / span
        return round(HEIGHT - share * HEIGHT, 1)
