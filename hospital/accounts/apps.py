from django.apps import AppConfig


class AccountsConfig(AppConfig):
    name = "hospital.accounts"
    label = "accounts"
