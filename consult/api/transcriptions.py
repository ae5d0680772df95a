"""Spoken messages in REST: a recording in, its words out, nothing kept."""

from django.conf import settings
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import serializers
from rest_framework.parsers import MultiPartParser
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from consult.api.base import HOUR_S, AccountBearer, MayAsk
from consult.services.speech import (
    MOST_AUDIO_BYTES,
    check_size,
    check_speech,
    written_down,
)
from hospital.accounts.attempts import spend_attempt
from hospital.accounts.authentication import SessionAuthentication
from hospital.audit.origin import address_of
from hospital.core.uploads import SMALL_FORM_BYTES


class RecordingSerializer(serializers.Serializer[dict[str, object]]):
    audio = serializers.FileField(
        help_text=_("webm, ogg, wav, mp3, mp4 or flac; ten megabytes at most")
    )
    lang = serializers.ChoiceField(["en", "zh"], required=False)


class TranscriptSerializer(serializers.Serializer[dict[str, object]]):
    text = serializers.CharField()


class Transcriptions(APIView):
    """Where a recording's words are had. Strangers may speak, too."""

    authentication_classes = [AccountBearer, SessionAuthentication]
    permission_classes = [MayAsk]
    parser_classes = [MultiPartParser]
    most_file_bytes = MOST_AUDIO_BYTES
    scope = "conversations"
    begins = True

    @extend_schema(
        summary="Write down a spoken message",
        description="The words are for the patient to confirm: send them as a message "
        "with `spoken`. The recording is not kept.",
        request={"multipart/form-data": RecordingSerializer},
        responses={
            200: TranscriptSerializer,
            404: OpenApiResponse(description="No service is set up"),
            413: None,
            415: None,
            422: None,
            429: None,
            503: OpenApiResponse(description="The service does not answer"),
        },
    )
    def post(self, request: Request) -> Response:
        check_speech()
        check_size(int(request.META.get("CONTENT_LENGTH") or 0) - SMALL_FORM_BYTES)
        who = request.user.pk if request.user.is_authenticated else address_of(request)
        spend_attempt(
            "recordings", str(who or ""), limit=settings.SPEECH_AN_HOUR, window_s=HOUR_S
        )
        sent = RecordingSerializer(data=request.data)
        sent.is_valid(raise_exception=True)
        with sent.validated_data["audio"] as audio:
            words = written_down(audio.read(), lang=sent.validated_data.get("lang"))
        return Response({"text": words})
