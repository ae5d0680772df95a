"""The hospital's public holidays in REST."""

from uuid import UUID

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from drf_spectacular.utils import OpenApiExample, OpenApiResponse, extend_schema
from rest_framework import generics, serializers
from rest_framework.request import Request
from rest_framework.response import Response

from hospital.accounts.models import Role
from hospital.accounts.principal import principal_of
from scheduling.api.base import NOT_TAKEN, RosterDoor
from scheduling.importing.holidays import LONGEST_NAME
from scheduling.models import PublicHoliday
from scheduling.selectors.rosters import public_holidays_visible_to
from scheduling.services.holidays import add_holiday, remove_holiday

KEEPING_ROLES = (Role.MANAGER, Role.ADMINISTRATOR)


class PublicHolidaySerializer(serializers.ModelSerializer):
    class Meta:
        model = PublicHoliday
        fields = ["id", "date", "name"]


class NewHolidaySerializer(serializers.Serializer):
    date = serializers.DateField()
    name = serializers.CharField(max_length=LONGEST_NAME)


class HolidaysView(RosterDoor, generics.ListAPIView):
    queryset = PublicHoliday.objects.none()
    serializer_class = PublicHolidaySerializer
    filterset_fields = {"date": ["gte", "lte"]}
    ordering = ["date"]
    write_roles = KEEPING_ROLES

    def get_queryset(self) -> QuerySet[PublicHoliday]:
        return public_holidays_visible_to(principal_of(self.request))

    @extend_schema(
        summary="Enter a public holiday for the whole hospital",
        request=NewHolidaySerializer,
        responses={
            201: PublicHolidaySerializer,
            409: OpenApiResponse(description="The day is a public holiday already"),
            422: NOT_TAKEN,
        },
        examples=[
            OpenApiExample(
                "Christmas",
                request_only=True,
                value={"date": "2026-12-25", "name": "Christmas Day"},
            )
        ],
    )
    def post(self, request: Request) -> Response:
        form = NewHolidaySerializer(data=request.data)
        form.is_valid(raise_exception=True)
        sent = form.validated_data
        made = add_holiday(author=self.author(), on=sent["date"], name=sent["name"])
        return Response(PublicHolidaySerializer(made).data, status=201)


class HolidayView(RosterDoor):
    roles = KEEPING_ROLES
    write_roles = KEEPING_ROLES

    @extend_schema(summary="Take a public holiday out", responses={204: None})
    def delete(self, request: Request, holiday_id: UUID) -> Response:
        visible = public_holidays_visible_to(principal_of(request))
        holiday = get_object_or_404(visible, pk=holiday_id)
        remove_holiday(author=self.author(), holiday=holiday)
        return Response(status=204)
