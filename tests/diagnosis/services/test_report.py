"""A report: drafted, edited by version, signed once, amended by addendum."""

import threading

import pytest
from django.db import InternalError, connection, transaction
from django.test.utils import CaptureQueriesContext

from diagnosis.models import CriticalResult, Report, ReportAddendum, StudyStatus
from diagnosis.services.critical import acknowledge_critical, raise_critical
from diagnosis.services.draft import draft_for
from diagnosis.services.report import (
    ReportText,
    StaleReport,
    add_addendum,
    save_report,
    sign_report,
)
from diagnosis.services.verdict import judge_finding
from hospital.accounts.models import Role
from hospital.core.errors import Conflict, DomainError, InvalidInput, NotPermitted
from hospital.records.models import DiagnosticReport
from tests.rows import make_department, make_finding, make_person, make_study

pytestmark = pytest.mark.django_db
TEXT = ReportText("CT of the chest.", "Ground-glass opacity.", "Viral pneumonia.")


@pytest.fixture
def ward():
    return make_department("respiratory-medicine")


@pytest.fixture
def reader(ward):
    return make_person(Role.CLINICIAN, ward, username="reader")


@pytest.fixture
def study(ward):
    return make_study(ward, status=StudyStatus.READ)


@pytest.fixture
def drafted(study, reader) -> Report:
    return save_report(study=study, author=reader, text=TEXT, expected_version=0)


@pytest.fixture
def signed(study, drafted, reader) -> Report:
    return sign_report(study=study, signer=reader)


# --- Drafting


def test_draft_says_what_was_accepted_with_its_model(study, reader) -> None:
    judge_finding(finding=make_finding(study), reader=reader, verdict="accepted")

    draft = draft_for(study)

    assert draft.findings.splitlines() == [
        "COVID-19 pattern (AI ct-covid/1: 82 %; accepted by the reader).",
        (
            "Drafted with the help of AI (ct-covid/1, research use only); "
            "the reader judged every statement."
        ),
    ]
    assert draft.impression == "COVID-19 pattern."
    assert draft.left_out == ()


def test_draft_prefers_the_readers_word(study, reader) -> None:
    finding = make_finding(study)
    judge_finding(finding=finding, reader=reader, verdict="corrected", label="NonCOVID")

    draft = draft_for(study)

    assert draft.impression == "No COVID-19 pattern."
    assert "had said: COVID-19 pattern, 82 %" in draft.findings


@pytest.mark.parametrize(
    ("verdict", "words"),
    [("rejected", "you rejected what AI said"), ("", "nobody has judged what AI said")],
)
def test_draft_lists_what_it_leaves_out(study, reader, verdict, words) -> None:
    finding = make_finding(study)
    if verdict:
        judge_finding(finding=finding, reader=reader, verdict=verdict)

    draft = draft_for(study)

    assert (draft.findings, draft.impression) == ("", "")
    assert len(draft.left_out) == 1
    assert words in draft.left_out[0]


def test_draft_lists_an_abstention_with_its_reason(study) -> None:
    finding = make_finding(study)
    finding.abstained, finding.label, finding.probability = True, "", None
    finding.reason = "The series shows a head."
    finding.save()

    draft = draft_for(study)

    assert draft.left_out == ("CT: AI gave no answer. The series shows a head.",)


def test_technique_tells_how_the_series_was_taken(study) -> None:
    series = study.series.get()
    series.kernel = "B70f"
    series.save()
    series.instances.update(
        attributes={
            "00180050": {"vr": "DS", "Value": [1.5]},
            "00180060": {"vr": "DS", "Value": [120]},
        }
    )

    technique = draft_for(study).technique

    assert technique.splitlines() == [
        "CT chest.",
        "Series CT: 1 image, slice thickness 1.5 mm, 120 kV, kernel B70f.",
    ]


# --- Editing


def test_first_save_makes_version_one_and_marks_the_study(study, drafted) -> None:
    study.refresh_from_db()

    assert drafted.version == 1
    assert study.status == StudyStatus.REPORTED
    assert study.reader == drafted.edited_by


def test_save_of_another_text_counts_up(study, drafted, reader) -> None:
    text = ReportText("", "Clear lungs.", "Normal.")

    saved = save_report(study=study, author=reader, text=text, expected_version=1)

    assert (saved.version, saved.impression) == (2, "Normal.")


def test_save_of_the_same_text_is_no_new_version(study, drafted, reader) -> None:
    saved = save_report(study=study, author=reader, text=TEXT, expected_version=1)

    assert saved.version == 1


