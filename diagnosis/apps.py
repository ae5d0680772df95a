from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.core.registry import NavigationEntry, add_navigation


class DiagnosisConfig(AppConfig):
    name = "diagnosis"
    verbose_name = _("Diagnosis")

    def ready(self) -> None:
        add_navigation(
            NavigationEntry(
                title=_("Worklist"),
                url_name="diagnosis:worklist",
                icon="list-checks",
                roles=frozenset({"nurse", "clinician", "manager", "administrator"}),
                order=10,
            )
        )
