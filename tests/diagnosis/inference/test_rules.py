"""What a model must not read, rule by rule."""

import json
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from diagnosis.dicom.header import Header
from diagnosis.dicom.pool import DecoderPool
from diagnosis.dicom.validation import read_header
from diagnosis.inference.entry import Limits, ModelEntry, Preprocessing
from diagnosis.inference.inputs import series_of_files
from diagnosis.inference.rules import (
    best_series,
    objections,
    picture_objections,
    preference,
)
from diagnosis.inference.series import Picture, SeriesFacts, StoredSlice
from tests.diagnosis.dicom.synthetic import enhanced_ct, saved
from tests.diagnosis.inference.entries import CHEST, PICTURE

# Facts of ../shared/data/dicom/philips_phantom_tilt_54, as its files say them.
HEAD_PHANTOM = replace(
    CHEST, body_part="BRAIN", region="BRAIN 1A TRAUMA/PLAIN HEAD DM STEREOTAXIS"
)


def test_a_chest_series_is_read(entry: ModelEntry) -> None:
    assert objections(CHEST, entry.rules) == []


@pytest.mark.parametrize(
    ("changes", "code", "words"),
    [
        ({"modality": "MR"}, "wrong_modality", "the series is MR"),
        ({"modality": ""}, "wrong_modality", "the series is nothing"),
        ({"sop_class": "1.2.3"}, "not_ct_image", "no original CT images"),
        ({"image_type": "ORIGINAL\\PRIMARY\\LOCALIZER"}, "localizer", "localizer"),
        ({"body_part": "ABDOMEN"}, "other_body_part", "it shows ABDOMEN"),
        ({"body_part": "", "region": "e+1"}, "chest_not_named", "shows the chest"),
        ({"plane": "coronal"}, "not_axial", "these is coronal"),
        ({"plane": ""}, "not_axial", "these is nothing"),
        ({"pixel_spacing_mm": None}, "pixel_spacing", "says nothing"),
        ({"pixel_spacing_mm": 0.01}, "pixel_spacing", "says 0.01"),
        ({"slice_spacing_mm": 40.0}, "slice_spacing", "says 40.00"),
        ({"directions": 2}, "mixed_orientation", "lie in 2 directions: send each"),
        ({"missing_slices": 3}, "slices_missing", "3 slices seem to be missing"),
        ({"extent_mm": 45}, "short_series", "45 mm along the body"),
        ({"field_mm": 120}, "small_field", "120 mm wide"),
        ({"age_years": 17}, "child", "age is 17: the model is for adults"),
        ({"sent_together": 1}, "lone_slice", "1 slice only, too little"),
    ],
)
def test_each_rule_has_its_sentence(
    entry: ModelEntry, changes: dict[str, Any], code: str, words: str
) -> None:
    found = objections(replace(CHEST, **changes), entry.rules)

    assert [objection.code for objection in found] == [code]
    assert words in found[0].sentence


def test_a_whole_series_of_the_chest_breaks_no_rule_of_every_model(
    entry: ModelEntry,
) -> None:
    whole = replace(CHEST, directions=1, missing_slices=0, extent_mm=300, field_mm=350)

    assert objections(whole, entry.rules) == []


def header(z: float, *, plane: str = "axial", **changes: Any) -> Header:
    orientation = {"axial": (1, 0, 0, 0, 1, 0), "coronal": (1, 0, 0, 0, 0, -1)}[plane]
    known = {"rows": 512, "columns": 500, "spacing_mm": (0.7, 0.7), "has_pixels": True}
    return Header(
        "dicom",
        **{"position_mm": (0, 0, z), "orientation": orientation, **known, **changes},
    )


def told(*headers: Header) -> SeriesFacts:
    """Return the facts of files, none of which is opened."""
    files = [(Path(f"{number}.dcm"), one) for number, one in enumerate(headers)]
    found = series_of_files(Path(), files, DecoderPool(size=1), kind="dicom-series")
    return found.series.facts


def test_gaps_length_and_field_are_read_from_the_headers() -> None:
    facts = told(*(header(z) for z in (0, 5, 10, 15, 35, 40)))

    assert (facts.directions, facts.missing_slices) == (1, 3)
    assert (facts.extent_mm, facts.field_mm) == (45, 350)


def test_the_age_is_that_of_the_header() -> None:
    assert told(header(0, patient_age_years=9)).age_years == 9
    assert told(header(0)).age_years is None


def test_slices_of_two_directions_are_told_apart_from_a_tilt() -> None:
    mixed = told(header(0), header(5), header(10, plane="coronal"))
    alone = told(header(0))
    first = [(Path("0.dcm"), header(0))]
    file = series_of_files(Path(), first, DecoderPool(size=1), kind="dicom")

    assert (mixed.directions, mixed.extent_mm) == (2, None)
    assert (alone.directions, alone.extent_mm, alone.missing_slices) == (None,) * 3
    assert (mixed.sent_together, alone.sent_together) == (3, 1)
    assert file.series.facts.sent_together is None  # asked about by itself


