from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.core.registry import (
    DemoPart,
    JobKind,
    NavigationEntry,
    PatientPanel,
    add_demo_part,
    add_job_kind,
    add_navigation,
    add_patient_panel,
)

JOB_KINDS = (
    JobKind(
        kind="diagnosis.read_study",
        pipeline="diagnosis.pipelines.reading.read_study",
        title=_("Reading a study"),
        queue="inference",
        max_attempts=3,
    ),
    JobKind(
        kind="diagnosis.follow_upload",
        pipeline="diagnosis.pipelines.uploads.follow_upload",
        title=_("Reading an upload's studies"),
        max_attempts=5_000,  # an attempt is a minute of waiting
    ),
    JobKind(
        kind="diagnosis.sweep_files",
        pipeline="diagnosis.pipelines.uploads.sweep",
        title=_("Tidying the file store"),
    ),
)


class DiagnosisConfig(AppConfig):
    name = "diagnosis"
    verbose_name = _("Diagnosis")

    def ready(self) -> None:
        add_demo_part(DemoPart("diagnosis.demo.load", order=30))
        for kind in JOB_KINDS:
            add_job_kind(kind)
        add_navigation(
            NavigationEntry(
                title=_("Worklist"),
                url_name="diagnosis:worklist",
                icon="list-checks",
                roles=frozenset({"nurse", "clinician", "manager", "administrator"}),
                order=10,
            )
        )
        add_patient_panel(
            PatientPanel(
                title=_("Studies"),
                url_name="diagnosis:patient_studies",
                roles=frozenset({"nurse", "clinician", "manager", "administrator"}),
                order=10,
            )
        )