@pytest.mark.parametrize("expected", [0, 2])
def test_save_over_another_version_is_refused_and_shows_it(
    study, drafted, reader, expected
) -> None:
    text = ReportText("", "", "Mine")

    with pytest.raises(StaleReport) as refused:
        save_report(study=study, author=reader, text=text, expected_version=expected)

    assert refused.value.newer == drafted
    assert refused.value.status == 412
    assert Report.objects.get().impression == TEXT.impression


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CLINICIAN])
def test_only_a_clinician_writes_signs_and_adds(study, drafted, ward, role) -> None:
    person = make_person(role, ward)
    text = ReportText("", "", "x")

    for attempt in (
        lambda: save_report(study=study, author=person, text=text, expected_version=1),
        lambda: sign_report(study=study, signer=person),
        lambda: add_addendum(study=study, signer=person, text="x"),
        lambda: raise_critical(study=study, reader=person, reason="x"),
    ):
        with pytest.raises(NotPermitted) as refused:
            attempt()
        assert refused.value.code == "clinicians_only"

    report = Report.objects.get()
    assert (report.version, report.is_signed) == (1, False)
    assert CriticalResult.objects.count() == 0


def test_clinician_of_another_department_may_not_sign(study, drafted) -> None:
    stranger = make_person(Role.CLINICIAN, make_department("dermatology"))

    with pytest.raises(NotPermitted) as refused:
        sign_report(study=study, signer=stranger)

    assert refused.value.code == "other_department"
    assert not Report.objects.get().is_signed


# --- Signing


def test_signing_hands_the_report_to_the_record(study, reader) -> None:
    judge_finding(finding=make_finding(study), reader=reader, verdict="accepted")
    save_report(study=study, author=reader, text=TEXT, expected_version=0)

    report = sign_report(study=study, signer=reader, expected_version=1)

    study.refresh_from_db()
    record = DiagnosticReport.objects.get()
    assert study.status == StudyStatus.SIGNED
    assert report.record == record
    assert (record.patient, record.signed_by) == (study.patient, reader)
    assert (record.findings, record.impression) == (TEXT.findings, TEXT.impression)
    assert record.issued == report.signed
    assert [(ai["model"], ai["digest"], ai["verdict"]) for ai in report.assistance] == [
        ("ct-covid", "0" * 64, "accepted")
    ]
    assert [set(ai) for ai in record.assistance] == [{"model", "version", "digest"}]
    assert record.assistance[0]["model"] == "ct-covid"


def test_signing_nothing_is_refused(study, reader) -> None:
    with pytest.raises(InvalidInput) as refused:
        sign_report(study=study, signer=reader)

    assert refused.value.code == "no_report"
    assert DiagnosticReport.objects.count() == 0


def test_signing_without_an_impression_is_refused(study, reader) -> None:
    text = ReportText("CT", "Clear", " ")
    save_report(study=study, author=reader, text=text, expected_version=0)

    with pytest.raises(InvalidInput) as refused:
        sign_report(study=study, signer=reader)

    assert refused.value.code == "impression_missing"
    assert not Report.objects.get().is_signed


def test_signing_another_version_than_seen_is_refused(study, drafted, reader) -> None:
    with pytest.raises(StaleReport):
        sign_report(study=study, signer=reader, expected_version=7)

    assert not Report.objects.get().is_signed


def test_signing_twice_is_refused(study, signed, reader) -> None:
    with pytest.raises(Conflict) as refused:
        sign_report(study=study, signer=reader)

    assert refused.value.code == "report_signed"
    assert DiagnosticReport.objects.count() == 1


def test_signed_report_is_no_longer_edited(study, signed, reader) -> None:
    text = ReportText("", "", "Other")

    with pytest.raises(Conflict) as refused:
        save_report(study=study, author=reader, text=text, expected_version=1)

    assert refused.value.code == "report_signed"
    assert Report.objects.get().impression == TEXT.impression


def test_database_refuses_to_change_a_signed_report(signed) -> None:
    with pytest.raises(InternalError), transaction.atomic():
        Report.objects.update(impression="Other")
    with pytest.raises(InternalError), transaction.atomic():
        Report.objects.all().delete()

    assert Report.objects.get().impression == TEXT.impression


@pytest.mark.django_db(transaction=True)
def test_of_two_who_sign_at_once_one_wins_and_the_other_is_told(ward) -> None:
    study = make_study(ward, status=StudyStatus.READ)
    readers = [make_person(Role.CLINICIAN, ward) for _ in range(2)]
    save_report(study=study, author=readers[0], text=TEXT, expected_version=0)
    start = threading.Barrier(2)
    ends: list[str] = []

    def sign(person) -> None:
        try:
            start.wait()
            sign_report(study=study, signer=person)
            ends.append("signed")
        except DomainError as error:
            ends.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=sign, args=[person]) for person in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(ends) == ["report_signed", "signed"]
    assert DiagnosticReport.objects.count() == 1
    assert Report.objects.get().signed_by in readers


