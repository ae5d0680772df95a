"""What the viewer is told of each frame."""

import pytest

from diagnosis.models import Instance
from diagnosis.viewing import viewed_images

CT = {
    "00080060": {"vr": "CS", "Value": ["CT"]},
    "00280002": {"vr": "US", "Value": [1]},
    "00280004": {"vr": "CS", "Value": ["MONOCHROME2"]},
    "00280100": {"vr": "US", "Value": [16]},
    "00280101": {"vr": "US", "Value": [12]},
    "00280103": {"vr": "US", "Value": [1]},
    "00280030": {"vr": "DS", "Value": ["0.5", "0.5"]},
    "00281050": {"vr": "DS", "Value": [40, 400]},
    "00281051": {"vr": "DS", "Value": [400, 1500]},
    "00281052": {"vr": "DS", "Value": [-1024]},
    "00281053": {"vr": "DS", "Value": [1]},
}


def instance(attributes: dict[str, object], frames: int = 1) -> Instance:
    return Instance(
        sop_instance_uid="1.2.3",
        rows=4,
        columns=6,
        frames=frames,
        attributes=attributes,
    )


def images(*instances: Instance) -> list[dict[str, object]]:
    return viewed_images(instances, study_uid="1", series_uid="2")


def test_a_plain_ct_image_is_described() -> None:
    (image,) = images(instance(CT))

    assert image["pixels"] == "/dicomweb/studies/1/series/2/instances/1.2.3/frames/1"
    assert image["rendered"] == f"{image['pixels']}/rendered"
    assert (image["rows"], image["columns"]) == (4, 6)
    assert (image["bits_allocated"], image["bits_stored"]) == (16, 12)
    assert image["is_signed"] is True
    assert (image["slope"], image["intercept"]) == (1.0, -1024.0)
    assert (image["center"], image["width"]) == (40.0, 400.0)
    assert image["spacing_mm"] == [0.5, 0.5]


def test_an_image_without_attributes_still_has_a_description() -> None:
    (image,) = images(instance({}))

    assert image["photometric"] == "MONOCHROME2"
    assert image["spacing_mm"] is None
    assert (image["slope"], image["intercept"]) == (1.0, 0.0)


@pytest.mark.parametrize("value", [["x"], [None], [], ["0.5"]])
def test_a_spacing_that_is_no_pair_of_numbers_is_left_out(value: list[object]) -> None:
    (image,) = images(instance({"00280030": {"vr": "DS", "Value": value}}))

    assert image["spacing_mm"] is None


def test_a_frame_takes_its_own_functional_groups_before_the_shared_ones() -> None:
    def measures(spacing: float) -> dict[str, object]:
        pair = {"vr": "DS", "Value": [spacing, spacing]}
        return {"00289110": {"vr": "SQ", "Value": [{"00280030": pair}]}}

    enhanced = {
        "52009229": {"vr": "SQ", "Value": [measures(1.0)]},
        "52009230": {"vr": "SQ", "Value": [{}, measures(2.0)]},
    }

    first, second = images(instance(enhanced, frames=2))

    assert first["spacing_mm"] == [1.0, 1.0]
    assert second["spacing_mm"] == [2.0, 2.0]
