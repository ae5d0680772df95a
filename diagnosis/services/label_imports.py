"""Labels come in from a file: read, looked over, and taken in whole or not at all."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import timedelta
from typing import Any  # Any: JSON as `_row` makes it
from uuid import UUID

from django.db import transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from diagnosis.labelling import coco, table
from diagnosis.labelling.records import Flaw, Place, RawLabel, RawMark, Reading
from diagnosis.labelling.regions import RegionError
from diagnosis.models import (
    Instance,
    Label,
    LabelImport,
    LabelMember,
    LabelProject,
    Part,
    Study,
)
from diagnosis.selectors.labelling import studies_of
from diagnosis.services import label_objects
from diagnosis.services.label_exports import require_exporter
from diagnosis.services.label_loans import locked, require_open
from diagnosis.services.labelling import NewLabel, NewMark, keep_label, place
from hospital.accounts.models import User
from hospital.core.errors import Conflict

LARGEST_FILE = 32 * 1024 * 1024
BATCH = 1_000
IMAGE_ORIENTATION, IMAGE_POSITION = "00200037", "00200032"
PLANE_TOLERANCE = (0.01,) * 6 + (0.5,) * 3  # of a direction's parts; millimetres
KEPT_FOR = timedelta(days=1)  # what nobody took in


def keep_import(
    *,
    project: LabelProject,
    author: User,
    name: str,
    content: bytes,
    reader: str = "",
) -> LabelImport:
    """Read a file of labels and keep what would come of it; no label is written.

    Args:
        project: Whose labels they are.
        author: Who brings them in.
        name: Of the file; what is named `.json` is COCO, `.zip` and `.dcm` structured
            reports and segmentations, anything else CSV.
        content: Of the file.
        reader: User name of whoever gave the labels that name nobody.

    Raises:
        NotPermitted: The person is no administrator.
        Conflict: The project is closed.
    """
    require_exporter(author)
    require_open(project)
    reading = _read(name, content)
    rows = _checked(project, reading, reader)
    if not rows and not reading.flaws:
        reading.add(Place("file"), "no_labels")
    old = LabelImport.objects.filter(created__lt=timezone.now() - KEPT_FOR)
    old.filter(applied=None).delete()
    return LabelImport.objects.create(
        project=project,
        file_name=name[:200],
        rows=[] if reading.flaws else rows,
        flaws=[asdict(flaw) for flaw in in_order(reading.flaws)],
        created_by=author,
    )


def _read(name: str, content: bytes) -> Reading:
    ending = name.lower().rpartition(".")[2]
    if ending in ("zip", "dcm"):
        return label_objects.read(content)
    return coco.read(content) if ending == "json" else table.read(content)


def in_order(flaws: Sequence[Flaw]) -> list[Flaw]:
    """Return flaws as they stand in the file, those of the whole file first."""
    return sorted(flaws, key=lambda flaw: (flaw.place.kind, flaw.place.number))


@transaction.atomic
def apply_import(*, kept: LabelImport, author: User) -> int:
    """Take in what was looked over; returns how many labels are new.

    What a reader has said already just so is not said again.

    Raises:
        NotPermitted: The person is no administrator.
        Conflict: The file has flaws or was taken in, the project is closed, or people
            have changed since.
    """
    require_exporter(author)
    project = locked(kept.project)
    require_open(project)
    row = LabelImport.objects.select_for_update().get(id=kept.id)
    if row.flaws or not row.rows:
        raise Conflict(
            _("Mend what is named and send the file again: nothing was taken in."),
            code="import_has_flaws",
        )
    if row.applied:
        raise Conflict(_("This file was taken in already."), code="import_applied")
    _require_room(project, row.rows)
    before = Label.objects.filter(project=project).count()
    people = _people(project)
    for part in (Part.READER, Part.ADJUDICATOR):
        for batch in _batches([one for one in row.rows if one["part"] == part]):
            _write(batch, project, people, author)
    row.applied = timezone.now()
    row.save(update_fields=["applied", "updated"])
    return Label.objects.filter(project=project).count() - before


def _checked(
    project: LabelProject, reading: Reading, reader: str
) -> list[dict[str, Any]]:
    """Return the labels as rows that name rows of ours; what is wrong is told."""
    people = _people(project)
    uids = {label.study_instance_uid for label in reading.labels}
    studies = {
        study.study_instance_uid: study
        for study in studies_of(project).filter(study_instance_uid__in=uids)
    }
    images = _images(reading.labels)
    readers = _readers_so_far(project)
    seen: set[tuple[str, str]] = set()
    rows = []
    for label in reading.labels:
        who = label.reader or reader
        member, study = people.get(who), studies.get(label.study_instance_uid)
        if member is None:
            code = "unknown_reader" if who else "no_reader"
            reading.add(label.place, code, field="reader", value=who)
        if study is None:
            uid = label.study_instance_uid
            reading.add(
                label.place, "unknown_study", field="study_instance_uid", value=uid
            )
        if label.answer not in project.labels:
            reading.add(
                label.place, "unknown_label", field="label_name", value=label.answer
            )
        if (label.study_instance_uid, who) in seen:
            reading.add(label.place, "twice", field="reader", value=who)
        seen.add((label.study_instance_uid, who))
        if label.marks and not project.marks_regions:
            reading.add(label.place, "no_marks", field="marks")
        _check_marks(label, study, images, project, reading)
        if member is None or study is None:
            continue
        if member.part == Part.READER:
            readers[study.id].add(who)
            if len(readers[study.id]) > project.readers_per_study:
                reading.add(label.place, "too_many_readers", field="reader", value=who)
        rows.append(_row(label, who, member.part, study))
    return rows


def _row(label: RawLabel, who: str, part: str, study: Study) -> dict[str, Any]:
    return {
        "study": str(study.id),
        "reader": who,
        "part": part,
        "answer": label.answer,
        "comment": label.comment,
        "marks": [
            {
                "kind": mark.kind,
                "answer": mark.answer,
                "sop_instance_uid": mark.sop_instance_uid,
                "points": mark.points,
                "frame": mark.frame,
            }
            for mark in label.marks
        ],
    }


def _check_marks(
    label: RawLabel,
    study: Study | None,
    images: Mapping[str, Instance],
    project: LabelProject,
    reading: Reading,
) -> None:
    for raw in label.marks:
        image = images.get(raw.sop_instance_uid)
        if image and study and image.series.study_id != study.id:
            image = None
        mark = NewMark(
            raw.kind, raw.answer, raw.sop_instance_uid, raw.points, raw.frame
        )
        try:
            place(mark, image, labels=project.labels)
            _require_same_grid(raw, image)
        except RegionError as error:
            code = f"region_{error.code}"
            reading.add(raw.place, code, field="marks", value=raw.sop_instance_uid)


def _require_same_grid(raw: RawMark, image: Instance | None) -> None:
    """Refuse what was drawn on other pixels than ours: another size, or turned."""
    if image is None:
        return
    if raw.rows and (raw.rows, raw.columns) != (image.rows, image.columns):
        raise RegionError("size")
    ours = [
        number
        for tag in (IMAGE_ORIENTATION, IMAGE_POSITION)
        for number in image.attributes.get(tag, {}).get("Value", [])
        if isinstance(number, int | float)
    ]
    if len(ours) == len(raw.plane) == len(PLANE_TOLERANCE) and any(
        abs(one - other) > tolerance
        for one, other, tolerance in zip(ours, raw.plane, PLANE_TOLERANCE, strict=True)
    ):
        raise RegionError("plane")


def _write(
    rows: Sequence[dict[str, Any]],
    project: LabelProject,
    people: Mapping[str, LabelMember],
    author: User,
) -> None:
    studies = {
        str(study.id): study
        for study in studies_of(project).filter(id__in=[row["study"] for row in rows])
    }
    uids = {mark["sop_instance_uid"] for row in rows for mark in row["marks"]}
    images = {
        image.sop_instance_uid: image
        for image in Instance.objects.filter(sop_instance_uid__in=uids)
    }
    for row in rows:
        member, study = people.get(row["reader"]), studies.get(row["study"])
        if member is None or study is None or member.part != row["part"]:
            raise _stale()
        marks = [NewMark(**mark) for mark in row["marks"]]
        keep_label(
            project=project,
            study=study,
            author=member.user,
            part=member.part,
            said=NewLabel(row["answer"], row["comment"], marks),
            placed=[
                place(mark, images.get(mark.sop_instance_uid), labels=project.labels)
                for mark in marks
            ],
            imported_by=author,
        )


def _require_room(project: LabelProject, rows: Sequence[dict[str, Any]]) -> None:
    """Refuse one reader too many: others have read since the file was looked over."""
    readers = _readers_so_far(project)
    for row in rows:
        if row["part"] == Part.READER:
            readers[UUID(row["study"])].add(row["reader"])
    if any(len(names) > project.readers_per_study for names in readers.values()):
        raise _stale()


def _stale() -> Conflict:
    return Conflict(
        _("People or studies have changed since: send the file again."),
        code="import_stale",
    )


def _people(project: LabelProject) -> dict[str, LabelMember]:
    members = project.members.select_related("user")
    return {member.user.get_username(): member for member in members}


def _images(labels: Sequence[RawLabel]) -> dict[str, Instance]:
    wanted = {mark.sop_instance_uid for label in labels for mark in label.marks}
    images = Instance.objects.filter(sop_instance_uid__in=wanted)
    return {image.sop_instance_uid: image for image in images.select_related("series")}


def _readers_so_far(project: LabelProject) -> dict[UUID, set[str]]:
    found: dict[UUID, set[str]] = defaultdict(set)
    first = Label.objects.filter(project=project, part=Part.READER, supersedes=None)
    for study_id, name in first.values_list("study_id", "author__username"):
        found[study_id].add(name)
    return found


def _batches(rows: Sequence[dict[str, Any]]) -> list[Sequence[dict[str, Any]]]:
    return [rows[start : start + BATCH] for start in range(0, len(rows), BATCH)]
