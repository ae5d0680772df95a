"""Conversations and turns as they go out, and what comes in."""

from collections.abc import Sequence
from typing import Any
from urllib.parse import quote

from django.utils.functional import cached_property
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from consult.dialogue.interview import read_state, why_for_patient
from consult.dialogue.request import SEXES
from consult.models import Author, Conversation, Language, State, Turn
from consult.safety.check import OLDEST
from consult.safety.levels import LEVELS
from consult.selectors.conversations import ahead_of, department_names, turns_shown
from consult.selectors.summaries import BeforeVisit, summary_before_visit
from consult.speaking import as_language
from hospital.accounts.models import Department

Json = dict[str, Any]  # Any: JSON


class CallSerializer(serializers.Serializer):
    label = serializers.CharField()  # type: ignore[assignment]  # a field, no label
    number = serializers.CharField()


class CardSerializer(serializers.Serializer):
    id = serializers.CharField()
    kind = serializers.ChoiceField(["medical", "self_harm", "poisoning", "abuse"])
    title = serializers.CharField()
    steps = serializers.ListField(child=serializers.CharField())
    why = serializers.CharField(required=False, allow_blank=True)
    calls = CallSerializer(many=True)


class SentenceSerializer(serializers.Serializer):
    text = serializers.CharField()
    passages = serializers.ListField(child=serializers.CharField())
    under = serializers.CharField(required=False)
    term = serializers.CharField(required=False)
    where = serializers.CharField(required=False)


class QuestionSerializer(serializers.Serializer):
    code = serializers.CharField()
    text = serializers.CharField()
    chips = serializers.ListField(child=serializers.CharField())


class PassageSerializer(serializers.Serializer):
    id = serializers.CharField()
    title = serializers.CharField()
    heading = serializers.CharField()
    text = serializers.CharField()
    lang = serializers.CharField()
    library = serializers.CharField()
    note = serializers.CharField()
    url = serializers.CharField()
    source = serializers.CharField()  # type: ignore[assignment]  # a field, no source
    reviewed = serializers.DateField(allow_null=True)
    reviewer = serializers.CharField()
    href = serializers.CharField()
    other_language = serializers.BooleanField()
    is_report = serializers.BooleanField()


class NamedDepartmentSerializer(serializers.Serializer):
    code = serializers.CharField()
    name = serializers.CharField()


class BeforeVisitSerializer(serializers.Serializer):
    """The summary before the visit, as its person reads it before it is sent."""

    lines = serializers.ListField(child=serializers.CharField())
    department = serializers.SerializerMethodField()
    is_sent = serializers.BooleanField()
    may_send = serializers.BooleanField()

    def get_department(self, summary: BeforeVisit) -> str:
        return str(summary.department or "")


