"""The monitoring page: one's own departments' readings, as figures."""

from pathlib import Path

import pytest
from django.test import Client

from diagnosis.models import Alert, AlertRule, Finding, ShadowAnswer, VerdictKind
from diagnosis.services.activation import activate_model
from diagnosis.services.shadow import running_shadow, start_shadow
from diagnosis.services.watching import ensure_alert_rules
from hospital.accounts.models import Department, Role
from tests.rows import (
    make_department,
    make_finding,
    make_person,
    make_report,
    make_study,
)

pytestmark = pytest.mark.django_db


def test_figures_are_of_the_departments_that_one_sees(client: Client) -> None:
    own, other = make_department("radiology"), make_department("elsewhere")
    Department.objects.filter(id=own.id).update(name_zh="放射科")
    reader = make_person(Role.CLINICIAN, own)
    upheld, mended = make_study(own), make_study(own)
    for study, verdict, label in (
        (upheld, VerdictKind.ACCEPTED, ""),
        (mended, VerdictKind.CORRECTED, "NonCOVID"),
    ):
        finding = make_finding(study)
        finding.verdicts.create(reader=reader, verdict=verdict, label=label)
        make_report(study, reader, is_signed=True)
    make_finding(make_study(other))
    Finding.objects.update(positive_probability=0.82)

    client.force_login(reader)
    place = "/models/monitoring/?model=&days=30"
    page = client.get(place).content.decode()
    chinese = client.get(place, headers={"accept-language": "zh-hans"})

    assert '<dd class="figure">2</dd>' in page
    assert "50 % (9 to 91)" in page  # one of two upheld
    assert ">Radiology</td>" in page
    assert ">放射科</td>" in chinese.content.decode()
    assert "lsewhere" not in page
    assert "Change “" not in page  # rules are the administrator's


def test_alerts_are_of_the_hospital_and_the_departments_that_one_sees(
    client: Client,
) -> None:
    own, other = make_department("radiology"), make_department("elsewhere")
    for department in (own, other):
        make_finding(make_study(department))
    ensure_alert_rules()
    rule = AlertRule.objects.get(watched="drift")
    for source, value in (("", 0.51), ("radiology", 0.62), ("elsewhere", 0.73)):
        Alert.objects.create(
            rule=rule,
            model_name="tiny",
            model_version="1",
            source=source,
            value=value,
            low=0.4,
            high=0.9,
            n=40,
        )

    def shown(role: Role, *departments: Department) -> list[float]:
        client.force_login(make_person(role, *departments))
        alerts = client.get("/models/monitoring/").context["alerts"]
        return sorted(each.alert.value for each in alerts)

    assert shown(Role.MANAGER, own) == [0.51, 0.62]
    assert shown(Role.ADMINISTRATOR) == [0.51, 0.62, 0.73]


def test_nothing_read_says_what_to_do(client: Client) -> None:
    client.force_login(make_person(Role.MANAGER, make_department()))

    page = client.get("/models/monitoring/?days=nonsense").content.decode()

    assert "No readings in this time" in page
    assert "Upload studies" in page


def test_an_administrator_sets_a_rule(client: Client) -> None:
    client.force_login(make_person(Role.ADMINISTRATOR))
    ensure_alert_rules()
    rule = AlertRule.objects.get(watched="drift")
    place = f"/models/monitoring/rules/{rule.id}/"
    values = {"threshold": "0.35", "days": "14", "least": "50"}
    sent = {f"{rule.id}-{name}": value for name, value in values.items()}

    client.post(place, sent)
    kept = AlertRule.objects.get(id=rule.id)
    client.post(place, {**sent, f"{rule.id}-days": "4000"})

    assert (kept.threshold, kept.days, kept.least) == (0.35, 14, 50)
    assert not kept.is_on
    assert AlertRule.objects.get(id=rule.id).days == 14


def test_a_candidate_is_compared_and_ended_on_the_page(
    client: Client, model_store: Path
) -> None:
    activate_model(name="tiny", version="1", activated_by=None)
    shadow = start_shadow(name="tiny", version="2", started_by=None)
    finding = make_finding(make_study(make_department()))
    Finding.objects.update(positive_probability=0.82)
    ShadowAnswer.objects.create(
        shadow=shadow,
        finding=finding,
        label="NonCOVID",
        positive_probability=0.3,
        elapsed_ms=5,
    )
    client.force_login(make_person(Role.ADMINISTRATOR))

    page = client.get("/models/monitoring/?model=").content.decode()
    client.post("/models/shadow/ending/")

    assert "tiny/2 reads in shadow" in page
    assert "0 % (0 to 79)" in page  # the one answer that both gave differs
    assert running_shadow() is None
