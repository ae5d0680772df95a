"""What is said of a candidate beside the model in service."""

from datetime import UTC, datetime
from uuid import UUID

from diagnosis.watching.figures import Observation, Shadowed, beside

AT = datetime(2026, 11, 27, 9, tzinfo=UTC)


def read(label: str, *, candidate: str, signed: str) -> Observation:
    return Observation(
        at=AT,
        day=AT.date(),
        patient=UUID(int=1),
        model="lobes/1",
        source="radiology",
        label=label,
        is_positive=label == "upper",
        abstained=False,
        probability=0.5,
        unlikeness=None,
        minutes=None,
        is_agreed=label == signed,
        is_found=None,
        signed_label=signed,
        shadow=Shadowed("lobes/2", candidate, abstained=False, probability=0.5),
    )


def test_of_three_labels_another_wrong_answer_is_not_a_right_one() -> None:
    readings = [
        read("upper", candidate="upper", signed="upper"),
        read("upper", candidate="middle", signed="lower"),  # both wrong
        read("upper", candidate="lower", signed="lower"),
        read("upper", candidate="middle", signed=""),  # only said not to be upper
    ]

    found = beside(readings)

    assert found is not None
    assert found.right is not None
    assert found.right_in_service is not None
    assert (found.right.n, found.right_in_service.n) == (3, 3)
    assert found.right.value == 2 / 3
    assert found.right_in_service.value == 1 / 3
