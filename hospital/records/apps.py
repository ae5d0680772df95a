from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.accounts.ties import register_record_ties
from hospital.core.registry import (
    DemoPart,
    NavigationEntry,
    add_demo_part,
    add_navigation,
)


class RecordsConfig(AppConfig):
    name = "hospital.records"
    label = "records"
    verbose_name = _("Records")

    def ready(self) -> None:
        add_demo_part(DemoPart("hospital.records.demo.load", order=20))
        register_record_ties(
            tie="hospital.records.account_ties.tie_account",
            find="hospital.records.account_ties.patient_by_identifiers",
        )
        staff = frozenset({"nurse", "clinician", "manager", "administrator"})
        add_navigation(
            NavigationEntry(
                title=_("Patients"),
                url_name="records:patients",
                icon="users",
                roles=staff,
                order=20,
            )
        )
        add_navigation(
            NavigationEntry(
                title=_("My record"),
                url_name="records:my",
                icon="file-heart",
                roles=frozenset({"patient"}),
                order=10,
            )
        )