@pytest.mark.parametrize(
    ("places", "codes", "order"),
    [
        ([(z, "axial") for z in (50, 0, 25, 75)], [], (2, 3, 1, 4)),
        ([(z, "axial") for z in (0, 5, 10, 15)], ["short_series"], (1, 2, 3, 4)),
        (
            [(z, "axial") for z in (0, 10, 20, 70)],
            ["slices_missing"],
            (1, 2, 3, 4),
        ),
        (
            [(0, "axial"), (60, "axial"), (120, "coronal")],
            ["mixed_orientation", "not_axial"],
            (1, 2, 3),
        ),
    ],
)
def test_frames_of_one_file_are_judged_like_slices(
    tmp_path: Path,
    entry: ModelEntry,
    places: list[tuple[float, str]],
    codes: list[str],
    order: tuple[int, ...],
) -> None:
    path = saved(enhanced_ct(*places), tmp_path / "enhanced.dcm")
    one = Header.from_json(json.loads(json.dumps(read_header(path).as_json())))

    found = series_of_files(path, [(path, one)], DecoderPool(size=1), kind="dicom")

    facts = replace(found.series.facts, field_mm=None)  # its pixels are few
    said = [each.code for each in objections(facts, entry.rules)]
    assert [code for code in said if code != "slice_spacing"] == codes
    assert found.frames == order


def test_metal_is_counted_in_hounsfield_units_alone() -> None:
    stored = np.zeros((100, 100), np.int16)
    stored[:10, :10] = 4000
    preprocessing = Preprocessing(32, 0.4, 0.3)

    ct = StoredSlice(stored, is_ct=True, intercept=-500.0).picture(preprocessing)
    other = StoredSlice(stored, is_ct=False).picture(preprocessing)

    assert (ct.metal, other.metal) == (0.01, 0.0)


def test_a_head_phantom_is_refused(entry: ModelEntry) -> None:
    codes = {objection.code for objection in objections(HEAD_PHANTOM, entry.rules)}

    assert codes == {"other_body_part", "chest_not_named"}


def test_a_picture_is_judged_by_its_looks_alone(entry: ModelEntry) -> None:
    assert objections(PICTURE, entry.rules) == []


def test_a_picture_of_a_child_is_refused_as_well(entry: ModelEntry) -> None:
    found = objections(replace(PICTURE, age_years=4), entry.rules)

    assert [one.code for one in found] == ["child"]
    assert objections(replace(PICTURE, age_years=18), entry.rules) == []


def test_lung_kernel_and_thin_slices_are_preferred(entry: ModelEntry) -> None:
    lung = replace(CHEST, kernel="LUNG", slice_spacing_mm=1.0)

    assert preference(CHEST, entry.rules) == 0.0
    assert preference(lung, entry.rules) == 3.0
    assert best_series([HEAD_PHANTOM, CHEST, lung], entry.rules) == [2, 1]


def test_where_none_suits_the_nearest_says_why(entry: ModelEntry) -> None:
    worse = replace(HEAD_PHANTOM, modality="MR")

    assert best_series([worse, HEAD_PHANTOM], entry.rules) == [1]


def test_of_equal_series_the_longer_comes_first(entry: ModelEntry) -> None:
    longer = replace(CHEST, slices=90)

    assert best_series([CHEST, longer], entry.rules) == [1, 0]


def picture(
    rows: int, columns: int, *, colour: float = 0.0, metal: float = 0.0
) -> Picture:
    grey = np.random.default_rng(0).random((rows, columns), dtype=np.float32)
    return Picture(grey, colour, metal)


@pytest.mark.parametrize(
    ("shown", "codes"),
    [
        (picture(200, 200), []),
        (picture(20, 20), ["too_small"]),
        (picture(100, 300), ["odd_shape"]),
        (picture(200, 200, colour=0.4), ["colour"]),
        (picture(200, 200, metal=0.003), ["metal"]),
        (picture(200, 200, metal=0.001), []),
        (Picture(np.full((200, 200), 0.5, dtype=np.float32)), ["flat"]),
    ],
)
def test_odd_pictures_are_refused(shown: Picture, codes: list[str]) -> None:
    found = picture_objections(shown, Limits())

    assert [objection.code for objection in found] == codes


def test_every_rule_of_the_template_names_a_real_fact(
    entry: ModelEntry, sealed_store: Path
) -> None:
    known = set(SeriesFacts.__dataclass_fields__)

    assert {rule.fact for rule in entry.rules} <= known
