"""How the consultation goes, in numbers by day or week: nothing that anybody said."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Literal  # Any: rows of figures as the database gives them

from django.db.models import Aggregate, Count, F, FloatField, Q, QuerySet
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast, Extract, TruncDay, TruncWeek
from django.utils import timezone

from consult.models import Author, Conversation, Kind, Turn, TurnState
from consult.safety.levels import LEVELS

Step = Literal["day", "week"]
Rows = Iterable[dict[str, Any]]
PERIODS: Mapping[Step, int] = {"day": 28, "week": 26}  # as many as are shown
DAYS: Mapping[Step, int] = {"day": 1, "week": 7}
SECOND_MS = 1000


@dataclass(frozen=True, slots=True)
class Period:
    """A day or a week.

    Attributes:
        start: Its first day.
        levels: Conversations begun in it, by the level they came to.
        answers: By what they came to: answered, abstained, refused, failed.
        asked: Requests for a person, and dangers that called one.
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
    return [
        _period(start, levels.get(start, []), turns.get(start, [])) for start in starts
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
    done = bot & ~Q(state=TurnState.REPLACED) & Q(finished__isnull=False)
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
            asked=Count("id", filter=Q(kind__in=[Kind.WAITING, Kind.OUT_OF_HOURS])),
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


def _bucketed(rows: QuerySet[Any], step: Step, since: datetime) -> QuerySet[Any]:
    trunc = TruncDay if step == "day" else TruncWeek
    recent: QuerySet[Any] = rows.filter(created__gte=since).order_by()
    bucketed: QuerySet[Any] = recent.annotate(start=trunc("created"))
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
    row = turns[0] if turns else {}
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