class TurnSerializer(serializers.ModelSerializer):
    """One turn; of an answer also what it stands on."""

    level = serializers.ChoiceField(LEVELS, read_only=True, allow_null=True)
    card = CardSerializer(read_only=True, allow_null=True)
    sentences = serializers.SerializerMethodField()
    passages = serializers.SerializerMethodField()
    why = serializers.SerializerMethodField()
    instead = serializers.SerializerMethodField()
    follow = serializers.SerializerMethodField()
    suggestions = serializers.SerializerMethodField()
    first_ms = serializers.SerializerMethodField()
    took_ms = serializers.SerializerMethodField()
    needs = serializers.SerializerMethodField()
    cares = serializers.SerializerMethodField()
    offers_person = serializers.SerializerMethodField()
    staff_name = serializers.SerializerMethodField()

    class Meta:
        model = Turn
        fields = ["id", "number", "author", "kind", "state", "text", "created"]
        fields += ["client_id", "spoken", "question", "level", "card", "sentences"]
        fields += ["passages", "why", "instead", "follow", "suggestions", "abstained"]
        fields += ["rating", "staff_name", "first_ms", "took_ms", "needs", "cares"]
        fields += ["offers_person"]
        read_only_fields = fields

    @extend_schema_field(SentenceSerializer(many=True))
    def get_sentences(self, turn: Turn) -> list[Json]:
        sentences: list[Json] = turn.answer.get("sentences", [])
        return sentences

    @extend_schema_field(PassageSerializer(many=True))
    def get_passages(self, turn: Turn) -> list[Json]:
        return [
            {
                "is_report": False,
                "href": f"/knowledge/passages/{quote(passage['id'])}/",
                **passage,
            }
            for passage in turn.answer.get("passages", [])
        ]

    def get_why(self, turn: Turn) -> str:
        return str(turn.answer.get("why", ""))

    def get_instead(self, turn: Turn) -> str:
        return str(turn.answer.get("instead", ""))

    @extend_schema_field(QuestionSerializer(allow_null=True))
    def get_follow(self, turn: Turn) -> Json | None:
        follow: Json | None = turn.answer.get("follow")
        return follow

    @extend_schema_field(serializers.ListField(child=serializers.CharField()))
    def get_suggestions(self, turn: Turn) -> list[str]:
        suggestions: list[str] = turn.answer.get("suggestions", [])
        return suggestions

    def get_first_ms(self, turn: Turn) -> int | None:
        first: int | None = turn.answer.get("first_ms")
        return first

    def get_took_ms(self, turn: Turn) -> int | None:
        if turn.finished is None:
            return None
        return round((turn.finished - turn.created).total_seconds() * 1000)

    def get_needs(self, turn: Turn) -> str:
        """What must be done first: `sign_in`, or nothing."""
        return str(turn.answer.get("needs", ""))

    def get_cares(self, turn: Turn) -> bool:
        """Whether how soon and where to go is told with it: not to who told nothing."""
        return bool(turn.answer.get("cares", False))

    def get_offers_person(self, turn: Turn) -> bool:
        """Whether a person of the hospital is offered with it, as to the angry."""
        return bool(turn.answer.get("offers_person", False))

    def get_staff_name(self, turn: Turn) -> str:
        return staff_name(turn) if turn.author == Author.STAFF else ""


class ConversationSerializer(serializers.ModelSerializer):
    """A conversation without its turns."""

    lang = serializers.CharField(source="language", read_only=True)
    level = serializers.ChoiceField(LEVELS, read_only=True)
    acuity = serializers.IntegerField(read_only=True)
    topic = serializers.CharField(read_only=True)
    departments = serializers.SerializerMethodField()
    staff_name = serializers.SerializerMethodField()

    class Meta:
        model = Conversation
        fields = ["id", "created", "updated", "state", "lang", "level", "acuity"]
        fields += ["is_crisis", "departments", "title", "topic", "staff_name"]
        fields += ["may_teach", "rating"]
        read_only_fields = fields

    @cached_property
    def _departments(self) -> Sequence[Department]:
        """The hospital's, read once however many conversations are told."""
        return list(Department.objects.all())

    @extend_schema_field(NamedDepartmentSerializer(many=True))
    def get_departments(self, row: Conversation) -> list[Json]:
        if not row.department_codes:
            return []
        names = department_names(
            row.department_codes, language=row.language, departments=self._departments
        )
        return [{"code": code, "name": name} for code, name in names.items()]

    def get_staff_name(self, row: Conversation) -> str:
        if row.state != State.HUMAN or row.taken_by is None:
            return ""
        return row.taken_by.get_full_name() or _("A member of staff")


