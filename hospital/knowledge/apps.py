from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.core.registry import (
    DemoPart,
    JobKind,
    NavigationEntry,
    StartStep,
    add_demo_part,
    add_job_kind,
    add_navigation,
    add_start_step,
)

EMBEDDING_S = 3600  # a first index of some hundred thousand passages


class KnowledgeConfig(AppConfig):
    name = "hospital.knowledge"
    label = "knowledge"
    verbose_name = _("Library")

    def ready(self) -> None:
        add_demo_part(DemoPart("hospital.knowledge.demo.load", order=15))
        add_start_step(
            StartStep(
                "load_library",
                "hospital.knowledge.services.shipping.shipped_library_is_current",
            )
        )
        add_navigation(
            NavigationEntry(
                title=_("Library"),
                url_name="knowledge:entries",
                icon="library",
                roles=frozenset({"nurse", "clinician", "manager", "administrator"}),
                order=55,
            )
        )
        add_job_kind(
            JobKind(
                kind="knowledge.embed",
                pipeline="hospital.knowledge.pipelines.finding.make_vectors",
                title=_("Preparing the library for searches"),
                timeout_s=EMBEDDING_S,
                roles=frozenset({"clinician", "administrator"}),
            )
        )
        add_job_kind(
            JobKind(
                kind="knowledge.find",
                pipeline="hospital.knowledge.pipelines.finding.find_for_editor",
                title=_("Searching the library"),
                queue="language",
                max_attempts=2,
                timeout_s=EMBEDDING_S,
                roles=frozenset({"clinician", "administrator"}),
            )
        )
