"""Labels that readers give to images so that a network can learn from them."""

import pghistory
import pgtrigger
from django.conf import settings
from django.db import models
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from diagnosis.models.study import Instance, Study
from hospital.accounts.models import Department
from hospital.core.models import Row


class Marks(models.TextChoices):
    """What a reader marks beside the answer for the study."""

    STUDY = "study", _("The study alone")
    REGION = "region", _("Regions of its slices too")


class Part(models.TextChoices):
    READER = "reader", _("Reader")
    ADJUDICATOR = "adjudicator", _("Adjudicator")


class LoanOutcome(models.TextChoices):
    LABELLED = "labelled", _("Labelled")
    SKIPPED = "skipped", _("Skipped")
    RETURNED = "returned", _("Given back")


class MarkKind(models.TextChoices):
    BOX = "box", _("Box")
    POLYGON = "polygon", _("Polygon")


class ExportForm(models.TextChoices):
    MANIFEST = "manifest", _("Training manifest (CSV)")
    TABLE = "table", _("Every label (CSV)")
    COCO = "coco", _("Boxes and polygons (COCO)")
    REPORT = "report", _("DICOM structured reports")
    SEGMENTATION = "segmentation", _("DICOM segmentations")


@pghistory.track()
class LabelProject(Row):
    """One question about a department's studies, with the labels that answer it.

    Attributes:
        labels: Two or more names; they become the classes that a network learns.
        readers_per_study: One, or two who do not see each other's labels.
        closed: Since when nobody labels any more.
    """

    department = models.ForeignKey(
        Department, on_delete=models.PROTECT, related_name="+"
    )
    name = models.CharField(_("name"), max_length=120)
    question = models.CharField(_("question"), max_length=300)
    labels = models.JSONField(_("labels"), default=list)
    marks = models.CharField(
        _("what is marked"), max_length=8, choices=Marks.choices, default=Marks.STUDY
    )
    readers_per_study = models.PositiveSmallIntegerField(
        _("readers of each study"), default=1
    )
    guideline = models.TextField(_("guideline"), blank=True)
    modality = models.CharField(_("modality"), max_length=16, default="CT")
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    closed = models.DateTimeField(_("closed"), null=True)

    class Meta:
        ordering = [models.F("closed").desc(nulls_first=True), "-created"]
        verbose_name = _("labelling project")
        verbose_name_plural = _("labelling projects")
        constraints = [
            models.UniqueConstraint(
                fields=["department", "name"], name="label_project_name_once"
            ),
            models.CheckConstraint(
                condition=Q(readers_per_study__in=[1, 2]),
                name="label_project_one_or_two_readers",
            ),
        ]

    def __str__(self) -> str:
        return self.name

    @property
    def marks_regions(self) -> bool:
        return self.marks == Marks.REGION


@pghistory.track(pghistory.InsertEvent(), pghistory.DeleteEvent())
class LabelMember(Row):
    """A clinician who labels in a project, or decides where two readers disagree."""

    project = models.ForeignKey(
        LabelProject, on_delete=models.CASCADE, related_name="members"
    )
    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(_("part"), max_length=16, choices=Part.choices)

    class Meta:
        ordering = ["part", "created"]
        verbose_name = _("member of a labelling project")
        verbose_name_plural = _("members of labelling projects")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "user"], name="label_member_one_part"
            )
        ]

    def __str__(self) -> str:
        return f"LabelMember {self.id}"


class LabelLoan(Row):
    """A study lent to one person for a while, so that nobody else does it meanwhile."""

    project = models.ForeignKey(
        LabelProject, on_delete=models.CASCADE, related_name="loans"
    )
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    reader = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(_("part"), max_length=16, choices=Part.choices)
    until = models.DateTimeField(_("until"))
    ended = models.DateTimeField(_("ended"), null=True)
    outcome = models.CharField(
        _("outcome"), max_length=16, choices=LoanOutcome.choices, blank=True
    )
    reason = models.CharField(_("reason"), max_length=300, blank=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("loan of a study")
        verbose_name_plural = _("loans of studies")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "reader"],
                condition=Q(ended=None),
                name="label_loan_one_open",
            ),
            models.CheckConstraint(
                condition=~Q(outcome="skipped") | ~Q(reason=""),
                name="label_skip_says_why",
            ),
        ]

    def __str__(self) -> str:
        return f"LabelLoan {self.id}"


