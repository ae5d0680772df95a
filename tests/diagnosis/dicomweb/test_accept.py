"""Accept headers as DICOMweb clients write them."""

import pytest

from diagnosis.dicomweb.accept import accepted, media_type


def test_a_multipart_range_names_its_parts() -> None:
    header = 'multipart/related; type="application/octet-stream"; transfer-syntax=*'
    (one,) = accepted(header)

    assert (one.kind, one.is_multipart) == ("application/octet-stream", True)
    assert one.transfer_syntax == "*"


def test_the_best_quality_comes_first() -> None:
    ranges = accepted("image/png;q=0.5, image/jpeg, text/html;q=0")

    assert [one.kind for one in ranges] == ["image/jpeg", "image/png"]


@pytest.mark.parametrize(
    ("kind", "covered"),
    [("*/*", True), ("image/*", True), ("image/png", True), ("image/jpeg", False)],
)
def test_a_range_covers_its_types(kind: str, covered: bool) -> None:  # noqa: FBT001
    (one,) = accepted(kind)

    assert one.covers("image/png") is covered


def test_a_quoted_separator_stays() -> None:
    assert media_type('multipart/related; boundary="a;b,c"')[1] == {"boundary": "a;b,c"}


def test_nothing_accepted_means_anything() -> None:
    assert [one.kind for one in accepted("")] == ["*/*"]