class WholeConversationSerializer(ConversationSerializer):
    """A conversation with all its turns, read in few queries."""

    is_answering = serializers.SerializerMethodField()
    question = serializers.SerializerMethodField()
    card = serializers.SerializerMethodField()
    why = serializers.SerializerMethodField()
    expected = serializers.SerializerMethodField()
    summary = serializers.SerializerMethodField()
    turns = serializers.SerializerMethodField()
    _read: Sequence[Turn] | None = None

    class Meta(ConversationSerializer.Meta):
        fields = [*ConversationSerializer.Meta.fields, "is_answering", "question"]
        fields += ["card", "why", "expected", "summary", "turns"]
        read_only_fields = fields

    def get_is_answering(self, row: Conversation) -> bool:
        return any(turn.is_open for turn in self._turns(row))

    @extend_schema_field(QuestionSerializer(allow_null=True))
    def get_question(self, row: Conversation) -> Json | None:
        spoken = [turn for turn in self._turns(row) if turn.author != Author.NOTE]
        if not spoken or spoken[-1].author != Author.BOT:
            return None
        follow: Json | None = spoken[-1].answer.get("follow")
        return follow

    @extend_schema_field(CardSerializer(allow_null=True))
    def get_card(self, row: Conversation) -> Json | None:
        if row.emergency_since is None or row.acknowledged is not None:
            return None
        cards: list[Json] = [turn.card for turn in self._turns(row) if turn.card]
        return cards[-1] if cards else None

    def get_why(self, row: Conversation) -> str:
        """Why the level was given, in plain words; to nobody in a crisis."""
        language = as_language(row.language)
        why = read_state(row.interview).why
        return "" if row.is_crisis else why_for_patient(why, row.level, language)

    def get_expected(self, row: Conversation) -> str:
        if row.state != State.WAITING:
            return ""
        count = ahead_of(row)
        if not count:
            return _("You are next.")
        words = ngettext(
            "%(count)d person waits before you.",
            "%(count)d people wait before you.",
            count,
        )
        return words % {"count": count}

    @extend_schema_field(BeforeVisitSerializer(allow_null=True))
    def get_summary(self, row: Conversation) -> Json | None:
        summary = summary_before_visit(row, departments=self._departments)
        return BeforeVisitSerializer(summary).data if summary else None

    @extend_schema_field(TurnSerializer(many=True))
    def get_turns(self, row: Conversation) -> Any:  # Any: rest_framework's own data
        return TurnSerializer(self._turns(row), many=True).data

    def _turns(self, row: Conversation) -> Sequence[Turn]:
        if self._read is None:
            self._read = list(turns_shown(row))
        return self._read


class AboutSerializer(serializers.Serializer):
    """What may be told when a conversation begins."""

    lang = serializers.ChoiceField(Language.choices, required=False)
    age = serializers.FloatField(required=False, min_value=0, max_value=OLDEST)
    sex = serializers.ChoiceField(SEXES, required=False)
    pregnant = serializers.BooleanField(required=False, allow_null=True, default=None)


class MessageSerializer(serializers.Serializer):
    """One message; its text is checked where it is read."""

    text = serializers.CharField(allow_blank=True, trim_whitespace=False)
    client_id = serializers.UUIDField(required=False)
    spoken = serializers.BooleanField(default=False)


class RatingSerializer(serializers.Serializer):
    turn = serializers.UUIDField(required=False)
    value = serializers.ChoiceField([1, -1, 0])
    words = serializers.CharField(required=False, max_length=500, default="")


class ConsentSerializer(serializers.Serializer):
    may_teach = serializers.BooleanField()


class OpenedSerializer(ConversationSerializer):
    """A new conversation; a stranger is given its secret this once."""

    secret = serializers.CharField(required=False)

    class Meta(ConversationSerializer.Meta):
        fields = [*ConversationSerializer.Meta.fields, "secret"]


class SafetySerializer(serializers.Serializer):
    level = serializers.ChoiceField(LEVELS)
    acuity = serializers.IntegerField(min_value=1, max_value=5)
    emergency = serializers.BooleanField()
    crisis = serializers.BooleanField()
    card = CardSerializer(allow_null=True)


class TakenSerializer(serializers.Serializer):
    turn = TurnSerializer()
    answer = serializers.UUIDField(allow_null=True)
    safety = SafetySerializer()
    is_queued = serializers.BooleanField()
    state = serializers.ChoiceField(State.choices)


class TurnsSerializer(serializers.Serializer):
    results = TurnSerializer(many=True)
    is_answering = serializers.BooleanField()
    state = serializers.ChoiceField(State.choices)
    level = serializers.ChoiceField(LEVELS)
    acuity = serializers.IntegerField(min_value=1, max_value=5)


class CorrectionSerializer(serializers.Serializer):
    turn = serializers.UUIDField()
    text = serializers.CharField(trim_whitespace=False)


def staff_name(turn: Turn) -> str:
    """Return the name of a member of staff as patients read it."""
    name = turn.writer.get_full_name() if turn.writer else ""
    return name or _("A member of staff")
