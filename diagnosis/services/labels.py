"""Verdicts of signed reports, and readers' labels, that a network can learn from.

A finding that its reader accepted or corrected gives one label to the image the model
looked at. A rejected one gives none: it says only what the image does not show. A study
labelled for learning gives the label that stands to each slice with a mark, else to one
slice. Names and numbers stay here; a patient is a pseudonym, and keeps one split for ever.
"""

import hashlib
from collections.abc import Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from uuid import UUID

from diagnosis import files
from diagnosis.models import (
    Finding,
    Instance,
    Label,
    LabelProject,
    Report,
    Series,
    Study,
    Verdict,
    VerdictKind,
)
from diagnosis.selectors import latest_findings
from diagnosis.selectors.labelling import standing_labels
from diagnosis.subgroups import SUBGROUP_COLUMNS, subgroups

# Shares of the patients, by where their hash falls in [0, 1).
SPLITS = (("train", 0.70), ("val", 0.85), ("test", 1.0))
MANIFEST_COLUMNS = (
    *("path", "label_name", "split", "patient", "source"),
    *SUBGROUP_COLUMNS,
)
ENDINGS = {"image/png": ".png", "image/jpeg": ".jpg"}


@dataclass(frozen=True, slots=True)
class TrainingRow:
    """One labelled image: the row of a manifest, and the object's digest.

    Attributes:
        groups: The values of `SUBGROUP_COLUMNS`.
    """

    path: str
    label_name: str
    split: str
    patient: str
    source: str
    digest: str
    ending: str
    groups: tuple[str, ...]

    @property
    def cells(self) -> tuple[str, ...]:
        """The row of a manifest, in the order of its columns."""
        return (
            *(self.path, self.label_name, self.split, self.patient, self.source),
            *self.groups,
        )


def training_rows(
    *, since: datetime | None = None, without: Collection[UUID] = ()
) -> Iterator[TrainingRow]:
    """Yield the labels of reports signed since a moment, oldest first.

    Args:
        since: The moment; None for all.
        without: Studies whose reports give none.

    `path` is the object's place in the file store; `digest` and `ending` serve to
    export it under a name that says what it is.
    """
    reports = Report.objects.filter(signed__isnull=False)
    if since:
        reports = reports.filter(signed__gte=since)
    reports = reports.exclude(study__in=without)
    reports = reports.select_related("study__department").order_by("signed", "id")
    for report in reports.iterator():
        for finding in latest_findings(report.study):
            row = _row(report, finding)
            if row:
                yield row


def labelled_rows(project: LabelProject) -> Iterator[TrainingRow]:
    """Yield the labels that stand in a project of readers, oldest study first."""
    for label in standing_labels(project):
        for image, answer in _labelled_images(label):
            yield _training_row(label.study, image, answer)


def renewal_rows(projects: Iterable[LabelProject]) -> Iterator[TrainingRow]:
    """Yield what readers said in projects, then what signed reports say of the rest.

    A study that readers labelled gives what they said, in the first of the projects.
    """
    told: set[UUID] = set()
    for project in projects:
        labels = standing_labels(project)
        for label in labels:
            if label.study_id not in told:
                for image, answer in _labelled_images(label):
                    yield _training_row(label.study, image, answer)
        told |= {label.study_id for label in labels}
    yield from training_rows(without=told)


def _labelled_images(label: Label) -> list[tuple[Instance, str]]:
    """Return the slices that a label is about, each with what it shows.

    A slice marked with several labels is given the study's answer.
    """
    shown: dict[Instance, set[str]] = {}
    for mark in label.marks.all():
        shown.setdefault(mark.instance, set()).add(mark.answer)
    if shown:
        return [
            (image, next(iter(answers)) if len(answers) == 1 else label.answer)
            for image, answers in shown.items()
        ]
    findings = latest_findings(label.study)
    image = _image(findings[0]) if findings else _middle_image(label.study)
    return [(image, label.answer)] if image else []


def _row(report: Report, finding: Finding) -> TrainingRow | None:
    label = _label(finding, signed=report.signed)
    image = _image(finding)
    if not label or image is None:
        return None
    return _training_row(report.study, image, label)


def _training_row(study: Study, image: Instance, label: str) -> TrainingRow:
    return TrainingRow(
        path=files.name_of(image.digest),
        label_name=label,
        split=split_of(study.patient_id),
        patient=_pseudonym(study.patient_id),
        source=study.department.code,
        digest=image.digest,
        ending=ENDINGS.get(image.media_type, ".dcm"),
        groups=subgroups(image.attributes),
    )


def _label(finding: Finding, *, signed: datetime | None) -> str:
    """Return the label that the signed reader stood by; empty when there is none."""
    verdict: Verdict | None = next(iter(finding.verdicts.all()), None)
    if verdict is None or signed is None or verdict.created > signed:
        return ""
    if verdict.verdict == VerdictKind.CORRECTED:
        return verdict.label
    return finding.label if verdict.verdict == VerdictKind.ACCEPTED else ""


def _image(finding: Finding) -> Instance | None:
    if finding.key_instance:
        return finding.key_instance
    return _middle(finding.series)


def _middle_image(study: Study) -> Instance | None:
    """Return the middle image of the series with the most."""
    series = study.series.order_by("-instance_count", "number", "created").first()
    return _middle(series) if series else None


def _middle(series: Series) -> Instance | None:
    images = series.instances.filter(frames__gt=0)
    count = images.count()
    return images[count // 2] if count else None


def split_of(patient_id: UUID) -> str:
    """Return the split a patient belongs to: the same on every machine, at any time."""
    place = int.from_bytes(_hash(patient_id)[:8]) / 2**64
    return next(name for name, end in SPLITS if place < end)


def _pseudonym(patient_id: UUID) -> str:
    return _hash(patient_id).hex()[:16]


def _hash(patient_id: UUID) -> bytes:
    return hashlib.sha256(b"anji training split 1:" + patient_id.bytes).digest()
