"""Readings as they are watched: each with what the signed report said of it later."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from itertools import groupby
from typing import Any  # Any: rows as the database gives them

from django.db.models import F, OuterRef, QuerySet, Subquery
from django.utils import timezone

from diagnosis.models import (
    Finding,
    ModelActivation,
    ShadowAnswer,
    ShadowRun,
    Verdict,
    VerdictKind,
)
from diagnosis.watching.figures import Observation, Shadowed
from hospital.accounts.models import Department
from hospital.jobs.models import Job

MOST_READINGS = 20_000  # of which figures are made; the newest count
BEFORE = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Watch:
    """What is looked at.

    Attributes:
        findings: Those that may be seen.
        model: NAME/VERSION; empty for every one.
        source: Code of a department; empty for every one.
        days: How many, up to now.
    """

    findings: QuerySet[Finding]
    days: int
    model: str = ""
    source: str = ""
    now: datetime = field(default_factory=timezone.now)

    @property
    def since(self) -> datetime:
        return self.now - timedelta(days=self.days)


def observations(watch: Watch) -> tuple[list[Observation], list[Observation]]:
    """Return the readings of the days looked at, oldest first, and those before."""
    found = list(_observed(watch))
    recent = [each for each in found if each.at >= watch.since]
    return recent, [each for each in found if each.at < watch.since]


def models_observed(findings: QuerySet[Finding]) -> list[str]:
    """Return NAME/VERSION of every model that read."""
    rows = findings.order_by("model_name", "model_version").values_list(
        "model_name", "model_version"
    )
    return [f"{name}/{version}" for name, version in rows.distinct()]


def sources_observed(findings: QuerySet[Finding]) -> dict[str, str]:
    """Return the departments whose studies were read, by code, in the reader's words."""
    seen = Department.objects.filter(id__in=findings.values("study__department"))
    return {each.code: str(each) for each in seen}


def by_period(
    readings: Sequence[Observation], *, today: date, days: int, count: int
) -> list[tuple[date, list[Observation]]]:
    """Return readings by stretches of so many days, the last of which ends today."""
    starts = [today - timedelta(days=days * (back + 1) - 1) for back in range(count)][
        ::-1
    ]
    place = {
        number: list(group)
        for number, group in groupby(
            readings, key=lambda each: (each.day - starts[0]).days // days
        )
    }
    return [(start, place.get(number, [])) for number, start in enumerate(starts)]


def reference_in_service() -> str:
    """Return NAME/VERSION of the model in service; empty where there is none."""
    active = ModelActivation.objects.order_by("-created").first()
    return str(active) if active else ""


def _observed(watch: Watch) -> Iterator[Observation]:
    findings = watch.findings.filter(
        created__gte=watch.since - BEFORE, created__lte=watch.now
    )
    if watch.model:
        name, _, version = watch.model.partition("/")
        findings = findings.filter(model_name=name, model_version=version)
    if watch.source:
        findings = findings.filter(study__department__code=watch.source)
    verdicts = Verdict.objects.filter(
        finding=OuterRef("pk"), created__lte=OuterRef("study__report__signed")
    ).order_by("-created")
    shadow = ShadowRun.objects.order_by("-created").first()
    answers = ShadowAnswer.objects.filter(finding=OuterRef("pk"), shadow=shadow)
    rows = (
        findings.annotate(
            said=Subquery(verdicts.values("verdict")[:1]),
            said_label=Subquery(verdicts.values("label")[:1]),
            asked=Subquery(Job.objects.filter(id=OuterRef("job_id")).values("created")),
            shadow_label=Subquery(answers.values("label")),
            shadow_abstained=Subquery(answers.values("abstained")),
            shadow_p=Subquery(answers.values("positive_probability")),
            patient=F("study__patient_id"),
            source=F("study__department__code"),
        )
        .order_by("-created")
        .values(
            *("created", "model_name", "model_version", "label", "is_positive"),
            *("abstained", "positive_probability", "unlikeness", "probabilities"),
            *("said", "said_label", "asked", "patient", "source"),
            *("shadow_label", "shadow_abstained", "shadow_p"),
        )[:MOST_READINGS]
    )
    for row in reversed(rows):
        yield _observation(row, str(shadow) if shadow else "")


def _observation(row: dict[str, Any], shadow: str) -> Observation:
    agreed, found = _signed(row)
    asked = row["asked"]
    return Observation(
        at=row["created"],
        day=timezone.localdate(row["created"]),
        patient=row["patient"],
        model=f"{row['model_name']}/{row['model_version']}",
        source=row["source"],
        label=row["label"],
        is_positive=row["is_positive"],
        abstained=row["abstained"],
        probability=row["positive_probability"],
        unlikeness=row["unlikeness"],
        minutes=(row["created"] - asked).total_seconds() / 60 if asked else None,
        is_agreed=agreed,
        is_found=found,
        signed_label=_signed_label(row),
        shadow=Shadowed(
            shadow, row["shadow_label"], row["shadow_abstained"], row["shadow_p"]
        )
        if row["shadow_p"] is not None
        else None,
    )


def _signed(row: dict[str, Any]) -> tuple[bool | None, bool | None]:
    """Return whether the signed reader upheld the label, and whether it is there.

    Of more than two labels a correction or a rejection says only what it is not.
    """
    if not row["said"]:
        return None, None
    agreed = row["said"] == VerdictKind.ACCEPTED
    if agreed:
        return True, row["is_positive"]
    is_told = row["is_positive"] or len(row["probabilities"]) == 2
    return False, (not row["is_positive"]) if is_told else None


def _signed_label(row: dict[str, Any]) -> str:
    """Return what the signed reader says it shows; of a rejection, the one label left."""
    if row["said"] == VerdictKind.ACCEPTED:
        return str(row["label"])
    if row["said"] == VerdictKind.CORRECTED:
        return str(row["said_label"])
    left = set(row["probabilities"]) - {row["label"]}
    return left.pop() if row["said"] and len(left) == 1 else ""
