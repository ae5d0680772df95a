from hospital.core.charts import HEIGHT, WIDTH, banded, lined, stacked


def test_bars_are_stacked_from_below_and_the_greatest_fills_the_box() -> None:
    chart = stacked([{"up": 3, "down": 1}, {"up": 0, "down": 2}])

    assert chart.top == 4
    places = [(part.series, part.y, part.height) for part in chart.parts]
    assert places == [
        ("up", HEIGHT - 120, 120),
        ("down", 0, 40),
        ("down", HEIGHT - 80, 80),
    ]


def test_nothing_at_all_draws_nothing() -> None:
    chart = stacked([{"up": 0, "down": 0}])

    assert (chart.parts, chart.top) == ((), 0)


def test_a_line_breaks_where_nothing_was_measured() -> None:
    chart = lined([{"ms": 50.0}, {"ms": 100.0}, {"ms": None}, {"ms": 25.0}])

    quarter = WIDTH / 4
    assert chart.lines == (
        ("ms", f"{quarter / 2},{HEIGHT / 2} {quarter * 1.5},{HEIGHT - HEIGHT * 1.0}"),
    )
    assert chart.dots == (("ms", quarter * 3.5, HEIGHT * 0.75),)


def test_a_line_has_the_band_of_its_intervals_behind_it() -> None:
    chart = banded(
        [{"share": (0.5, 0.25, 0.75)}, {"share": (0.5, 0.0, 2.0)}, {"share": None}],
        top=1.0,
    )

    ((series, points),) = chart.bands
    middle, quarter = HEIGHT / 2, HEIGHT / 4
    assert series == "share"
    assert points == (
        f"100.0,{HEIGHT - quarter} 300.0,{float(HEIGHT)} 300.0,0.0 100.0,{quarter}"
    )
    assert chart.lines == (("share", f"100.0,{middle} 300.0,{middle}"),)


def test_a_value_alone_has_a_band_as_wide_as_a_gap() -> None:
    chart = banded([{"share": (0.5, 0.25, 0.75)}], top=1.0)

    assert chart.dots == (("share", WIDTH / 2, HEIGHT / 2),)
    assert chart.bands == (("share", "225.0,120.0 375.0,120.0 375.0,40.0 225.0,40.0"),)
