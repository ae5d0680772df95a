"""One's own notices in REST."""

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema, extend_schema_view, inline_serializer
from rest_framework import serializers, viewsets
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.principal import principal_of
from hospital.notices.models import Notice
from hospital.notices.selectors import notices_visible_to
from hospital.notices.services import mark_all_read, mark_read


class NoticeSerializer(serializers.ModelSerializer):
    words = serializers.CharField(
        read_only=True, help_text="What it says, in the language of Accept-Language."
    )

    class Meta:
        model = Notice
        fields = ["id", "kind", "words", "values", "link", "subject_id"]
        fields += ["created", "read"]
        read_only_fields = fields


class NoticeFilter(filters.FilterSet):
    unread = filters.BooleanFilter(field_name="read", lookup_expr="isnull")

    class Meta:
        model = Notice
        fields = ["kind", "subject_id"]


@extend_schema_view(
    list=extend_schema(summary="Your notices, those not read yet first"),
    retrieve=extend_schema(summary="One of your notices"),
)
class NoticeViewSet(viewsets.ReadOnlyModelViewSet):
    scope = "notices"
    queryset = Notice.objects.none()
    serializer_class = NoticeSerializer
    filterset_class = NoticeFilter
    search_fields: list[str] = []
    ordering_fields = ["created", "read"]

    def get_queryset(self) -> QuerySet[Notice]:
        return notices_visible_to(principal_of(self.request))

    @extend_schema(summary="Mark one as read", request=None)
    @action(detail=True, methods=["post"], url_path="read")
    def reading(self, request: Request, pk: str) -> Response:
        notice = mark_read(notice=self.get_object())
        return Response(self.get_serializer(notice).data)

    @extend_schema(
        summary="Mark all as read",
        operation_id="notices_read_all",
        request=None,
        responses=inline_serializer(
            "NoticesRead", {"read": serializers.IntegerField()}
        ),
    )
    @action(detail=False, methods=["post"], url_path="read")
    def reading_of_all(self, request: Request) -> Response:
        return Response({"read": mark_all_read(principal=principal_of(request))})
