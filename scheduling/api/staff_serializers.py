"""The shapes in which requests, leave and swaps go out and come in."""

from django.utils import timezone
from drf_spectacular.utils import OpenApiExample
from rest_framework import serializers

from scheduling.api.base import ShortListField
from scheduling.api.serializers import (
    NamedUserSerializer,
    RosterDepartmentSerializer,
    RosterPersonSerializer,
)
from scheduling.limits import LARGEST_BUDGET
from scheduling.models import (
    MOST_POINTS,
    Leave,
    LeaveKind,
    RequestPeriod,
    ShiftRequest,
    Swap,
    Wish,
)
from scheduling.solver.instance import MAX_DAYS


class RequestPeriodSerializer(serializers.ModelSerializer):
    """Until when a roster takes requests, and how many points a person has."""

    start = serializers.DateField(source="roster.start", read_only=True)
    days = serializers.IntegerField(source="roster.days", read_only=True)
    is_open = serializers.SerializerMethodField()

    class Meta:
        model = RequestPeriod
        fields = ["id", "roster", "start", "days", "closes", "budget", "is_open"]

    def get_is_open(self, period: RequestPeriod) -> bool:
        return period.is_open_on(timezone.localdate())


class NewPeriodSerializer(serializers.Serializer):
    closes = serializers.DateField(help_text="The last day; before the roster begins.")
    budget = serializers.IntegerField(min_value=1, max_value=LARGEST_BUDGET)


class ShiftRequestSerializer(serializers.ModelSerializer):
    person = serializers.CharField(source="person.key", help_text="The person's key.")
    name = serializers.CharField(source="person.name")
    roster = serializers.UUIDField(source="person.roster_id")

    class Meta:
        model = ShiftRequest
        fields = [
            *("id", "roster", "person", "name", "day", "date", "wish", "shift"),
            *("points", "state"),
        ]


class AskingSerializer(serializers.Serializer):
    """One wish for some days; each of them takes its points."""

    period = serializers.UUIDField()
    days = ShortListField(
        child=serializers.IntegerField(min_value=0),
        min_length=1,
        max_length=MAX_DAYS,
        help_text="Counted from 0.",
    )
    wish = serializers.ChoiceField(choices=Wish.choices)
    shift = serializers.CharField(
        max_length=64, default="", allow_blank=True, help_text="Where the wish is `on`."
    )
    points = serializers.IntegerField(min_value=1, max_value=MOST_POINTS)


class VerdictSerializer(serializers.Serializer):
    accepted = serializers.BooleanField()
    reason = serializers.CharField(max_length=300, default="", allow_blank=True)


VERDICT_EXAMPLES = [
    OpenApiExample("Yes", request_only=True, value={"accepted": True}),
    OpenApiExample(
        "No, and why",
        request_only=True,
        value={"accepted": False, "reason": "Two others are away on that day."},
    ),
]


class ReasonSerializer(serializers.Serializer):
    reason = serializers.CharField(max_length=300, help_text="The person reads it.")


class LeaveSerializer(serializers.ModelSerializer):
    user = NamedUserSerializer(read_only=True)
    department = RosterDepartmentSerializer(read_only=True)

    class Meta:
        model = Leave
        fields = [
            *("id", "user", "department", "kind", "first", "last", "note"),
            *("state", "reason", "created"),
        ]


class NewLeaveSerializer(serializers.Serializer):
    kind = serializers.ChoiceField(choices=LeaveKind.choices)
    first = serializers.DateField()
    last = serializers.DateField()
    note = serializers.CharField(max_length=300, default="", allow_blank=True)
    department = serializers.CharField(
        required=False, help_text="Code; by default the first of one's own."
    )


class SwapSerializer(serializers.ModelSerializer):
    """A swap; `back_day` is null where the shift is given away."""

    giver = RosterPersonSerializer(read_only=True)
    taker = RosterPersonSerializer(read_only=True)
    reason = serializers.CharField(source="reason_told", read_only=True)

    class Meta:
        model = Swap
        fields = [
            *("id", "roster", "giver", "taker", "day", "shift", "back_day"),
            *("back_shift", "note", "state", "reason", "cost_change", "publication"),
            "created",
        ]


class NewSwapSerializer(serializers.Serializer):
    shift = serializers.IntegerField(
        min_value=1, help_text="`id` of one's own published shift."
    )
    colleague = serializers.UUIDField(help_text="`id` of a person of the roster.")
    in_return = serializers.IntegerField(
        required=False,
        allow_null=True,
        min_value=1,
        help_text="`id` of a published shift of theirs; nothing to give it away.",
    )
    note = serializers.CharField(max_length=300, default="", allow_blank=True)


class PartnerSerializer(serializers.Serializer):
    """One legal way to part with a shift; the cheapest comes first."""

    id = serializers.CharField(
        help_text="The colleague's, and behind a colon that of the shift in return."
    )
    colleague = serializers.UUIDField(source="person.id")
    name = serializers.CharField(source="person.name")
    in_return = serializers.IntegerField(source="back_id", allow_null=True)
    date = serializers.DateField(
        source="back.date",
        default=None,
        allow_null=True,
        help_text="Of the shift in return; null where the shift is given away.",
    )
    shift = serializers.CharField(source="back.shift", default="")
    cost_change = serializers.IntegerField()
    message = serializers.CharField(source="cost")
