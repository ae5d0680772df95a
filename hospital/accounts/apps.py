from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.core.registry import DemoPart, add_demo_part


class AccountsConfig(AppConfig):
    name = "hospital.accounts"
    label = "accounts"
    verbose_name = _("People")

    def ready(self) -> None:
        add_demo_part(DemoPart("hospital.accounts.demo.load", order=10))
