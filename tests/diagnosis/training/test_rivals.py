"""What folds hold out whole: each patient, or each source."""

from dataclasses import replace
from pathlib import Path

import pytest

from diagnosis.training.manifest import LabelledImage, ManifestError
from diagnosis.training.recipe import NO_TEXTS, Recipe
from diagnosis.training.rivals import dealt_together


def images(*sources: str) -> list[LabelledImage]:
    """Return an image of each source; two follow each other of one patient."""
    return [
        LabelledImage(
            Path(f"{number}"), "ab"[number % 2], "", f"P{number // 2}", source
        )
        for number, source in enumerate(sources)
    ]


def recipe(hold_out: str) -> Recipe:
    return Recipe("a", "1", NO_TEXTS, repeats=1, folds=3, hold_out=hold_out)


def test_images_are_dealt_with_their_patient_or_their_source() -> None:
    asked = images("x", "x", "z", "z", "x", "x", "y", "y")

    patients = [f"P{number // 2}" for number in range(8)]
    assert dealt_together(asked, recipe("patient")) == patients
    assert dealt_together(asked, recipe("source")) == list("xxzzxxyy")


def test_sources_that_share_a_patient_are_held_out_together() -> None:
    # P0 was scanned at z and at b, P1 at c and at b; P2 and P3 at one place each.
    asked = images("z", "b", "c", "b", "x", "x", "y", "y")

    assert dealt_together(asked, recipe("source")) == list("bbbbxxyy")


@pytest.mark.parametrize("sources", ["xyy", "xyzz", ["x", "y", "z", ""]])
def test_too_few_sources_hold_out_nothing(sources: str | list[str]) -> None:
    with pytest.raises(ManifestError, match="3 sources at least, one a fold"):
        dealt_together(images(*sources), recipe("source"))


@pytest.mark.parametrize("coverage", [0.4, 1.0])
def test_no_recipe_leaves_open_too_much_or_too_little(coverage: float) -> None:
    with pytest.raises(ValueError, match=r"must be 0.5 to 0.99, such as 0.9"):
        replace(recipe("patient"), coverage=coverage)


def test_nothing_else_is_held_out() -> None:
    with pytest.raises(ValueError, match="hold_out is none of: patient, source"):
        recipe("scanner")
