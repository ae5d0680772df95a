"""All that is measured of an entry, on an untrained network, and where it is kept."""

import json
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from diagnosis.dicom.pool import decoder_pool
from diagnosis.evaluation.changes import CHANGES
from diagnosis.evaluation.kept import FORMAT, evaluation_of, keep_beside
from diagnosis.evaluation.maps import map_sanity, rank_correlation
from diagnosis.evaluation.measure import AS_IT_IS, document, read_images
from diagnosis.inference.engines import Engine
from diagnosis.inference.entry import ModelEntry
from diagnosis.training.manifest import LabelledImage
from tests.diagnosis.inference.entries import slices


@pytest.fixture(scope="module")
def images(tmp_path_factory: pytest.TempPathFactory) -> list[LabelledImage]:
    folder = tmp_path_factory.mktemp("pictures")
    made = []
    for number, grey in enumerate(slices(12)):
        path = folder / f"{number}.png"
        Image.fromarray((grey * 255).astype(np.uint8)).resize(
            (80 + number, 80 + number)
        ).save(path)
        label = ("COVID", "NonCOVID")[number % 2]
        age = ("17", "", "90+")[number // 5] if number != 5 else "75"
        facts = {"sex": "FM"[number // 6], "age_years": age}
        made.append(LabelledImage(path, label, "val", f"P{number // 2}", "", facts))
    return made


def test_every_figure_comes_from_the_path_that_serves(
    images: list[LabelledImage], entry: ModelEntry, engine: Engine
) -> None:
    changes = {name: CHANGES[name] for name in ("noise_2", "kernel_soft")}

    read = read_images(
        images, entry=entry, engine=engine, pool=decoder_pool(), changes=changes
    )
    found = document(images, read, entry=entry, engine=engine, positive="COVID")

    assert set(read.readings) == {AS_IT_IS, "covered", *changes}
    assert (found["n"], found["patients"], found["positives"]) == (12, 6, 6)
    assert [each["change"] for each in found["changes"]] == list(changes)
    assert found["covered"]["moved"] > 0
    assert {(each["by"], each["name"]) for each in found["parts"]} == {
        ("age_years", "under 18"),
        ("sex", "F"),
        ("sex", "M"),
        ("shorter side, pixels", "at least 85"),
        ("shorter side, pixels", "under 85"),
    }
    assert found["maps"]["n"] == 12
    assert json.loads(json.dumps(found, allow_nan=False))["figures"]["n"] == 12


def test_maps_are_tested_alike_under_one_seed(
    entry: ModelEntry, engine: Engine
) -> None:
    squares = slices(3, side=32)

    first, second = (
        map_sanity(squares, entry=entry, engine=engine, seed=1) for _ in range(2)
    )

    assert first == second
    assert 0 <= first.random_weights <= 1
    assert 0 < first.deletion < 1


def test_ranks_are_compared_and_a_flat_map_is_like_nothing() -> None:
    a = np.array([[1.0, 2.0], [3.0, 9.0]])

    assert rank_correlation(a, np.exp(a)) == pytest.approx(1.0)
    assert rank_correlation(a, -a) == pytest.approx(-1.0)
    assert rank_correlation(a, np.ones((2, 2))) == 0.0


def test_what_is_kept_counts_for_the_very_files_it_was_measured_of(
    entry: ModelEntry, tmp_path: Path
) -> None:
    (tmp_path / entry.name).mkdir()
    measured = {"format": FORMAT, "digest": entry.digest, "n": 12}

    path = keep_beside(tmp_path, entry, measured)

    assert path == tmp_path / "tiny" / "evaluations" / "1.json"
    assert evaluation_of(tmp_path, entry) == measured
    assert evaluation_of(tmp_path, replace(entry, digest="other")) is None
    own = replace(entry, digest="other", metrics={"evaluation": {"n": 3}})
    assert evaluation_of(tmp_path, own) == {"n": 3}
    path.write_text("{")
    assert evaluation_of(tmp_path, entry) is None
