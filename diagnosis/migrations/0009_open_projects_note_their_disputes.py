"""Marks that lie apart in open projects are in dispute; closed ones keep what was settled."""

from collections import defaultdict

from django.db import migrations

from diagnosis.labelling.meeting import Mark, meeting
from diagnosis.labelling.regions import Region


def note_disputes(apps, _schema_editor):
    rows = apps.get_model("diagnosis", "Label").objects.filter(
        project__closed=None,
        project__marks="region",
        project__readers_per_study=2,
        part="reader",
        superseded_by=None,
    )
    said = defaultdict(list)
    for label in rows.order_by("created").iterator():
        said[label.project_id, label.study_id, label.answer].append(label)
    disputes = apps.get_model("diagnosis", "MarkDispute").objects
    for labels in said.values():
        for place, later in enumerate(labels):
            for earlier in labels[:place]:
                if meeting(_marks(earlier), _marks(later)).lies_apart:
                    disputes.get_or_create(earlier=earlier, later=later)


def _marks(label):
    return [
        Mark(
            Region(mark.kind, tuple((float(x), float(y)) for x, y in mark.points)),
            mark.answer,
            mark.instance.series_id,
            (mark.instance_id, mark.frame),
            mark.instance.position_mm if mark.instance.frames == 1 else None,
        )
        for mark in label.marks.select_related("instance").defer("instance__attributes")
    ]


class Migration(migrations.Migration):
    dependencies = [("diagnosis", "0008_disputes_about_marks_are_kept")]

    operations = [migrations.RunPython(note_disputes, migrations.RunPython.noop)]