@pytest.mark.django_db(transaction=True)
def test_of_two_who_save_the_same_version_at_once_one_is_told(ward) -> None:
    study = make_study(ward, status=StudyStatus.READ)
    readers = [make_person(Role.CLINICIAN, ward) for _ in range(2)]
    start = threading.Barrier(2)
    ends: list[str] = []

    def save(person) -> None:
        text = ReportText("", "", person.username)
        try:
            start.wait()
            save_report(study=study, author=person, text=text, expected_version=0)
            ends.append("saved")
        except DomainError as error:
            ends.append(error.code)
        finally:
            connection.close()

    threads = [threading.Thread(target=save, args=[person]) for person in readers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=30)

    assert sorted(ends) == ["report_changed", "saved"]
    assert Report.objects.get().version == 1


# --- Addenda


def test_addendum_amends_the_record_and_leaves_the_report(
    study, signed, reader
) -> None:
    addendum = add_addendum(study=study, signer=reader, text=" Seen again. ")

    record = DiagnosticReport.objects.get()
    assert (addendum.text, addendum.signed_by) == ("Seen again.", reader)
    assert record.status == "amended"
    assert record.addenda.splitlines()[-1] == "Seen again."
    assert Report.objects.get().impression == TEXT.impression


def test_addendum_to_a_draft_is_refused(study, drafted, reader) -> None:
    with pytest.raises(Conflict) as refused:
        add_addendum(study=study, signer=reader, text="More")

    assert refused.value.code == "report_not_signed"
    assert ReportAddendum.objects.count() == 0


def test_empty_addendum_is_refused(study, signed, reader) -> None:
    with pytest.raises(InvalidInput):
        add_addendum(study=study, signer=reader, text=" ")

    assert DiagnosticReport.objects.get().status == "final"


def test_database_keeps_an_addendum_as_it_was(study, signed, reader) -> None:
    add_addendum(study=study, signer=reader, text="More")

    with pytest.raises(InternalError), transaction.atomic():
        ReportAddendum.objects.update(text="Less")
    with pytest.raises(InternalError), transaction.atomic():
        ReportAddendum.objects.all().delete()


# --- Critical results


def test_unacknowledged_critical_result_stops_the_signature(
    study, drafted, reader
) -> None:
    raise_critical(study=study, reader=reader, reason="Tension pneumothorax")

    with pytest.raises(Conflict) as refused:
        sign_report(study=study, signer=reader)

    assert refused.value.code == "critical_unacknowledged"
    assert not Report.objects.get().is_signed


def test_raising_a_critical_result_locks_the_study(study, reader) -> None:
    with CaptureQueriesContext(connection) as queries:
        raise_critical(study=study, reader=reader, reason="Pneumothorax")

    locks = [q["sql"] for q in queries if "FOR UPDATE" in q["sql"]]
    assert len(locks) == 1
    assert '"diagnosis_study"' in locks[0]


def test_acknowledged_critical_result_lets_sign(study, drafted, reader) -> None:
    critical = raise_critical(study=study, reader=reader, reason="Pneumothorax")

    acknowledge_critical(critical=critical, reader=reader, note="Dr Wang, by phone")

    assert sign_report(study=study, signer=reader).is_signed
    critical.refresh_from_db()
    assert (critical.acknowledged_by, critical.note) == (reader, "Dr Wang, by phone")


@pytest.mark.parametrize("note", ["", "   "])
def test_acknowledgement_says_who_was_told(study, reader, note) -> None:
    critical = raise_critical(study=study, reader=reader, reason="Pneumothorax")

    with pytest.raises(InvalidInput) as refused:
        acknowledge_critical(critical=critical, reader=reader, note=note)

    assert refused.value.code == "note_missing"
    assert not CriticalResult.objects.get().is_acknowledged


def test_acknowledgement_stands(study, reader) -> None:
    critical = raise_critical(study=study, reader=reader, reason="Pneumothorax")
    acknowledge_critical(critical=critical, reader=reader, note="Dr Wang, by phone")

    with pytest.raises(Conflict) as refused:
        acknowledge_critical(critical=critical, reader=reader, note="Nobody")
    with pytest.raises(InternalError), transaction.atomic():
        CriticalResult.objects.update(note="Nobody")
    with pytest.raises(InternalError), transaction.atomic():
        CriticalResult.objects.all().delete()

    assert refused.value.code == "already_acknowledged"
    assert CriticalResult.objects.get().note == "Dr Wang, by phone"


def test_critical_result_without_a_reason_is_refused(study, reader) -> None:
    with pytest.raises(InvalidInput):
        raise_critical(study=study, reader=reader, reason=" ")

    assert CriticalResult.objects.count() == 0
