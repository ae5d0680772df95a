"""STOW-RS: instances in, one answer for all of them (PS3.18 10.5)."""

from collections.abc import Iterator
from pathlib import Path

from django.conf import settings
from django.http import HttpResponse, JsonResponse
from django.utils.translation import gettext as _
from rest_framework.request import Request

from diagnosis.dicom.pool import decoder_pool
from diagnosis.dicomweb.accept import media_type
from diagnosis.dicomweb.attributes import Json, element
from diagnosis.dicomweb.base import DICOM_JSON, DicomwebView
from diagnosis.dicomweb.multipart import PartReader
from diagnosis.dicomweb.retrieve import RetrieveInstances
from diagnosis.dicomweb.search import SearchStudies
from diagnosis.services.incoming import (
    IncomingFile,
    Rejection,
    staging_folder,
    too_many_bytes,
    too_many_files,
)
from diagnosis.services.ingest import Upload, ingest_upload
from diagnosis.services.study_rows import ReadFile
from hospital.accounts.models import Role
from hospital.core.errors import DomainError, NotPermitted

CHUNK = 1 << 20
PART_OVERHEAD_BYTES = 16 * 1024**2

# PS3.18 I.2.2 and PS3.4 annex C: why an instance was not stored.
PROCESSING_FAILURE = 0x0110
DUPLICATE_INSTANCE = 0x0111
DOES_NOT_MATCH = 0xA900
CANNOT_UNDERSTAND = 0xC000
TRANSFER_SYNTAX = 0xC122
FAILURES = {
    "uid_conflict": DUPLICATE_INSTANCE,
    "study_elsewhere": DOES_NOT_MATCH,
    "study_mismatch": DOES_NOT_MATCH,
    "patient_mismatch": DOES_NOT_MATCH,
    "series_mismatch": DOES_NOT_MATCH,
    "unsupported_transfer_syntax": TRANSFER_SYNTAX,
    "timeout": PROCESSING_FAILURE,
    "decoder_died": PROCESSING_FAILURE,
    "too_large": PROCESSING_FAILURE,
}


class UnsupportedMedia(DomainError):
    """The body is of a kind that is not stored here."""

    status = 415


class StoreView(DicomwebView):
    """POST stores instances; into one study only where the address names it."""

    def post(self, request: Request, **within: str) -> HttpResponse:
        if self.principal.role == Role.PATIENT:
            raise NotPermitted(
                _("Patients cannot upload studies."), code="not_permitted"
            )
        declared = int(request.META.get("CONTENT_LENGTH") or 0)
        if declared > settings.UPLOAD_MAX_BYTES + PART_OVERHEAD_BYTES:
            raise too_many_bytes()
        decoder_pool().warm()  # while the body comes in
        with staging_folder() as folder:
            upload = ingest_upload(
                _received(request, Path(folder)),
                principal=self.principal,
                only_study=within.get("study"),
            )
        return self.stored(upload)

    def stored(self, upload: Upload) -> HttpResponse:
        """Return the Store Instances Response (PS3.18 10.5.3)."""
        body: Json = {}
        if len(upload.studies) == 1:
            body["00081190"] = element("UR", self.study_url(upload.studies[0]))
        if upload.accepted:
            items = [self.referenced(file) for file in upload.accepted]
            body["00081199"] = {"vr": "SQ", "Value": items}
        named = [one for one in upload.rejected if one.sop_instance_uid]
        unnamed = [one for one in upload.rejected if not one.sop_instance_uid]
        if named:
            items = [failed(one) for one in named]
            body["00081198"] = {"vr": "SQ", "Value": items}
        if unnamed:  # Other Failures Sequence: nothing is known of what they were
            items = [{"00081197": failure(one)} for one in unnamed]
            body["0008119A"] = {"vr": "SQ", "Value": items}
        status = 409 if not upload.accepted else 202 if upload.rejected else 200
        response = JsonResponse(body, status=status, content_type=DICOM_JSON)
        if upload.job:
            response["Link"] = f'</api/v1/jobs/{upload.job.id}/>; rel="monitor"'
        return response

    def referenced(self, file: ReadFile) -> Json:
        header = file.header
        url = self.url(
            "studies",
            header.study_instance_uid,
            "series",
            header.series_instance_uid,
            "instances",
            header.sop_instance_uid,
        )
        return {
            "00081150": element("UI", header.sop_class_uid),
            "00081155": element("UI", header.sop_instance_uid),
            "00081190": element("UR", url),
        }


class Studies(StoreView, SearchStudies):
    """GET searches studies; POST stores instances of any."""


class StudyResource(StoreView, RetrieveInstances):
    """GET retrieves a study's instances; POST stores more of them."""


def failed(one: Rejection) -> Json:
    return {
        "00081150": element("UI", one.sop_class_uid),
        "00081155": element("UI", one.sop_instance_uid),
        "00081197": failure(one),
    }


def failure(one: Rejection) -> Json:
    return element("US", FAILURES.get(one.code, CANNOT_UNDERSTAND))


def _received(request: Request, folder: Path) -> list[IncomingFile]:
    """Return the parts of the body as files in the folder."""
    kind, parameters = media_type(request.META.get("CONTENT_TYPE", ""))
    paths = _paths(folder)
    if kind == "application/dicom":
        path = next(paths)
        with path.open("xb") as file:
            while chunk := request.stream.read(CHUNK) if request.stream else b"":
                file.write(chunk)
        return [IncomingFile("1", path)]
    wanted = parameters.get("type", "application/dicom")
    if kind != "multipart/related" or wanted != "application/dicom":
        raise UnsupportedMedia(
            _("Only multipart/related of application/dicom is stored here."),
            code="unsupported_media_type",
        )
    if request.stream is None:
        return []
    reader = PartReader(request.stream, boundary=parameters.get("boundary", ""))
    return [
        IncomingFile(str(number), part.path)
        for number, part in enumerate(reader.parts(paths), start=1)
    ]


def _paths(folder: Path) -> Iterator[Path]:
    for number in range(settings.UPLOAD_MAX_FILES):
        yield folder / f"part-{number + 1}"
    raise too_many_files()
