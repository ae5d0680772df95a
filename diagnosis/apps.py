from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from diagnosis.needs import diagnosis_needs
from diagnosis.notices import NOTICE_KINDS
from hospital.core.registry import (
    DemoPart,
    EventTopic,
    JobKind,
    NavigationEntry,
    PatientPanel,
    add_demo_part,
    add_doctor_check,
    add_event_topic,
    add_job_kind,
    add_navigation,
    add_notice_kind,
    add_patient_panel,
)

LONGEST_TRAINING_S = 24 * 3600
LONG_STEPS = ("retrain", "evaluate_model")  # each reads every image many times
TRAINED = "diagnosis.outcomes.pages_of_training"
JOB_KINDS = (
    JobKind(
        kind="diagnosis.read_study",
        pipeline="diagnosis.pipelines.reading.read_study",
        title=_("Reading a study"),
        queue="inference",
        further_queues=("stat",),
        max_attempts=3,
        warm="diagnosis.pipelines.warming.warm_up",
        leads_to="diagnosis.outcomes.pages_of_reading",
    ),
    JobKind(
        kind="diagnosis.warm_model",
        pipeline="diagnosis.pipelines.warming.warm_model",
        title=_("Getting the model ready"),
        queue="inference",
        further_queues=("stat",),
        max_attempts=2,
        roles=frozenset({"administrator"}),
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
    JobKind(
        kind="diagnosis.read_in_shadow",
        pipeline="diagnosis.pipelines.shadow.read_in_shadow",
        title=_("Reading a study with the candidate"),
        queue="inference",
        roles=frozenset({"administrator"}),
    ),
    JobKind(
        kind="diagnosis.watch",
        pipeline="diagnosis.pipelines.watching.watch",
        title=_("Watching the model in service"),
    ),
    JobKind(
        kind="diagnosis.export_project",
        pipeline="diagnosis.pipelines.labelling.export",
        title=_("Writing a project's labels"),
        max_attempts=2,
        timeout_s=3600,
        roles=frozenset({"administrator"}),
    ),
    *(
        JobKind(
            kind=f"diagnosis.{name}",
            pipeline=f"diagnosis.pipelines.renewal.{pipeline}",
            title=title,
            max_attempts=2,
            timeout_s=LONGEST_TRAINING_S if name in LONG_STEPS else 3600,
            roles=frozenset({"administrator"}),
            leads_to=TRAINED if name == "retrain" else "",
        )
        for name, pipeline, title in (
            ("export_labels", "export_labels", _("Labels of signed reports")),
            ("retrain", "retrain", _("Training the new version")),
            ("evaluate_model", "evaluate_model", _("Measuring beside what serves")),
            ("judge_model", "judge_model", _("Gate")),
            ("start_shadow", "begin_shadow", _("Shadow")),
        )
    ),
)


class DiagnosisConfig(AppConfig):
    name = "diagnosis"
    verbose_name = _("Diagnosis")

    def ready(self) -> None:
        add_demo_part(DemoPart("diagnosis.demo.load", order=30))
        for kind in JOB_KINDS:
            add_job_kind(kind)
        for notice in NOTICE_KINDS:
            add_notice_kind(notice)
        add_event_topic(EventTopic("studies", "diagnosis.authorizers.may_hear_studies"))
        add_navigation(
            NavigationEntry(
                title=_("Worklist"),
                url_name="diagnosis:worklist",
                icon="list-checks",
                roles=frozenset({"nurse", "clinician", "manager", "administrator"}),
                order=10,
            )
        )
        add_navigation(
            NavigationEntry(
                title=_("Labelling"),
                url_name="diagnosis:labelling",
                icon="tags",
                roles=frozenset({"clinician", "manager", "administrator"}),
                order=55,
            )
        )
        add_navigation(
            NavigationEntry(
                title=_("Models"),
                url_name="diagnosis:models",
                icon="brain-circuit",
                roles=frozenset({"nurse", "clinician", "manager", "administrator"}),
                order=60,
            )
        )
        add_doctor_check(diagnosis_needs)
        add_patient_panel(
            PatientPanel(
                title=_("Studies"),
                url_name="diagnosis:patient_studies",
                roles=frozenset({"nurse", "clinician", "manager", "administrator"}),
                order=10,
            )
        )
