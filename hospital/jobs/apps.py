from django.apps import AppConfig


class JobsConfig(AppConfig):
    name = "hospital.jobs"
    label = "jobs"
