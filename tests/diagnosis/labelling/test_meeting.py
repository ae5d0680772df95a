"""Which marks of two readers mean the same, and when a third has to look."""

from dataclasses import replace

import pytest

from diagnosis.labelling.meeting import Mark, meeting
from diagnosis.labelling.regions import Region
from diagnosis.labelling.standing import Said, State, standing


def mark(left: float, *, image: str = "a", position_mm: float | None = None) -> Mark:
    box = Region("box", ((left, 0.0), (left + 10.0, 10.0)))
    return Mark(box, "COVID", "series", image, position_mm)


OURS = mark(0, image="a", position_mm=0.0)


@pytest.mark.parametrize(
    ("theirs", "overlaps", "lone", "verdict"),
    [
        ([mark(2)], [8 / 12] * 2, 0, "same"),  # 80 pixels shared of 120
        ([mark(5)], [5 / 15] * 2, 0, "apart"),  # below 0.4
        ([mark(10)], [], 2, "apart"),  # side by side
        ([], [], 1, "apart"),  # the other reader has none
        ([mark(0), mark(40)], [1.0] * 2, 1, "apart"),
        ([mark(2), mark(0)], [1.0, 8 / 12, 1.0], 0, "same"),  # one finding, drawn twice
        ([mark(0, image="b", position_mm=10.0)], [1.0] * 2, 0, "same"),
        ([mark(0, image="b", position_mm=10.1)], [], 2, "apart"),
        ([mark(0, image="b")], [], 2, "apart"),  # nobody knows where that slice lies
        ([replace(OURS, answer="NonCOVID")], [], 2, "apart"),
        ([replace(OURS, series="other")], [], 2, "apart"),
    ],
)
def test_marks_meet_by_label_place_and_overlap(
    theirs: list[Mark], overlaps: list[float], lone: int, verdict: str
) -> None:
    found = meeting([OURS], theirs)

    assert [one.iou for one in found.overlaps] == pytest.approx(overlaps)
    assert found.lone == lone
    assert found.lies_apart == (verdict == "apart")


def test_one_answer_with_marks_apart_is_in_dispute_until_a_third_has_decided() -> None:
    first = Said("1", "ada", is_adjudicator=False, answer="COVID")
    near = Said("2", "bo", is_adjudicator=False, answer="COVID")
    apart = replace(near, apart_from=frozenset("1"))
    third = Said("3", "cy", is_adjudicator=True, answer="COVID")

    assert standing([first, near], readers=2).state == State.SETTLED
    assert standing([first, apart], readers=2).state == State.DISPUTED
    assert standing([first, apart, third], readers=2).stands == "3"
