"""How far a project's readers agree, each two of them and all together."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
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
from diagnosis.labelling.regions import Overlap, Region, overlap
from diagnosis.labelling.standing import Said, pairs
from diagnosis.models import LabelMark, LabelProject
from diagnosis.selectors.labelling import said_by_study
from diagnosis.watching.estimates import Estimate, mean

Frame = tuple[UUID, int, str]  # instance, number, what is shown
Regions = Mapping[Frame, list[Region]]


@dataclass(frozen=True, slots=True)
class Agreement:
    """Two readers' figures, or those of every two together.

    Attributes:
        first: Who the rows of the table are of; empty for every two together.
        iou: Mean over frames that both marked for the same label.
    """

    first: str
    second: str
    table: Confusion
    share: Estimate | None
    kappa: Estimate | None
    by_label: Sequence[tuple[str, Estimate | None]]
    iou: Estimate | None
    dice: Estimate | None

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
    regions = _regions(project)
    together = [one for listed in said.values() for one in listed]
    if len(said) > 1:
        said["", ""] = together
    return [_agreement(project, names, said[names], regions) for names in sorted(said)]


def _agreement(
    project: LabelProject,
    names: tuple[str, str],
    listed: Sequence[tuple[UUID, Said, Said]],
    regions: Mapping[object, Regions],
) -> Agreement:
    answers: list[Pair] = [(a.answer, b.answer) for _, a, b in listed]
    table = confusion(answers, project.labels)
    met = [
        (study, found)
        for study, a, b in listed
        for found in _overlaps(regions.get(a.key, {}), regions.get(b.key, {}))
    ]
    studies = [study for study, _ in met]
    return Agreement(
        *names,
        table,
        agreement(table),
        kappa(table),
        [(label, of_label(table, label)) for label in project.labels],
        mean([found.iou for _, found in met], studies),
        mean([found.dice for _, found in met], studies),
    )


def _overlaps(ours: Regions, theirs: Regions) -> list[Overlap]:
    both = ours.keys() & theirs.keys()
    found = [overlap(ours[frame], theirs[frame]) for frame in both]
    return [one for one in found if one]


def _regions(project: LabelProject) -> dict[object, Regions]:
    """Return the regions of each current label by frame and what they show."""
    found: dict[object, dict[Frame, list[Region]]] = defaultdict(
        lambda: defaultdict(list)
    )
    marks = LabelMark.objects.filter(label__project=project, label__superseded_by=None)
    for mark in marks:
        points = tuple((float(x), float(y)) for x, y in mark.points)
        drawn = Region("box" if mark.kind == "box" else "polygon", points)
        frame = (mark.instance_id, mark.frame, mark.answer)
        found[mark.label_id][frame].append(drawn)
    return dict(found)
