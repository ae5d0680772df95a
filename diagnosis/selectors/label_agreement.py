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
from diagnosis.labelling.meeting import Meeting, meeting
from diagnosis.labelling.standing import pairs
from diagnosis.models import LabelProject
from diagnosis.selectors.labelling import (
    current_labels,
    marks_by_label,
    said_by_study,
)
from diagnosis.watching.estimates import Estimate, mean


@dataclass(frozen=True, slots=True)
class ReadByTwo:
    """One study, what both said of it, and how their marks lie to each other."""

    study: UUID
    answers: Pair
    meeting: Meeting


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
    said: dict[tuple[str, str], list[ReadByTwo]] = defaultdict(list)
    marks = marks_by_label(current_labels(project)) if project.marks_regions else {}
    for study, labels in said_by_study(project).items():
        for a, b in pairs(labels):
            met = meeting(marks.get(a.key, ()), marks.get(b.key, ()))
            said[str(a.reader), str(b.reader)].append(
                ReadByTwo(study, (a.answer, b.answer), met)
            )
    if not said:
        return []
    together = [one for listed in said.values() for one in listed]
    if len(said) > 1:
        said["", ""] = together
    called = {
        member.user.get_username(): member.user.get_full_name()
        for member in project.members.select_related("user")
    }
    return [
        _agreement(project, (called.get(a) or a, called.get(b) or b), said[a, b])
        for a, b in sorted(said)
    ]


def _agreement(
    project: LabelProject,
    names: tuple[str, str],
    listed: Sequence[ReadByTwo],
) -> Agreement:
    table = confusion([one.answers for one in listed], project.labels)
    met = [(one.study, found) for one in listed for found in one.meeting.overlaps]
    studies = [study for study, _ in met]
    lone = sum(one.meeting.lone for one in listed)
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