class Label(Row):
    """What one person said of a study; a newer row supersedes it, nothing changes it.

    Attributes:
        imported_by: Who brought it in from a file; None where its author gave it here.
    """

    project = models.ForeignKey(
        LabelProject, on_delete=models.PROTECT, related_name="given"
    )
    study = models.ForeignKey(Study, on_delete=models.PROTECT, related_name="+")
    author = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    part = models.CharField(_("part"), max_length=16, choices=Part.choices)
    answer = models.CharField(_("answer"), max_length=64)
    comment = models.CharField(_("comment"), max_length=1000, blank=True)
    supersedes = models.OneToOneField(
        "self", null=True, on_delete=models.PROTECT, related_name="superseded_by"
    )
    imported_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, null=True, on_delete=models.PROTECT, related_name="+"
    )

    class Meta:
        ordering = ["created"]
        verbose_name = _("label")
        verbose_name_plural = _("labels")
        constraints = [
            models.UniqueConstraint(
                fields=["project", "study", "author"],
                condition=Q(supersedes=None),
                name="label_first_once",
            )
        ]
        indexes = [models.Index(fields=["project", "study"], name="label_of_study")]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"Label {self.id}"


class LabelMark(Row):
    """A box or a polygon on one frame, which is never changed.

    Attributes:
        points: Columns and rows in image pixels, (0, 0) the outer corner of the first
            pixel: two corners of a box, or a polygon's vertices.
    """

    label = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="marks")
    number = models.PositiveSmallIntegerField()
    kind = models.CharField(_("kind"), max_length=8, choices=MarkKind.choices)
    answer = models.CharField(_("label"), max_length=64)
    instance = models.ForeignKey(Instance, on_delete=models.PROTECT, related_name="+")
    frame = models.PositiveIntegerField(default=1)
    points = models.JSONField()

    class Meta:
        ordering = ["number"]
        verbose_name = _("mark")
        verbose_name_plural = _("marks")
        constraints = [
            models.UniqueConstraint(fields=["label", "number"], name="label_mark_once")
        ]
        triggers = [
            pgtrigger.Protect(
                name="append_only", operation=pgtrigger.Update | pgtrigger.Delete
            )
        ]

    def __str__(self) -> str:
        return f"LabelMark {self.id}"


class MarkDispute(Row):
    """Two readers give one label, and their marks lie apart: for an adjudicator.

    It was judged when the later label was kept, and is not judged again: neither another
    bound for what lies apart nor a closed project's age brings a settled study back.
    """

    earlier = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+")
    later = models.ForeignKey(Label, on_delete=models.PROTECT, related_name="+")

    class Meta:
        ordering = ["created"]
        verbose_name = _("dispute about marks")
        verbose_name_plural = _("disputes about marks")
        constraints = [
            models.UniqueConstraint(
                fields=["earlier", "later"], name="mark_dispute_once"
            )
        ]

    def __str__(self) -> str:
        return f"MarkDispute {self.id}"


class LabelImport(Row):
    """A file of labels as it was read, to be looked over before it is taken in.

    Attributes:
        rows: What it would become; empty where anything is wrong with it.
        flaws: What is wrong, each with its line, field, code and values.
    """

    project = models.ForeignKey(
        LabelProject, on_delete=models.CASCADE, related_name="imports"
    )
    file_name = models.CharField(_("file"), max_length=200)
    rows = models.JSONField(default=list)
    flaws = models.JSONField(default=list)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    applied = models.DateTimeField(_("taken in"), null=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("import of labels")
        verbose_name_plural = _("imports of labels")

    def __str__(self) -> str:
        return f"LabelImport {self.id}"


class LabelExport(Row):
    """A project's labels as a file, made by a job.

    Attributes:
        digest: Of the file in the store; empty until the job has made it.
    """

    project = models.ForeignKey(
        LabelProject, on_delete=models.CASCADE, related_name="exports"
    )
    form = models.CharField(_("form"), max_length=16, choices=ExportForm.choices)
    created_by = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.PROTECT, related_name="+"
    )
    digest = models.CharField(_("sha256"), max_length=64, blank=True)

    class Meta:
        ordering = ["-created"]
        verbose_name = _("export of labels")
        verbose_name_plural = _("exports of labels")

    def __str__(self) -> str:
        return f"LabelExport {self.id}"
