"""The groups of an image: what its header says, and no more than groups need."""

import pytest

from diagnosis.subgroups import SUBGROUP_COLUMNS, subgroups


def header(**values: str) -> dict[str, dict[str, list[str]]]:
    """Return the DICOM JSON of an image."""
    tags = {
        "sex": "00100040",
        "age": "00101010",
        "born": "00100030",
        "made": "00080020",
        "maker": "00080070",
        "model": "00081090",
    }
    return {tags[name]: {"Value": [value]} for name, value in values.items()}


@pytest.mark.parametrize(
    ("said", "age"),
    [
        ({"age": "061Y"}, "61"),
        ({"age": "018M"}, "1"),
        ({"age": "011M"}, "0"),
        ({"age": "006W"}, "0"),
        ({"age": "089Y"}, "89"),
        ({"age": "090Y"}, "90+"),
        ({"age": "104Y"}, "90+"),
        ({"born": "19600301", "made": "20260301"}, "66"),
        ({"born": "19600302", "made": "20260301"}, "65"),
        ({"age": "old", "born": "19200101", "made": "20260301"}, "90+"),
        ({"born": "20270101", "made": "20260301"}, ""),
        ({"born": "1960", "made": "20260301"}, ""),
        ({"born": "19600301"}, ""),
        ({}, ""),
    ],
)
def test_age_is_whole_years_when_the_study_was_made(
    said: dict[str, str], age: str
) -> None:
    assert subgroups(header(**said)) == ("", age, "", "")


def test_sex_and_scanner_are_as_the_header_says() -> None:
    found = subgroups(header(sex="f", maker=" ACME  Medical\n", model="Scan 64"))

    assert dict(zip(SUBGROUP_COLUMNS, found, strict=True)) == {
        "sex": "F",
        "age_years": "",
        "manufacturer": "ACME Medical",
        "manufacturer_model_name": "Scan 64",
    }


def test_what_a_header_should_not_say_stays_out() -> None:
    found = subgroups(header(sex="UNKNOWN", maker="=cmd|calc", model="x" * 99))

    assert found == ("", "", "cmd|calc", "x" * 64)
