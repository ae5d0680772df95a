from django.apps import AppConfig

from hospital.core.registry import DemoPart, add_demo_part


class AccountsConfig(AppConfig):
    name = "hospital.accounts"
    label = "accounts"

    def ready(self) -> None:
        add_demo_part(DemoPart("hospital.accounts.demo.load", order=10))
