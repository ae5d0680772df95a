"""The pages that jobs of this room lead to."""

from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from hospital.jobs.models import Job
from hospital.jobs.outcomes import Pages


def pages_of_reading(job: Job) -> Pages:
    """Return the study that was read."""
    return [(_("Study"), reverse("diagnosis:study", args=[job.subject_id]))]


def pages_of_training(job: Job) -> Pages:
    """Return what the new version is, and what its images are worth."""
    name, _slash, version = str((job.result or {}).get("model", "")).partition("/")
    if not version:
        return []
    return [
        (_("Its card and gate"), reverse("diagnosis:model", args=[name, version])),
        (
            _("The images it learned from"),
            reverse("diagnosis:data_check", args=[name, version]),
        ),
    ]
