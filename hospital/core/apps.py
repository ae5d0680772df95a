from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.core.registry import NavigationEntry, add_navigation


class CoreConfig(AppConfig):
    name = "hospital.core"
    label = "core"

    def ready(self) -> None:
        add_navigation(
            NavigationEntry(
                title=_("Help"),
                url_name="core:help_index",
                icon="circle-question-mark",
                roles=frozenset(
                    {"patient", "nurse", "clinician", "manager", "administrator"}
                ),
                order=900,
            )
        )
