"""A project's labels as files: CSV, COCO, and what DICOM objects are made of."""

import csv
import io
from collections import defaultdict
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any  # Any: the DICOM JSON model

from django.utils.text import slugify

from diagnosis.labelling import coco, table
from diagnosis.labelling.records import LabelRecord, MarkRecord
from diagnosis.models import ExportForm, Label, LabelMark, LabelProject
from diagnosis.selectors.labelling import (
    current_labels,
    region_of,
    standing_labels,
    standings_of,
)
from diagnosis.services.labels import MANIFEST_COLUMNS, labelled_rows

TEXT_FORMS = (ExportForm.MANIFEST, ExportForm.TABLE, ExportForm.COCO)
DICOM_FORMS = (ExportForm.REPORT, ExportForm.SEGMENTATION)
LARGE = 2_000  # labels; more are written by a job
CSV_TYPE, JSON_TYPE, ZIP_TYPE = (
    "text/csv; charset=utf-8",
    "application/json",
    "application/zip",
)


@dataclass(frozen=True, slots=True)
class TextFile:
    """An export that is text."""

    name: str
    media_type: str
    text: str


def file_name(project: LabelProject, form: str) -> str:
    """Return what an export is called when it is downloaded."""
    ending = {"coco": "json"}.get(form, "zip" if form in DICOM_FORMS else "csv")
    stem = slugify(project.name) or str(project.id)[:8]
    return f"{stem}-{form}.{ending}"


def media_type(form: str) -> str:
    """Return the media type of an export's file."""
    if form in DICOM_FORMS:
        return ZIP_TYPE
    return JSON_TYPE if form == ExportForm.COCO else CSV_TYPE


def text_file(project: LabelProject, form: str) -> TextFile:
    """Return the labels as CSV or COCO."""
    if form == ExportForm.MANIFEST:
        text = manifest_text(project)
    elif form == ExportForm.TABLE:
        text = table.written(records_of(project))
    else:
        title = f"{project.name}: {project.question}"
        text = coco.written(records_of(project), names=project.labels, title=title)
    return TextFile(file_name(project, form), media_type(form), text)


def manifest_text(project: LabelProject) -> str:
    """Return the manifest that `train_ct` reads; paths are in the file store."""
    out = io.StringIO()
    writer = csv.writer(out)
    writer.writerow(MANIFEST_COLUMNS)
    writer.writerows(row.cells for row in labelled_rows(project))
    return out.getvalue()


def records_of(project: LabelProject) -> list[LabelRecord]:
    """Return every current label, with the marks that belong to it."""
    stands = {one.stands for one in standings_of(project).values()}
    labels = current_labels(project).select_related("study", "author")
    return [
        LabelRecord(
            study_instance_uid=label.study.study_instance_uid,
            reader=label.author.get_username(),
            answer=label.answer,
            part=label.part,
            comment=label.comment,
            stands=label.id in stands,
            created=label.created.isoformat(timespec="seconds"),
            marks=tuple(mark_record(mark) for mark in label.marks.all()),
        )
        for label in labels.prefetch_related("marks__instance")
    ]


def mark_record(mark: LabelMark) -> MarkRecord:
    return MarkRecord(
        region=region_of(mark),
        answer=mark.answer,
        sop_instance_uid=mark.instance.sop_instance_uid,
        frame=mark.frame,
        rows=mark.instance.rows or 0,
        columns=mark.instance.columns or 0,
    )


def dicom_requests(
    project: LabelProject, form: str
) -> Iterator[tuple[str, dict[str, Any]]]:
    """Yield a name and what a DICOM object is made of, for each study that has one.

    A segmentation is made of each series with marks, of images of one size; a report
    of each settled study.
    """
    for label in standing_labels(project):
        marks = list(label.marks.all())
        if form == ExportForm.REPORT:
            yield (
                f"{label.study.study_instance_uid}.dcm",
                _request(project, label, marks),
            )
            continue
        alike: dict[tuple[str, int, int], list[LabelMark]] = defaultdict(list)
        for mark in marks:
            image = mark.instance
            uid = image.series.series_instance_uid
            alike[uid, image.rows or 0, image.columns or 0].append(mark)
        for (uid, rows, columns), own in alike.items():
            yield f"{uid}-{rows}x{columns}.dcm", _request(project, label, own)


def _request(
    project: LabelProject, label: Label, marks: list[LabelMark]
) -> dict[str, Any]:
    first = marks[0].instance if marks else _any_instance(label)
    instances = {mark.instance for mark in marks} | ({first} if first else set())
    return {
        "label": str(label.id),
        "title": project.name,
        "question": project.question,
        "answer": label.answer,
        "comment": label.comment,
        "names": list(project.labels),
        "reader": label.author.get_username(),
        "said": label.created.isoformat(timespec="seconds"),
        "source": first.sop_instance_uid if first else "",
        "instances": {
            image.sop_instance_uid: {
                "series": image.series.series_instance_uid,
                "sop_class": image.sop_class_uid,
                "rows": image.rows,
                "columns": image.columns,
                "frames": image.frames,
                "attributes": image.attributes,
            }
            for image in instances
        },
        "marks": [
            {
                "kind": mark.kind,
                "answer": mark.answer,
                "instance": mark.instance.sop_instance_uid,
                "frame": mark.frame,
                "points": mark.points,
                "tracking": str(mark.id),
            }
            for mark in marks
        ],
    }


def _any_instance(label: Label) -> Any:  # Any: an Instance or None, as prefetched
    series = label.study.series.order_by("-instance_count", "number").first()
    return series.instances.select_related("series").first() if series else None
