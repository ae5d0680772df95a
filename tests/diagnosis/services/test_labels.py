"""Signed verdicts become a training manifest; nothing else does."""

import csv
import json
from datetime import UTC, datetime
from io import StringIO
from uuid import UUID

import pytest
from django.core.management import call_command

from diagnosis import files
from diagnosis.models import StudyStatus
from diagnosis.services.labels import split_of, training_rows
from diagnosis.services.report import ReportText, save_report, sign_report
from diagnosis.services.verdict import judge_finding
from diagnosis.training.manifest import read_manifest
from hospital.accounts.models import Role
from tests.rows import make_department, make_finding, make_person, make_study

pytestmark = pytest.mark.django_db
TEXT = ReportText("CT", "Seen.", "Said.")


@pytest.fixture
def ward():
    return make_department("respiratory-medicine")


@pytest.fixture
def reader(ward):
    return make_person(Role.CLINICIAN, ward)


def reported(ward, reader, *, verdict: str, label: str = "", is_signed: bool = True):
    study = make_study(ward, status=StudyStatus.READ)
    finding = make_finding(study)
    if verdict:
        judge_finding(finding=finding, reader=reader, verdict=verdict, label=label)
    save_report(study=study, author=reader, text=TEXT, expected_version=0)
    if is_signed:
        sign_report(study=study, signer=reader)
    return study


def test_accepted_and_corrected_findings_give_their_label(ward, reader) -> None:
    accepted = reported(ward, reader, verdict="accepted")
    reported(ward, reader, verdict="corrected", label="NonCOVID")

    rows = list(training_rows())

    assert [row.label_name for row in rows] == ["COVID", "NonCOVID"]
    image = accepted.series.get().instances.get()
    assert rows[0].path == f"{image.digest[:2]}/{image.digest[2:4]}/{image.digest}"
    assert rows[0].source == "respiratory-medicine"


@pytest.mark.parametrize(
    ("verdict", "is_signed"), [("rejected", True), ("", True), ("accepted", False)]
)
def test_rejected_unjudged_and_unsigned_give_none(
    ward, reader, verdict, is_signed
) -> None:
    reported(ward, reader, verdict=verdict, is_signed=is_signed)

    assert list(training_rows()) == []


def test_only_reports_signed_since_the_moment(ward, reader) -> None:
    reported(ward, reader, verdict="accepted")

    later = list(training_rows(since=datetime(2100, 1, 1, tzinfo=UTC)))
    earlier = list(training_rows(since=datetime(2000, 1, 1, tzinfo=UTC)))

    assert (len(later), len(earlier)) == (0, 1)


def test_patient_keeps_one_split_and_shares_are_as_told() -> None:
    patients = [UUID(int=number) for number in range(4000)]

    splits = [split_of(patient) for patient in patients]

    assert splits == [split_of(patient) for patient in patients]
    shares = [splits.count(name) / 4000 for name in ("train", "val", "test")]
    assert shares == pytest.approx([0.70, 0.15, 0.15], abs=0.03)


def test_no_name_or_number_leaves_the_house(ward, reader) -> None:
    study = reported(ward, reader, verdict="accepted")
    header = {
        "00100010": {"Value": [{"Alphabetic": "Zhang^San"}]},
        "00100030": {"Value": ["19600301"]},
        "00080020": {"Value": ["20260302"]},
        "00100040": {"Value": ["M"]},
    }
    study.series.get().instances.update(attributes=header)

    row = next(training_rows())

    kept = " ".join(row.cells)
    assert study.patient.hospital_number not in kept
    assert str(study.patient_id) not in kept
    assert "Zhang" not in kept
    assert "19600301" not in kept
    assert row.groups == ("M", "66", "", "")


def test_command_writes_a_manifest_that_training_reads(ward, reader, tmp_path) -> None:
    study = reported(ward, reader, verdict="corrected", label="NonCOVID")
    digest = files.store_bytes(b"pixels")
    study.series.get().instances.update(
        digest=digest,
        media_type="image/png",
        attributes={"00081090": {"Value": ["Scan 64"]}},
    )
    out, root, said = tmp_path / "labels.csv", tmp_path / "images", StringIO()

    call_command(
        "export_labels", "--out", str(out), "--root", str(root), "--json", stdout=said
    )

    images = read_manifest(out, root=root)
    assert [(image.label, image.path.read_bytes()) for image in images] == [
        ("NonCOVID", b"pixels")
    ]
    assert images[0].facts["manufacturer_model_name"] == "Scan 64"
    summary = json.loads(said.getvalue())
    assert (summary["rows"], summary["labels"]) == (1, {"NonCOVID": 1})


def test_command_without_root_names_places_in_the_store(ward, reader, tmp_path) -> None:
    study = reported(ward, reader, verdict="accepted")
    digest = files.store_bytes(b"pixels")
    study.series.get().instances.update(digest=digest)
    out = tmp_path / "labels.csv"

    call_command("export_labels", "--out", str(out), "--json", stdout=StringIO())

    with out.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert list(rows[0]) == [
        *("path", "label_name", "split", "patient", "source"),
        *("sex", "age_years", "manufacturer", "manufacturer_model_name"),
    ]
    assert rows[0]["path"] == files.name_of(digest)


@pytest.mark.parametrize(
    "arguments",
    [["--out", "/nowhere/labels.csv"], ["--out", "labels.csv", "--since", "soon"]],
)
def test_command_refuses_what_it_cannot_use(arguments, tmp_path, monkeypatch) -> None:
    monkeypatch.chdir(tmp_path)

    with pytest.raises(SystemExit) as ended:
        call_command("export_labels", *arguments, stderr=StringIO())

    assert ended.value.code == 2
    assert list(tmp_path.iterdir()) == []
