from django.apps import AppConfig


class RecordsConfig(AppConfig):
    name = "hospital.records"
    label = "records"
