"""Agreement beyond chance, against examples worked by hand."""

import pytest

from diagnosis.labelling.agreement import agreement, confusion, kappa, of_label

# 20 yes and 15 no by both; 5 times yes by the first alone, 10 times by the second.
PAIRS = [
    *[("yes", "yes")] * 20,
    *[("yes", "no")] * 5,
    *[("no", "yes")] * 10,
    *[("no", "no")] * 15,
]


def test_kappa_and_its_interval_are_those_worked_by_hand() -> None:
    """0.70 observed, 0.50 by chance; the variance by Fleiss, Cohen and Everitt.

    (0.10972 + 0.10188 - 0.01) / (50 x 0.25) = 0.016128, its root 0.126996.
    """
    table = confusion(PAIRS, ["yes", "no"])

    found = kappa(table)

    assert table.counts == ((20, 5), (10, 15))
    assert found is not None
    assert found.value == pytest.approx(0.4)
    assert found.low == pytest.approx(0.4 - 1.959964 * 0.126996, abs=1e-5)
    assert found.high == pytest.approx(0.4 + 1.959964 * 0.126996, abs=1e-5)


def test_the_share_that_agrees_is_told_of_all_and_of_each_label() -> None:
    table = confusion(PAIRS, ["yes", "no"])

    whole, of_no = agreement(table), of_label(table, "no")

    assert whole is not None
    assert (whole.value, whole.n) == (0.7, 50)
    assert of_no is not None
    assert (of_no.value, of_no.n) == (0.5, 30)


def test_readers_who_agree_on_all_of_a_few_are_not_taken_for_certain() -> None:
    """Wilson's lower end of 4 of 4 is 4 / (4 + 1.96 squared), half is chance's."""
    found = kappa(confusion([("yes", "yes"), ("no", "no")] * 2, ["yes", "no"]))

    assert found is not None
    assert (found.value, found.high) == (1.0, 1.0)
    assert found.low == pytest.approx(2 * 4 / (4 + 1.959964**2) - 1, abs=1e-6)


@pytest.mark.parametrize(
    "pairs", [[], [("yes", "yes")] * 4, [("yes", "yes"), ("no", "yes")]]
)
def test_kappa_of_one_label_alone_is_not_told(pairs: list[tuple[str, str]]) -> None:
    assert kappa(confusion(pairs, ["yes", "no"])) is None
