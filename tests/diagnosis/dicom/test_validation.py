"""What a header must hold, and what is only noted."""

import warnings
import zlib
from pathlib import Path

import pytest
from pydicom.uid import DeflatedExplicitVRLittleEndian, ExplicitVRBigEndian

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.limits import MAX_ELEMENTS, MAX_INFLATED_BYTES
from diagnosis.dicom.validation import read_header
from tests.diagnosis.dicom.synthetic import SERIES, STUDY, ct_slice, saved


def refusal(path: Path) -> str:
    with pytest.raises(DicomRefused) as caught:
        read_header(path)
    return caught.value.code


def test_a_ct_slice_gives_its_facts(tmp_path: Path) -> None:
    header = read_header(saved(ct_slice(3), tmp_path / "a.dcm"))

    assert header.study_instance_uid == STUDY
    assert header.series_instance_uid == SERIES
    assert header.patient_id == "P-1"
    assert header.alphabetic_name == "Doe^Jane"
    assert header.patient_birth_date == "1970-01-31"
    assert header.study_date == "2026-01-02"
    assert header.study_time == "03:04:05"
    assert (header.rows, header.columns, header.frames) == (8, 6, 1)
    assert header.position_mm == (0.0, 0.0, 15.0)
    assert header.spacing_mm == (0.5, 0.75)
    assert (header.rescale_slope, header.rescale_intercept) == (2.0, -1000.0)
    assert header.notes == ()


@pytest.mark.parametrize(
    ("changes", "years"),
    [
        ({"PatientAge": "017Y"}, 17),  # as noted, whatever the dates say
        ({"PatientAge": "215M"}, 17),
        ({"PatientAge": "216M"}, 18),
        ({"PatientAge": "052W"}, 0),
        ({"PatientAge": "old"}, 55),
        ({"PatientBirthDate": "20080103"}, 17),  # eighteen tomorrow
        ({"PatientBirthDate": "20080102"}, 18),
        ({"PatientBirthDate": "20270102"}, None),
        ({"PatientBirthDate": ""}, None),
        ({"StudyDate": "", "SeriesDate": "20300131"}, 60),
    ],
)
def test_the_age_is_that_noted_or_that_of_the_dates(
    tmp_path: Path, changes: dict[str, object], years: int | None
) -> None:
    header = read_header(saved(ct_slice(**changes), tmp_path / "a.dcm"))

    assert header.patient_age_years == years


@pytest.mark.parametrize(
    "keyword",
    [
        "SOPClassUID",
        "SOPInstanceUID",
        "StudyInstanceUID",
        "SeriesInstanceUID",
        "Modality",
        "Rows",
        "Columns",
        "SamplesPerPixel",
        "BitsAllocated",
        "PhotometricInterpretation",
    ],
)
def test_a_missing_required_attribute_is_refused(tmp_path: Path, keyword: str) -> None:
    path = saved(ct_slice(**{keyword: None}), tmp_path / "a.dcm")

    assert refusal(path) == "missing_tag"


