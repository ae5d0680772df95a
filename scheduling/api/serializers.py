"""The shapes in which rosters go out."""

from django.utils.translation import gettext as _
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from hospital.accounts.models import Department, User
from scheduling.models import Publication, Roster, RosterPerson, Run
from scheduling.solver.verify import Cost, Verdict, Violation


class NamedUserSerializer(serializers.ModelSerializer):
    name = serializers.SerializerMethodField()

    class Meta:
        model = User
        ref_name = "RosterUser"
        fields = ["id", "name"]

    def get_name(self, user: User) -> str:
        return user.get_full_name() or user.get_username()


class RosterDepartmentSerializer(serializers.ModelSerializer):
    class Meta:
        model = Department
        fields = ["id", "code", "name"]


class PublicationSerializer(serializers.ModelSerializer):
    published_by = NamedUserSerializer(read_only=True, allow_null=True)

    class Meta:
        model = Publication
        fields = [
            "id",
            "number",
            "version",
            "published_by",
            "note",
            "objective",
            "hard_violations",
            "changed_cells",
            "created",
        ]


class NewlyPublishedSerializer(PublicationSerializer):
    worked_elsewhere = serializers.ListField(
        child=serializers.CharField(),
        help_text="People whose accounts work the same days in another published "
        "roster; it is named where you may see it.",
    )

    class Meta(PublicationSerializer.Meta):
        fields = [*PublicationSerializer.Meta.fields, "worked_elsewhere"]


class RosterSerializer(serializers.ModelSerializer):
    """A roster as a list shows it; `version` is its ETag."""

    department = RosterDepartmentSerializer(read_only=True)
    format = serializers.CharField(source="source_format", read_only=True)
    people = serializers.IntegerField(source="people_count", read_only=True)
    publication = PublicationSerializer(
        source="current", read_only=True, allow_null=True
    )

    class Meta:
        model = Roster
        fields = [
            "id",
            "name",
            "department",
            "start",
            "days",
            "timezone",
            "format",
            "state",
            "version",
            "people",
            "publication",
            "created",
            "updated",
        ]


class RosterPersonSerializer(serializers.ModelSerializer):
    user = NamedUserSerializer(read_only=True, allow_null=True)

    class Meta:
        model = RosterPerson
        fields = ["id", "key", "name", "position", "user"]


class CellSerializer(serializers.Serializer):
    """A worked cell: of the working copy, or as it is published."""

    id = serializers.CharField()
    person = serializers.CharField(source="person.key", help_text="The person's key.")
    name = serializers.CharField(source="person.name")
    day = serializers.IntegerField(help_text="Counted from 0.")
    date = serializers.DateField()
    shift = serializers.CharField()


class ViolationSerializer(serializers.Serializer):
    """A hard rule that is broken."""

    person = serializers.CharField(help_text="Empty where it is nobody's alone.")
    rule = serializers.CharField()
    days = serializers.ListField(child=serializers.IntegerField())
    message = serializers.SerializerMethodField()

    def get_message(self, breach: Violation | Cost) -> str:
        return _(breach.template) % dict(breach.values)


class CostSerializer(ViolationSerializer):
    """A soft rule that is paid for."""

    tier = serializers.CharField()
    cost = serializers.IntegerField()


class RosterVerdictSerializer(serializers.Serializer):
    """What the judge says of the working copy."""

    objective = serializers.IntegerField()
    hard = ViolationSerializer(many=True)
    costs = serializers.SerializerMethodField()
    penalties = serializers.DictField(
        child=serializers.IntegerField(), help_text="Cost by rule."
    )

    @extend_schema_field(CostSerializer(many=True))
    def get_costs(self, verdict: Verdict) -> list[dict[str, object]]:
        """Return the costs, the dearest first."""
        dearest = sorted(verdict.costs, key=lambda cost: -cost.cost)
        return list(CostSerializer(dearest, many=True).data)


class RunSerializer(serializers.ModelSerializer):
    """A search; `curve` has a point for each betterment."""

    started_by = NamedUserSerializer(read_only=True, allow_null=True)
    state = serializers.CharField(source="job.state", read_only=True)

    class Meta:
        model = Run
        fields = [
            "id",
            "job",
            "state",
            "status",
            "started_by",
            "time_limit_s",
            "workers",
            "seed",
            "objective",
            "bound",
            "gap",
            "first_feasible_s",
            "spent_s",
            "hard_violations",
            "penalties",
            "applied",
            "created",
        ]


class RunDetailSerializer(RunSerializer):
    curve = serializers.ListField(
        child=serializers.ListField(), help_text="[elapsed_s, objective, bound]"
    )
    cells = serializers.DictField(
        child=serializers.ListField(child=serializers.CharField(allow_blank=True)),
        help_text='By person key, a shift or "" for each day.',
    )

    class Meta(RunSerializer.Meta):
        fields = [*RunSerializer.Meta.fields, "curve", "cells"]
