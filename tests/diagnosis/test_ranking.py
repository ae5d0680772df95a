"""What is read next, and in which words it is told why."""

import pytest
from django.utils import translation

from diagnosis.ranking import Rank, rank_study, rank_words


@pytest.mark.parametrize(
    ("facts", "value", "codes"),
    [
        ({"is_stat": False}, 0.0, []),
        ({"is_stat": True}, 2.0, ["stat"]),
        ({"is_stat": False, "positive": ("COVID", 0.9)}, 0.9, ["positive"]),
        ({"is_stat": True, "positive": ("COVID", 0.5)}, 2.5, ["stat", "positive"]),
        ({"is_stat": False, "is_abstained": True}, 0.3, ["abstained"]),
        ({"is_stat": False, "is_failed": True}, 0.3, ["failed"]),
    ],
)
def test_urgency_outweighs_findings_and_findings_outweigh_nothing(
    facts: dict[str, object], value: float, codes: list[str]
) -> None:
    rank = rank_study(**facts)  # type: ignore[arg-type]

    assert rank.value == pytest.approx(value)
    assert [reason["code"] for reason in rank.reasons] == codes


def test_reasons_are_told_in_words() -> None:
    rank = rank_study(is_stat=True, positive=("COVID", 0.873))

    with translation.override("en"):
        assert rank_words(rank.reasons) == ["urgent", "AI: COVID-19 pattern, 87 %"]


def test_without_reasons_the_order_of_arrival_is_told() -> None:
    with translation.override("en"):
        assert rank_words(Rank(0.0, []).reasons) == ["in order of arrival"]


def test_an_unknown_reason_is_still_told() -> None:
    assert rank_words([{"code": "waits_long"}]) == ["waits long"]
