"""The charts of the monitoring page, week by week, from readings, reports and jobs."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.test import Client
from django.utils import timezone

from diagnosis.models import Alert, AlertRule, Finding, ShadowAnswer, VerdictKind
from diagnosis.services.activation import activate_model
from diagnosis.services.shadow import start_shadow
from diagnosis.services.watching import ensure_alert_rules
from hospital.accounts.models import Department, Role, User
from hospital.core.plots import Panel
from hospital.jobs.models import Job
from tests.rows import (
    make_department,
    make_finding,
    make_person,
    make_report,
    make_study,
)

pytestmark = pytest.mark.django_db
WEEKS = "/models/monitoring/?model=&days=91"
A_WEEK = timedelta(days=7)


def reading(department: Department, ago: timedelta, **facts: object) -> Finding:
    """Make a finding of a patient of its own, some time ago."""
    finding = make_finding(make_study(department))
    facts = {"positive_probability": 0.8, **facts}
    Finding.objects.filter(id=finding.id).update(created=timezone.now() - ago, **facts)
    finding.refresh_from_db()
    return finding


def signed(finding: Finding, reader: User, verdict: VerdictKind) -> None:
    label = "NonCOVID" if verdict == VerdictKind.CORRECTED else ""
    finding.verdicts.create(reader=reader, verdict=verdict, label=label)
    make_report(finding.study, reader, is_signed=True)


def asked(finding: Finding, *, minutes: int) -> None:
    """Let a job be asked for so long before its answer."""
    job = Job.objects.create(kind="diagnosis.read_study", key=str(finding.id))
    before = finding.created - timedelta(minutes=minutes)
    Job.objects.filter(id=job.id).update(created=before)
    Finding.objects.filter(id=finding.id).update(job_id=job.id)


def test_each_week_has_its_volume_turnaround_calibration_and_drift(
    client: Client, model_store: Path
) -> None:
    department = make_department("radiology")
    reader = make_person(Role.CLINICIAN, department)
    for _ in range(20):  # as many as a drift takes
        reading(department, A_WEEK, unlikeness=0.2)
    found = [reading(department, timedelta(), unlikeness=0.9) for _ in range(16)]
    for _ in range(3):
        reading(department, timedelta(), unlikeness=0.9, is_positive=False)
    reading(department, timedelta(), unlikeness=0.9, abstained=True)
    for finding in found[:3]:
        signed(finding, reader, VerdictKind.ACCEPTED)
    signed(found[3], reader, VerdictKind.CORRECTED)
    asked(found[0], minutes=2)
    asked(found[1], minutes=4)
    activate_model(name="tiny", version="1", activated_by=None, note="first")
    shadow = start_shadow(name="tiny", version="2", started_by=None)
    ShadowAnswer.objects.create(
        shadow=shadow,
        finding=found[0],
        label="COVID",
        positive_probability=0.7,
        elapsed_ms=5,
    )
    ensure_alert_rules()
    Alert.objects.create(
        rule=AlertRule.objects.get(watched="drift"),
        model_name="ct-covid",
        model_version="1",
        source="",
        value=0.51,
        low=0.4,
        high=0.9,
        n=40,
    )

    client.force_login(reader)
    answer = client.get(WEEKS)

    panels: list[Panel] = answer.context["panels"]
    weeks = {str(panel.title): [row[1:] for row in panel.rows] for panel in panels}
    assert {len(rows) for rows in weeks.values()} == {13}
    assert weeks["Readings"][-3:] == [
        ["0", "0", "0"],
        ["20", "0", "0"],
        ["16", "3", "1"],
    ]
    assert weeks["Minutes from the asking to the answer"][-2:] == [
        ["–", "–"],
        ["3.0", "3.9"],
    ]
    assert weeks["Calibration"][-2:] == [
        ["–", "–"],
        ["80 % (80 to 80)", "75 % (30 to 95)"],  # of four, three are there
    ]
    assert weeks["Drift of the images"][-2:] == [["–"], ["100 % (34 to 100)"]]
    page = answer.content.decode()
    for panel in panels:
        chart = page.split(f">{panel.title}</h2>")[1].split("</section>")[0]
        assert "<svg viewBox" in chart
        assert chart.count("<tr>") == 14  # the head, and thirteen weeks
    assert "tiny/2 reads in shadow" in page
    assert [shown.alert.value for shown in answer.context["alerts"]] == [0.51]
