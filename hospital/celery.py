"""The Celery application: the messenger that tells a worker which job row to claim."""

import os

from celery import Celery
from django_structlog.celery.steps import DjangoStructLogInitStep

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "hospital.settings")
os.environ.setdefault("CELERY_SKIP_CHECKS", "1")  # `make check` runs them; start sooner

app = Celery("hospital")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.steps["worker"].add(DjangoStructLogInitStep)
app.autodiscover_tasks()
