from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _

from hospital.core.registry import (
    DemoPart,
    EventTopic,
    JobKind,
    NavigationEntry,
    QuestionKind,
    add_demo_part,
    add_event_topic,
    add_job_kind,
    add_navigation,
    add_notice_kind,
    add_question_kind,
    add_webhook_event,
)
from scheduling.limits import LONGEST_SOLVE_S
from scheduling.saying.notices import NOTICE_KINDS, WEBHOOK_EVENTS
from scheduling.saying.staff_notices import STAFF_NOTICE_KINDS

PLACES = (
    (_("Rosters"), "scheduling:rosters", "calendar-days"),
    (_("My shifts"), "scheduling:my_shifts", "calendar-check"),
)
QUESTIONS = (
    ("rosters.repair", "scheduling.repairing.child"),
    ("rosters.why", "scheduling.explaining.child"),
)
EXPLAINING_S = 180
WIND_DOWN_S = 300  # for a search to end and its roster to be judged and kept


class SchedulingConfig(AppConfig):
    name = "scheduling"
    verbose_name = _("Rosters")

    def ready(self) -> None:
        add_demo_part(DemoPart("scheduling.demo.rosters.load", order=40))
        add_job_kind(
            JobKind(
                kind="rosters.solve",
                pipeline="scheduling.pipelines.solving.solve_roster",
                title=_("Searching for a roster"),
                queue="solver",
                max_attempts=3,
                timeout_s=LONGEST_SOLVE_S + WIND_DOWN_S,
                roles=frozenset({"manager", "administrator"}),
                warm="scheduling.pipelines.warming.warm_up",
                failed="scheduling.services.telling.tell_search_failed",
            )
        )
        add_job_kind(
            JobKind(
                kind="rosters.explain",
                pipeline="scheduling.pipelines.explaining.explain_roster",
                title=_("Finding out why rules cannot be kept"),
                max_attempts=3,
                timeout_s=EXPLAINING_S,
                roles=frozenset({"manager", "administrator"}),
                failed="scheduling.services.telling.tell_explanation_failed",
            )
        )
        for kind, child in QUESTIONS:
            add_question_kind(QuestionKind(kind, child))
        add_event_topic(
            EventTopic("rosters", "scheduling.authorizers.may_hear_rosters")
        )
        add_event_topic(EventTopic("shifts", "scheduling.authorizers.may_hear_shifts"))
        add_job_kind(
            JobKind(
                kind="rosters.close_stale_swaps",
                pipeline="scheduling.pipelines.sweeping.close_stale_swaps",
                title=_("Closing swaps that are no longer possible"),
                roles=frozenset({"manager", "administrator"}),
            )
        )
        for notice_kind in (*NOTICE_KINDS, *STAFF_NOTICE_KINDS):
            add_notice_kind(notice_kind)
        for event in WEBHOOK_EVENTS:
            add_webhook_event(event)
        for order, (title, url_name, icon) in enumerate(PLACES, start=30):
            add_navigation(
                NavigationEntry(
                    title=title,
                    url_name=url_name,
                    icon=icon,
                    roles=frozenset({"nurse", "clinician", "manager", "administrator"}),
                    order=order,
                )
            )
