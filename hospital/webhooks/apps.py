from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.core.registry import (
    JobKind,
    NoticeKind,
    add_doctor_check,
    add_job_kind,
    add_notice_kind,
)
from hospital.webhooks.limits import MAX_ATTEMPTS
from hospital.webhooks.needs import webhook_needs
from hospital.webhooks.words import disabled

JOB_KINDS = (
    JobKind(
        kind="webhooks.deliver",
        pipeline="hospital.webhooks.pipelines.deliver",
        title=_("Sending a webhook's message"),
        max_attempts=MAX_ATTEMPTS,
        timeout_s=120,
    ),
    JobKind(
        kind="webhooks.forget",
        pipeline="hospital.webhooks.pipelines.forget",
        title=_("Forgetting old webhook messages"),
    ),
)


class WebhooksConfig(AppConfig):
    name = "hospital.webhooks"
    label = "webhooks"
    verbose_name = _("Webhooks")

    def ready(self) -> None:
        for kind in JOB_KINDS:
            add_job_kind(kind)
        add_notice_kind(NoticeKind("webhooks.disabled", disabled, icon="webhook"))
        add_doctor_check(webhook_needs)