@pytest.mark.parametrize(
    ("changes", "code"),
    [
        ({"SOPInstanceUID": "../../etc/passwd"}, "invalid_uid"),
        ({"StudyInstanceUID": "1." * 40 + "1"}, "invalid_uid"),
        ({"PatientID": "9" * 65}, "value_too_long"),
        ({"PatientName": "x" * 400}, "value_too_long"),
        ({"AccessionNumber": "1" * 65}, "value_too_long"),
        ({"Rows": 0}, "dimensions"),
        ({"Rows": 65535, "Columns": 65535}, "dimensions"),
        ({"NumberOfFrames": 1000}, "dimensions"),
        ({"NumberOfFrames": 2_000_000_000}, "dimensions"),
        ({"BitsAllocated": 12}, "invalid_value"),
        ({"SamplesPerPixel": 200}, "invalid_value"),
    ],
)
def test_an_impossible_value_is_refused(
    tmp_path: Path, changes: dict[str, object], code: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # pydicom says it too
        path = saved(ct_slice(**changes), tmp_path / "a.dcm")

    assert refusal(path) == code


@pytest.mark.parametrize(
    ("changes", "note"),
    [
        ({"PixelSpacing": None}, "missing_spacing"),
        ({"PixelSpacing": [0, 0]}, "missing_spacing"),
        ({"ImageOrientationPatient": None}, "missing_geometry"),
        ({"ImageOrientationPatient": [1, 0, 0, 1, 0, 0]}, "missing_geometry"),
        ({"RescaleSlope": 0}, "invalid_rescale"),
        ({"PatientID": ""}, "missing_patient_id"),
        ({"StudyDescription": "x" * 65}, "text_shortened"),
    ],
)
def test_what_only_the_model_needs_is_noted(
    tmp_path: Path, changes: dict[str, object], note: str
) -> None:
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        path = saved(ct_slice(**changes), tmp_path / "a.dcm")

    assert note in read_header(path).notes


@pytest.mark.parametrize("number", [b"nan", b"inf", b"-inf", b"1e999", b"abc"])
def test_a_number_that_is_not_finite_is_dropped_and_noted(
    tmp_path: Path, number: bytes
) -> None:
    path = saved(ct_slice(RescaleIntercept="-1024"), tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes().replace(b"-1024 ", number.ljust(6)))

    header = read_header(path)

    assert header.rescale_intercept is None
    assert {"not_finite", "invalid_rescale"} <= set(header.notes)


def test_names_in_three_scripts_keep_their_groups(tmp_path: Path) -> None:
    name = "Wang^XiaoDong=王^小东=ワン^シャオドン"
    header = read_header(saved(ct_slice(PatientName=name), tmp_path / "a.dcm"))

    assert header.alphabetic_name == "Wang^XiaoDong"
    assert header.ideographic_name == "王^小东"
    assert header.phonetic_name == "ワン^シャオドン"


def test_a_gb18030_name_is_read(tmp_path: Path) -> None:
    dataset = ct_slice(SpecificCharacterSet="GB18030", PatientName="Zhang^San=张^三")
    header = read_header(saved(dataset, tmp_path / "a.dcm"))

    assert header.ideographic_name == "张^三"


@pytest.mark.parametrize(
    ("given", "kept"),
    [
        ("<script>alert(1)</script>", "<script>alert(1)</script>"),
        ("مريض^علي", "مريض^علي"),
        ("Doe\x00^Jane\x07", "Doe^Jane"),
    ],
)
def test_a_name_is_kept_as_text_without_controls(
    tmp_path: Path, given: str, kept: str
) -> None:
    header = read_header(saved(ct_slice(PatientName=given), tmp_path / "a.dcm"))

    assert header.patient_name == kept


def test_an_impossible_date_is_left_out(tmp_path: Path) -> None:
    path = saved(ct_slice(StudyDate="20260230"), tmp_path / "a.dcm")

    assert read_header(path).study_date == ""


def test_an_unknown_transfer_syntax_is_refused_by_name(tmp_path: Path) -> None:
    path = saved(ct_slice(), tmp_path / "a.dcm")
    path.write_bytes(
        path.read_bytes().replace(b"1.2.840.10008.1.2.1\0", b"1.2.840.10008.1.2.9\0")
    )

    with pytest.raises(DicomRefused, match=r"1\.2\.840\.10008\.1\.2\.9") as caught:
        read_header(path)
    assert caught.value.code == "unsupported_transfer_syntax"


@pytest.mark.parametrize(
    ("content", "code"),
    [
        (b"", "empty"),
        (b"just some text", "not_dicom"),
        (b"\0" * 4000, "not_dicom"),
        (b"\0" * 128 + b"DICM", "truncated"),
        (b"PK\x03\x04" + b"\0" * 300, "not_dicom"),
    ],
)
def test_what_is_not_dicom_is_refused(
    tmp_path: Path, content: bytes, code: str
) -> None:
    path = tmp_path / "text.dcm"
    path.write_bytes(content)

    assert refusal(path) == code


@pytest.mark.parametrize("kept", [140, 300, 500, -10, -1])
def test_a_truncated_file_is_refused(tmp_path: Path, kept: int) -> None:
    path = saved(ct_slice(), tmp_path / "a.dcm")
    path.write_bytes(path.read_bytes()[:kept])

    assert refusal(path) in ("truncated", "missing_tag", "not_dicom")


def test_an_executable_preamble_becomes_zeros(tmp_path: Path) -> None:
    path = saved(ct_slice(), tmp_path / "a.dcm")
    content = path.read_bytes()
    path.write_bytes(b"MZ" + b"\x90" * 126 + content[128:])

    header = read_header(path)

    rebuilt = bytes.fromhex(header.prefix_hex) + path.read_bytes()[header.skip_bytes :]
    assert rebuilt == content


def test_a_data_set_without_meta_gets_one(tmp_path: Path) -> None:
    path = tmp_path / "bare"
    ct_slice().save_as(path, implicit_vr=True, little_endian=True)

    header = read_header(path)

    part10 = tmp_path / "whole.dcm"
    part10.write_bytes(bytes.fromhex(header.prefix_hex) + path.read_bytes())
    assert read_header(part10).sop_instance_uid == header.sop_instance_uid
    assert read_header(part10).transfer_syntax_uid == "1.2.840.10008.1.2"


@pytest.mark.parametrize(
    "syntax", [ExplicitVRBigEndian, DeflatedExplicitVRLittleEndian]
)
def test_other_encodings_of_the_data_set_are_read(tmp_path: Path, syntax: str) -> None:
    header = read_header(saved(ct_slice(), tmp_path / "a.dcm", syntax=syntax))

    assert header.position_mm == (0.0, 0.0, 5.0)


def test_a_deflated_bomb_is_refused(tmp_path: Path) -> None:
    path = saved(ct_slice(), tmp_path / "a.dcm", syntax=DeflatedExplicitVRLittleEndian)
    content = path.read_bytes()
    deflater = zlib.compressobj(wbits=-zlib.MAX_WBITS)
    start = content.index(b"1.2.840.10008.1.2.1.99") + 22
    meta_end = 132 + 12 + int.from_bytes(content[140:144], "little")
    bomb = deflater.compress(bytes(MAX_INFLATED_BYTES + 1)) + deflater.flush()
    assert start <= meta_end
    path.write_bytes(content[:meta_end] + bomb)

    assert refusal(path) == "decompression_bomb"


def test_too_many_elements_are_refused(tmp_path: Path) -> None:
    path = saved(ct_slice(), tmp_path / "a.dcm")
    many = b"".join(
        b"\x09\x00" + (i % 65536).to_bytes(2, "little") + b"LO\0\0"
        for i in range(MAX_ELEMENTS + 1)
    )
    path.write_bytes(path.read_bytes() + many)
    content = path.read_bytes()
    meta_end = 132 + 12 + int.from_bytes(content[140:144], "little")
    path.write_bytes(content[:meta_end] + many)

    assert refusal(path) == "too_many_elements"
