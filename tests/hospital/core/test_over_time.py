"""Numbers by day as bars, lines and bands in a box of fixed size."""

from datetime import date, timedelta

from hospital.core.over_time import banded, lined, over_time, stacked
from hospital.core.plots import BOTTOM, LEFT, LOW_HEIGHT, RIGHT, TOP, WIDTH

ACROSS, UP = WIDTH - LEFT - RIGHT, LOW_HEIGHT - TOP - BOTTOM
FLOOR = LOW_HEIGHT - BOTTOM


def days(count: int) -> list[date]:
    return [date(2026, 3, 1) + timedelta(days=number) for number in range(count)]


def at(share_across: float, share_up: float) -> str:
    x, y = LEFT + share_across * ACROSS, float(FLOOR - share_up * UP)
    return f"{round(x, 2)},{round(y, 2)}"


def test_bars_are_stacked_from_below_and_the_greatest_fills_the_box() -> None:
    plot = stacked([{"up": 3, "down": 1}, {"up": 0, "down": 2}], days(2))

    assert plot is not None
    assert [(name, y, height) for name, _x, y, _width, height in plot.bars] == [
        ("up", FLOOR - 0.75 * UP, 0.75 * UP),
        ("down", TOP, 0.25 * UP),
        ("down", FLOOR - 0.5 * UP, 0.5 * UP),
    ]
    assert plot.shape("down") == "bar"
    assert [words for _place, words in plot.y_ticks] == ["0", "4"]
    assert [anchor for _place, _words, anchor in plot.x_ticks] == ["start", "end"]


def test_a_line_breaks_where_nothing_was_measured() -> None:
    plot = lined([{"ms": 50.0}, {"ms": 100.0}, {"ms": None}, {"ms": 25.0}], days(4))

    assert plot is not None
    assert plot.lines == (("ms", f"{at(1 / 8, 0.5)} {at(3 / 8, 1)}"),)
    ((name, x, y),) = plot.dots
    assert (name, f"{x},{y}") == ("ms", at(7 / 8, 0.25))
    assert plot.shape("ms") == "line"


def test_a_small_top_keeps_its_decimal() -> None:
    plot = lined([{"minutes": 0.34}, {"minutes": 0.2}], days(2))

    assert plot is not None
    assert [words for _place, words in plot.y_ticks] == ["0", "0.3"]


def test_a_line_has_the_band_of_its_intervals_behind_it() -> None:
    plot = banded(
        [{"share": (0.5, 0.25, 0.75)}, {"share": (0.5, 0.0, 2.0)}, {"share": None}],
        days(3),
    )

    assert plot is not None
    first, second = 1 / 6, 3 / 6
    around = (at(first, 0.25), at(second, 0), at(second, 1), at(first, 0.75))
    assert plot.bands == (("share", " ".join(around)),)
    assert plot.lines == (("share", f"{at(first, 0.5)} {at(second, 0.5)}"),)


def test_a_value_alone_has_a_band_as_wide_as_a_gap() -> None:
    plot = banded([{"share": (0.5, 0.25, 0.75)}], days(1))

    assert plot is not None
    around = (at(3 / 8, 0.25), at(5 / 8, 0.25), at(5 / 8, 0.75), at(3 / 8, 0.75))
    assert plot.bands == (("share", " ".join(around)),)
    assert plot.lines == ()


def test_where_nothing_was_words_say_so() -> None:
    plot = stacked([{"up": 0}], days(1))

    panel = over_time(
        "Talks",
        plot=plot,
        days=days(1),
        days_each=1,
        keys=[("up", "Up")],
        cells=[["0"]],
    )

    assert (panel.plot, panel.note, list(panel.rows)) == (
        None,
        "None in this time.",
        [],
    )
