from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.core.registry import (
    DemoPart,
    NavigationEntry,
    StartStep,
    add_demo_part,
    add_navigation,
    add_start_step,
)


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
