"""How far a project's readers agree, each two of them and all together."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass
from uuid import UUID

from diagnosis.labelling.agreement import (
    Confusion,
    Pair,
    agreement,
    confusion,
    kappa,
    of_label,
)
from diagnosis.labelling.meeting import meeting
from diagnosis.labelling.standing import Said, pairs
from diagnosis.models import LabelProject
from diagnosis.selectors.labelling import said_by_study
from diagnosis.watching.estimates import Estimate, mean


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two readers' figures, or those of every two together.

    Attributes:
        first: Who the rows of the table are of; empty for every two together.
        iou: Mean over marks that share a pixel with one of the other reader.
        lone: Marks that share none.
        marks: All that both have drawn.
    """

    first: str
    second: str
    table: Confusion
    share: Estimate | None
    kappa: Estimate | None
    by_label: Sequence[tuple[str, Estimate | None]]
    iou: Estimate | None
    dice: Estimate | None
    lone: int
    marks: int

    @property
    def rows(self) -> list[tuple[str, tuple[int, ...]]]:
        return list(zip(self.table.labels, self.table.counts, strict=True))


def agreements(project: LabelProject) -> list[Agreement]:
    """Return the figures of every two together, then of each two by name."""
    said: dict[tuple[str, str], list[tuple[UUID, Said, Said]]] = defaultdict(list)
    for study, labels in said_by_study(project).items():
        for a, b in pairs(labels):
            said[str(a.reader), str(b.reader)].append((study, a, b))
    if not said:
        return []
    together = [one for listed in said.values() for one in listed]
    if len(said) > 1:
        said["", ""] = together
    return [_agreement(project, names, said[names]) for names in sorted(said)]


def _agreement(
    project: LabelProject,
    names: tuple[str, str],
    listed: Sequence[tuple[UUID, Said, Said]],
) -> Agreement:
    answers: list[Pair] = [(a.answer, b.answer) for _, a, b in listed]
    table = confusion(answers, project.labels)
    meetings = [(study, meeting(a.marks, b.marks)) for study, a, b in listed]
    met = [(study, one) for study, found in meetings for one in found.overlaps]
    studies = [study for study, _ in met]
    lone = sum(found.lone for _, found in meetings)
    return Agreement(
        *names,
        table,
        agreement(table),
        kappa(table),
        [(label, of_label(table, label)) for label in project.labels],
        mean([found.iou for _, found in met], studies),
        mean([found.dice for _, found in met], studies),
        lone,
        len(met) + lone,
    )
