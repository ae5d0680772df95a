"""The report as PDF: text that can be found again, in Chinese and in Latin."""

import subprocess
from pathlib import Path

import pytest

from diagnosis.models import Report, StudyStatus
from diagnosis.paper import ReportPaper, report_pdf
from diagnosis.selectors import ai_assistance
from diagnosis.services.report import ReportText, save_report, sign_report
from diagnosis.services.verdict import judge_finding
from hospital.accounts.models import Role
from hospital.records.models import PatientName
from tests.rows import make_department, make_finding, make_person, make_study

pytestmark = pytest.mark.django_db
TEXT = ReportText(
    "CT 胸部平扫。", "Müller, Łódź, ≥ 3 mm <b>& 磨玻璃影</b>.", "病毒性肺炎。"
)


def pdf_text(data: bytes) -> str:
    if not Path("/usr/share/poppler/cidToUnicode").exists():
        pytest.skip("pdftotext with poppler-data is not installed")
    done = subprocess.run(
        ["pdftotext", "-layout", "-", "-"], input=data, capture_output=True, check=True
    )
    return done.stdout.decode()


def paper_of(study, *, is_signed: bool) -> ReportPaper:
    reader = make_person(Role.CLINICIAN, study.department, username="reader")
    reader.first_name, reader.last_name = "静", "王"
    reader.save()
    judge_finding(finding=make_finding(study), reader=reader, verdict="accepted")
    save_report(study=study, author=reader, text=TEXT, expected_version=0)
    if is_signed:
        sign_report(study=study, signer=reader)
    report = Report.objects.get(study=study)
    return ReportPaper.of(
        study,
        report,
        assistance=ai_assistance(study),
        url="http://localhost:8000/studies/1/",
    )


@pytest.fixture
def study():
    study = make_study(make_department("respiratory-medicine"), status=StudyStatus.READ)
    PatientName.objects.create(patient=study.patient, script="ideographic", text="李宁")
    return study


def test_pdf_holds_names_text_model_and_signature(study) -> None:
    text = pdf_text(report_pdf(paper_of(study, is_signed=True)))

    for words in (
        "李宁",
        "Ning^Li",
        "CT 胸部平扫",
        "Müller, Łódz, ≥ 3 mm <b>& 磨玻璃影</b>",
        "病毒性肺炎",
        "ct-covid, version 1, digest 0000000000000000",
        "Research use only",
        "Signed by",
        "王",
        study.patient.hospital_number,
    ):
        assert words in text, words
    assert "NOT SIGNED" not in text


def test_pdf_of_a_draft_says_so(study) -> None:
    text = pdf_text(report_pdf(paper_of(study, is_signed=False)))

    assert "Not signed" in text


def test_direction_overrides_do_not_reach_the_paper(study) -> None:
    PatientName.objects.filter(patient=study.patient).update(text="Eve\u202eatad")

    data = report_pdf(paper_of(study, is_signed=True))

    assert "Eveatad" in pdf_text(data)


def test_many_pages_are_numbered(study) -> None:
    paper = paper_of(study, is_signed=True)
    long = ReportPaper(
        **{
            name: getattr(paper, name)
            for name in ReportPaper.__dataclass_fields__
            if name != "parts"
        },
        parts=(("Findings", "\n".join(f"Line {number}." for number in range(150))),),
    )

    text = pdf_text(report_pdf(long))

    assert "Line 149." in text
    assert "Page 3" in text
