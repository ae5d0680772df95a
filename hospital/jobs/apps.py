from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.core.registry import EventTopic, add_event_topic


class JobsConfig(AppConfig):
    name = "hospital.jobs"
    label = "jobs"
    verbose_name = _("Jobs")

    def ready(self) -> None:
        add_event_topic(
            EventTopic(
                prefix="job",
                authorizer="hospital.jobs.authorizers.may_hear_job",
                snapshot="hospital.jobs.authorizers.job_standing",
            )
        )
        add_event_topic(
            EventTopic(
                prefix="jobs",
                authorizer="hospital.jobs.authorizers.may_hear_jobs_of",
            )
        )
