"""Who may judge a finding, and what a verdict does."""

import pytest
from django.db import InternalError, transaction

from diagnosis.models import CriticalResult, StudyStatus, Verdict
from diagnosis.services.verdict import judge_finding
from hospital.accounts.models import Role
from hospital.core.errors import Conflict, InvalidInput, NotPermitted
from tests.rows import make_department, make_finding, make_person, make_study

pytestmark = pytest.mark.django_db


@pytest.fixture
def ward():
    return make_department("respiratory-medicine")


@pytest.fixture
def reader(ward):
    return make_person(Role.CLINICIAN, ward)


@pytest.fixture
def finding(ward):
    return make_finding(make_study(ward))


def test_first_verdict_makes_the_reader(finding, reader) -> None:
    verdict = judge_finding(finding=finding, reader=reader, verdict="accepted")

    finding.study.refresh_from_db()
    assert (verdict.verdict, verdict.label) == ("accepted", "")
    assert finding.study.reader == reader


def test_second_reader_does_not_replace_the_first(finding, reader, ward) -> None:
    judge_finding(finding=finding, reader=reader, verdict="accepted")
    second = make_person(Role.CLINICIAN, ward)

    judge_finding(finding=finding, reader=second, verdict="rejected")

    finding.study.refresh_from_db()
    assert finding.study.reader == reader
    assert finding.verdicts.first().reader == second


def test_same_verdict_again_changes_nothing(finding, reader) -> None:
    first = judge_finding(finding=finding, reader=reader, verdict="accepted")

    second = judge_finding(finding=finding, reader=reader, verdict="accepted")

    assert first == second
    assert Verdict.objects.count() == 1


def test_comment_is_kept_as_far_as_there_is_room(finding, reader) -> None:
    said = {"verdict": "rejected", "comment": f" {'x' * 1001}"}

    first = judge_finding(finding=finding, reader=reader, **said)
    again = judge_finding(finding=finding, reader=reader, **said)

    assert (first.comment, again) == ("x" * 1000, first)


def test_changed_mind_keeps_both_verdicts(finding, reader) -> None:
    judge_finding(finding=finding, reader=reader, verdict="accepted")
    judge_finding(finding=finding, reader=reader, verdict="corrected", label="NonCOVID")

    kept = list(finding.verdicts.values_list("verdict", "label"))

    assert kept == [("corrected", "NonCOVID"), ("accepted", "")]


@pytest.mark.parametrize("label", ["", "Pneumothorax"])
def test_correction_without_a_label_of_the_model_is_refused(
    finding, reader, label
) -> None:
    with pytest.raises(InvalidInput) as refused:
        judge_finding(finding=finding, reader=reader, verdict="corrected", label=label)

    assert refused.value.code == "unknown_label"
    assert Verdict.objects.count() == 0


def test_unknown_verdict_is_refused(finding, reader) -> None:
    with pytest.raises(InvalidInput) as refused:
        judge_finding(finding=finding, reader=reader, verdict="perhaps")

    assert refused.value.code == "unknown_verdict"


def test_abstention_cannot_be_accepted(finding, reader) -> None:
    finding.abstained = True

    with pytest.raises(InvalidInput) as refused:
        judge_finding(finding=finding, reader=reader, verdict="accepted")

    assert refused.value.code == "abstained"


@pytest.mark.parametrize("role", [role for role in Role if role != Role.CLINICIAN])
def test_only_a_clinician_may_judge(finding, ward, role) -> None:
    with pytest.raises(NotPermitted) as refused:
        judge_finding(
            finding=finding, reader=make_person(role, ward), verdict="accepted"
        )

    assert refused.value.code == "clinicians_only"
    assert Verdict.objects.count() == 0


def test_clinician_of_another_department_may_not_judge(finding) -> None:
    stranger = make_person(Role.CLINICIAN, make_department("dermatology"))

    with pytest.raises(NotPermitted) as refused:
        judge_finding(finding=finding, reader=stranger, verdict="accepted")

    assert refused.value.code == "other_department"
    assert Verdict.objects.count() == 0


def test_signed_study_is_no_longer_judged(finding, reader) -> None:
    finding.study.status = StudyStatus.SIGNED
    finding.study.save()

    with pytest.raises(Conflict) as refused:
        judge_finding(finding=finding, reader=reader, verdict="accepted")

    assert refused.value.code == "study_signed"
    assert Verdict.objects.count() == 0


def test_database_keeps_a_verdict_as_it_was(finding, reader) -> None:
    verdict = judge_finding(finding=finding, reader=reader, verdict="accepted")
    verdict.verdict = "rejected"

    with pytest.raises(InternalError), transaction.atomic():
        verdict.save()

    assert Verdict.objects.get().verdict == "accepted"


def test_accepted_label_of_the_list_raises_a_critical_result_once(
    finding, reader, settings
) -> None:
    settings.CRITICAL_FINDINGS = {"covid": 0.8}
    judge_finding(finding=finding, reader=reader, verdict="accepted")
    judge_finding(finding=finding, reader=reader, verdict="rejected")

    judge_finding(finding=finding, reader=reader, verdict="accepted")

    critical = CriticalResult.objects.get()
    assert (critical.finding, critical.raised_by) == (finding, reader)


@pytest.mark.parametrize(
    ("threshold", "verdict"), [(0.83, "accepted"), (0.5, "rejected")]
)
def test_no_critical_result_below_the_threshold_or_when_rejected(
    finding, reader, settings, threshold, verdict
) -> None:
    settings.CRITICAL_FINDINGS = {"COVID": threshold}

    judge_finding(finding=finding, reader=reader, verdict=verdict)

    assert CriticalResult.objects.count() == 0


def test_corrected_label_of_the_list_is_critical_at_any_probability(
    finding, reader, settings
) -> None:
    settings.CRITICAL_FINDINGS = {"NonCOVID": 0.99}

    judge_finding(finding=finding, reader=reader, verdict="corrected", label="NonCOVID")

    assert CriticalResult.objects.count() == 1
