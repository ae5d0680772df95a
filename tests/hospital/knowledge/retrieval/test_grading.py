"""The benchmark's figures of what `ask --batch` wrote, worked by hand."""

from typing import Any  # Any: JSON rows

from tests.benchmarks.retrieval import figures_asked

GRADES = {
    "1": {"a": 4, "b": 3},
    "2": {"a": 2, "c": 3},
    "3": {"d": 1},
    "4": {"e": 4},
}


def row(name: str | None, *passages: tuple[str, float], abstained: bool) -> Any:
    found = [{"id": id_, "score": score} for id_, score in passages]
    return {"id": name, "passages": found, "abstained": abstained}


def test_rows_are_graded_by_hand() -> None:
    rows = [
        row("1", ("a", 0.9), ("b", 0.8), abstained=False),
        row("2", ("a", 0.7), ("unknown", 0.6), ("c", 0.5), abstained=False),
        row("3", ("unknown", 0.4), ("d", 0.3), abstained=True),
        row("4", abstained=True),
    ]

    figures = figures_asked(rows, GRADES)

    # First grades 4, 2, none, none: 3, 1, 0 and 0 as published; good at 1 and 3.
    assert figures == {
        "questions": 4,
        "rows": 4,
        "mean_grade": 1.0,
        "mrr": 0.333,
        "first_is_good": 0.25,
        "answered": 2,
        "share_answered": 0.5,
        "precision_of_answered": 0.5,
        "at_half_coverage": {
            "precision": 0.5,
            "related": 1.0,
            "precision_of_graded": 0.5,
        },
    }


def test_a_question_without_a_row_counts_and_a_row_without_a_question_does_not() -> (
    None
):
    rows = [
        row("1", ("a", 0.9), abstained=False),
        row("9", ("a", 0.9), abstained=False),
        row(None, abstained=True),
    ]

    figures = figures_asked(rows, GRADES)

    assert (figures["questions"], figures["rows"], figures["answered"]) == (4, 1, 1)
    assert (figures["mean_grade"], figures["mrr"]) == (0.75, 0.25)
    assert (figures["share_answered"], figures["precision_of_answered"]) == (0.25, 1.0)


def test_the_eleventh_passage_is_too_late() -> None:
    ten = [(f"unknown-{place}", 0.9) for place in range(10)]

    figures = figures_asked([row("4", *ten, ("e", 0.1), abstained=True)], GRADES)

    assert figures["mrr"] == 0.0
    assert figures["precision_of_answered"] is None
