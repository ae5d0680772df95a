from consult.charts import HEIGHT, WIDTH, lined, stacked


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
