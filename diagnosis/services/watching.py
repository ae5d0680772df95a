"""The clock looks at the model in service; people hear of what is out of bounds."""

from collections.abc import Iterable, Mapping
from datetime import datetime

from django.db import transaction
from django.urls import reverse

from diagnosis.models import Alert, AlertRule, Finding, ModelActivation
from diagnosis.notices import OUT_OF_BOUNDS
from diagnosis.observed import Watch, observations
from diagnosis.watched import Watched
from diagnosis.watching.estimates import Estimate, is_surely_beyond, is_within
from diagnosis.watching.figures import Observation, beside, summary
from hospital.accounts.models import Department, Role, User
from hospital.notices.services import notify

# The figure, whether the bound is an upper one, and the bound; a hospital sets its own.
FIRST_RULES: tuple[tuple[Watched, bool, float], ...] = (
    (Watched.AGREEMENT, False, 0.8),
    (Watched.CALIBRATION, True, 0.1),
    (Watched.CALIBRATION, False, -0.1),
    (Watched.DRIFT, True, 0.2),
    (Watched.ABSTENTION, True, 0.5),
    (Watched.TURNAROUND, True, 30.0),
    (Watched.SHADOW, False, 0.8),
)


def ensure_alert_rules() -> None:
    """Make the first rules where there are none; a rule once changed stays changed."""
    if not AlertRule.objects.exists():
        AlertRule.objects.bulk_create(
            [
                AlertRule(watched=watched, is_upper=is_upper, threshold=threshold)
                for watched, is_upper, threshold in FIRST_RULES
            ],
            ignore_conflicts=True,
        )


def watch_model(*, now: datetime) -> list[Alert]:
    """Judge every rule, for the whole hospital and each source; return new alerts."""
    ensure_alert_rules()
    active = ModelActivation.objects.order_by("-created").first()
    if active is None:
        return []
    _close_alerts_of_others(active, now)
    opened: list[Alert] = []
    for rule in AlertRule.objects.filter(is_on=True):
        watch = Watch(Finding.objects.all(), rule.days, str(active), now=now)
        recent, before = observations(watch)
        sources = ("", *sorted({each.source for each in recent}))
        for source in sources:
            figure = figures_of(
                [each for each in recent if source in ("", each.source)],
                [each for each in before if source in ("", each.source)],
            )[rule.watched]
            if figure and figure.n >= rule.least:
                opened += _judge(rule, active, source, figure, now)
    return opened


def figures_of(
    recent: list[Observation], before: list[Observation]
) -> Mapping[str, Estimate | None]:
    """Return what every rule is about."""
    said, candidate = summary(recent, before), beside(recent)
    return {
        Watched.AGREEMENT: said.agreement,
        Watched.CALIBRATION: said.calibration,
        Watched.DRIFT: said.drift,
        Watched.ABSTENTION: said.abstention,
        Watched.TURNAROUND: said.minutes_95,
        Watched.SHADOW: candidate.agreement if candidate else None,
    }


@transaction.atomic
def _judge(
    rule: AlertRule,
    active: ModelActivation,
    source: str,
    figure: Estimate,
    now: datetime,
) -> Iterable[Alert]:
    """Open an alert, keep it, or close it; people are told once, when it opens."""
    still_open = Alert.objects.filter(rule=rule, source=source, closed=None).first()
    if still_open:
        if is_within(figure, rule.threshold, is_upper=rule.is_upper):
            still_open.closed = now
        still_open.value, still_open.n = figure.value, figure.n
        still_open.low, still_open.high = figure.low, figure.high
        still_open.save()
        return []
    if not is_surely_beyond(figure, rule.threshold, is_upper=rule.is_upper):
        return []
    alert = Alert.objects.create(
        rule=rule,
        model_name=active.name,
        model_version=active.version,
        source=source,
        value=figure.value,
        low=figure.low,
        high=figure.high,
        n=figure.n,
    )
    notify(
        User.objects.filter(role__in=(Role.ADMINISTRATOR, Role.MANAGER)),
        kind=OUT_OF_BOUNDS,
        values={
            "model": alert.model,
            "watched": rule.watched,
            "source": source,
            "department": _names_of(source),
            "value": figure.value,
            "threshold": rule.threshold,
        },
        link=reverse("diagnosis:monitoring"),
        subject_id=alert.pk,
    )
    return [alert]


def _names_of(source: str) -> dict[str, str]:
    """Return what a department is called, for notices that outlive it."""
    if not source:
        return {}
    department = Department.objects.get(code=source)
    return {"name": department.name, "name_zh": department.name_zh}


def _close_alerts_of_others(active: ModelActivation, now: datetime) -> None:
    """Close what is about a model that is no longer in service, or a rule that is off."""
    still_open = Alert.objects.filter(closed=None)
    ours = still_open.filter(
        model_name=active.name, model_version=active.version, rule__is_on=True
    )
    still_open.exclude(pk__in=ours.values("pk")).update(closed=now, updated=now)
