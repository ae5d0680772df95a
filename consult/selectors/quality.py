"""How the consultation goes, in numbers by day or week: nothing that anybody said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal  # Any: rows of figures as the database gives them

from django.apps import apps
from django.db.models import (
    Aggregate,
    Count,
    F,
    FloatField,
    OuterRef,
    Q,
    QuerySet,
    Subquery,
)
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Extract, TruncDay, TruncWeek
from django.utils import timezone

from consult.models import Author, Conversation, Kind, State, Turn, TurnState
from consult.safety.levels import LEVELS

Step = Literal["day", "week"]
Rows = Iterable[dict[str, Any]]
PERIODS: Mapping[Step, int] = {"day": 28, "week": 26}  # as many as are shown
DAYS: Mapping[Step, int] = {"day": 1, "week": 7}
SECOND_MS = 1000
HOW_IT_WAITS = (Kind.WAITING, Kind.OUT_OF_HOURS)  # remarks of the bot, no answers


@dataclass(frozen=True, slots=True)
class Period:
    """A day or a week.

    Attributes:
        start: Its first day.
        levels: Conversations begun in it, by the level they came to.
        answers: By what they came to: answered, abstained, refused, failed.
        asked: Requests for a person, and dangers that called one; each once until it ended.
        taken: Conversations that a person took.
        times: Milliseconds, `first_50` to `whole_95`; None where nothing was answered.
    """

    start: date
    levels: Mapping[str, int]
    answers: Mapping[str, int]
    asked: int
    taken: int
    helpful: int
    unhelpful: int
    times: Mapping[str, float | None]

    @property
    def talks(self) -> int:
        return sum(self.levels.values())


class Percentile(Aggregate):
    """The value below which a share of the values lies, between two where needed."""

    function = "PERCENTILE_CONT"
    template = "%(function)s(%(share)s) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = FloatField()

    def __init__(self, expression: Any, *, share: float, **extra: Any) -> None:
        super().__init__(expression, share=share, **extra)


def quality(*, step: Step, today: date) -> list[Period]:
    """Return the newest periods up to today, the oldest first."""
    starts = _starts(step, today)
    since = timezone.make_aware(datetime.combine(starts[0], datetime.min.time()))
    levels = _by_start(_levels(step, since))
    turns = _by_start(_turns(step, since))
    requests = _by_start(_requests(step, since))
    return [
        _period(
            start,
            levels.get(start, []),
            turns.get(start, []) + requests.get(start, []),
        )
        for start in starts
    ]


def _starts(step: Step, today: date) -> list[date]:
    last = today if step == "day" else today - timedelta(days=today.weekday())
    days = DAYS[step]
    return [last - timedelta(days=days * back) for back in range(PERIODS[step])][::-1]


def _levels(step: Step, since: datetime) -> Rows:
    rows = _bucketed(Conversation.objects.filter(last_number__gt=0), step, since)
    counted: Rows = rows.values("start", "urgency").annotate(number=Count("id"))
    return counted


def _turns(step: Step, since: datetime) -> Rows:
    bot = Q(author=Author.BOT)
    failed = Q(state=TurnState.FAILED) | Q(kind=Kind.UNAVAILABLE)
    done = (
        bot
        & ~Q(state=TurnState.REPLACED)
        & ~Q(kind__in=HOW_IT_WAITS)
        & Q(finished__isnull=False)
    )
    first = Cast(KeyTextTransform("first_ms", "answer"), FloatField())
    whole = Extract(F("finished") - F("created"), "epoch") * SECOND_MS
    counted: Rows = (
        _bucketed(Turn.objects.all(), step, since)
        .values("start")
        .annotate(
            abstained=Count("id", filter=done & ~failed & Q(kind=Kind.ABSTAINED)),
            refused=Count("id", filter=done & ~failed & Q(kind=Kind.REFUSAL)),
            failed=Count("id", filter=done & failed),
            every=Count("id", filter=done),
            taken=Count("id", filter=Q(kind=Kind.TAKEN)),
            helpful=Count("id", filter=Q(rating=1)),
            unhelpful=Count("id", filter=Q(rating=-1)),
            first_50=Percentile(first, share=0.5, filter=done),
            first_95=Percentile(first, share=0.95, filter=done),
            whole_50=Percentile(whole, share=0.5, filter=done),
            whole_95=Percentile(whole, share=0.95, filter=done),
        )
    )
    return counted


def _requests(step: Step, since: datetime) -> Rows:
    """Return how often a person was called, once until the call ended.

    The wait for the next person, after one put a conversation back, is the same call.
    """
    events = apps.get_model("consult", "ConversationEvent")._default_manager.all()  # noqa: SLF001
    before = events.filter(pgh_obj=OuterRef("pgh_obj"), pgh_id__lt=OuterRef("pgh_id"))
    was = Subquery(before.order_by("-pgh_id").values("state")[:1])
    begun = events.filter(state=State.WAITING).annotate(was=was)
    begun = begun.filter(Q(was=None) | Q(was=State.BOT))
    rows = _bucketed(begun, step, since, moment="pgh_created_at")
    counted: Rows = rows.values("start").annotate(asked=Count("pgh_id"))
    return counted


def _bucketed(
    rows: QuerySet[Any], step: Step, since: datetime, *, moment: str = "created"
) -> QuerySet[Any]:
    trunc = TruncDay if step == "day" else TruncWeek
    recent: QuerySet[Any] = rows.filter(**{f"{moment}__gte": since}).order_by()
    bucketed: QuerySet[Any] = recent.annotate(start=trunc(moment))
    return bucketed


def _by_start(rows: Rows) -> dict[date, list[dict[str, Any]]]:
    found: dict[date, list[dict[str, Any]]] = {}
    for row in rows:
        found.setdefault(timezone.localtime(row["start"]).date(), []).append(row)
    return found


def _period(
    start: date, levels: list[dict[str, Any]], turns: list[dict[str, Any]]
) -> Period:
    counts: dict[str, int] = dict.fromkeys(LEVELS, 0)
    for row in levels:
        counts[LEVELS[row["urgency"]]] += row["number"]
    row = {name: number for each in turns for name, number in each.items()}
    answers = {name: row.get(name, 0) for name in ("abstained", "refused", "failed")}
    answered = row.get("every", 0) - sum(answers.values())
    return Period(
        start=start,
        levels=counts,
        answers={"answered": answered, **answers},
        **{name: row.get(name, 0) for name in ("asked", "taken")},
        **{name: row.get(name, 0) for name in ("helpful", "unhelpful")},
        times={
            name: row.get(name)
            for name in ("first_50", "first_95", "whole_50", "whole_95")
        },
    )
