from django.apps import AppConfig


class CoreConfig(AppConfig):
    name = "hospital.core"
    label = "core"
