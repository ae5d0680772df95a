"""DICOMweb through its doors: what goes in by STOW comes out by QIDO and WADO."""

import io
from collections.abc import Iterable
from pathlib import Path

import numpy as np
import pytest
from django.http import HttpResponse
from PIL import Image
from pydicom import dcmread
from pydicom.dataset import Dataset
from rest_framework.test import APIClient

from diagnosis.dicomweb.multipart import OutgoingPart, PartReader, written
from diagnosis.models import Instance, Study
from hospital.accounts.models import Department, Role
from hospital.audit.models import Access
from tests.diagnosis.dicom.synthetic import SERIES, STUDY, ct_slice, saved
from tests.rows import make_department, make_person, make_study

pytestmark = pytest.mark.django_db
BASE = "/dicomweb"
KIND = 'multipart/related; type="application/dicom"; boundary=b'
SERIES_URL = f"{BASE}/studies/{STUDY}/series/{SERIES}"


@pytest.fixture
def radiology() -> Department:
    return make_department()


@pytest.fixture
def client(radiology: Department) -> APIClient:
    client = APIClient()
    client.force_login(make_person(Role.CLINICIAN, radiology))
    return client


def stow(
    client: APIClient,
    folder: Path,
    *datasets: Dataset,
    extra: Iterable[bytes] = (),
    study: str = "",
) -> HttpResponse:
    folder.mkdir(exist_ok=True)
    contents = [
        saved(dataset, folder / f"{number}.dcm").read_bytes()
        for number, dataset in enumerate(datasets)
    ]
    parts = [OutgoingPart("application/dicom", [one]) for one in [*contents, *extra]]
    body = b"".join(written(parts, boundary="b"))
    return client.post(f"{BASE}/studies{study}", data=body, content_type=KIND)


def parts_of(response: HttpResponse, folder: Path) -> list[tuple[str, bytes]]:
    folder.mkdir(exist_ok=True)
    body = io.BytesIO(b"".join(response.streaming_content))
    boundary = response["Content-Type"].rpartition("boundary=")[2]
    paths = (folder / str(number) for number in range(100))
    reader = PartReader(body, boundary=boundary)
    return [(one.content_type, one.path.read_bytes()) for one in reader.parts(paths)]


def url_of(number: int = 1) -> str:
    return f"{SERIES_URL}/instances/{ct_slice(number).SOPInstanceUID}"


def test_stored_instances_are_referenced(client: APIClient, tmp_path: Path) -> None:
    response = stow(client, tmp_path / "in", ct_slice(1), ct_slice(2))

    body = response.json()
    assert response.status_code == 200, body
    assert response["Content-Type"] == "application/dicom+json"
    assert body["00081190"]["Value"][0].endswith(f"{BASE}/studies/{STUDY}")
    uids = [item["00081155"]["Value"][0] for item in body["00081199"]["Value"]]
    assert uids == [ct_slice(1).SOPInstanceUID, ct_slice(2).SOPInstanceUID]
    assert "00081198" not in body
    assert Study.objects.get().instance_count == 2


def test_what_is_not_stored_says_why(client: APIClient, tmp_path: Path) -> None:
    stow(client, tmp_path / "first", ct_slice(1))

    response = stow(
        client, tmp_path / "in", ct_slice(1, PatientSex="M"), ct_slice(2), extra=[b"x"]
    )

    body = response.json()
    assert response.status_code == 202
    (failed,) = body["00081198"]["Value"]
    assert failed["00081155"]["Value"] == [ct_slice(1).SOPInstanceUID]
    assert failed["00081197"]["Value"] == [0x0111]
    assert [item["00081197"]["Value"] for item in body["0008119A"]["Value"]] == [
        [0xC000]
    ]
    assert Instance.objects.count() == 2


def test_nothing_stored_is_409(client: APIClient, tmp_path: Path) -> None:
    response = stow(client, tmp_path / "in", extra=[b"text", b""])

    assert response.status_code == 409
    assert len(response.json()["0008119A"]["Value"]) == 2
    assert Study.objects.count() == 0


def test_another_study_is_not_stored_into_this_one(
    client: APIClient, tmp_path: Path
) -> None:
    response = stow(client, tmp_path / "in", ct_slice(1), study="/1.2.3")

    assert response.status_code == 409
    (failed,) = response.json()["00081198"]["Value"]
    assert failed["00081197"]["Value"] == [0xA900]
    assert Study.objects.count() == 0


@pytest.mark.parametrize(
    ("kind", "status"),
    [
        ("text/plain", 415),
        ('multipart/related; type="application/dicom+json"; boundary=b', 415),
        ('multipart/related; type="application/dicom"', 400),
        (KIND, 400),
    ],
)
def test_a_body_of_another_kind_is_a_problem(
    client: APIClient, kind: str, status: int
) -> None:
    response = client.post(f"{BASE}/studies", data=b"--b\r\n\r\nx", content_type=kind)

    assert response.status_code == status
    assert response["Content-Type"] == "application/problem+json"
    assert Study.objects.count() == 0


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("", 1),
        ("PatientName=doe*", 1),
        ("PatientName=Doe^Jane", 1),
        ("PatientName=D%3Fe*&fuzzymatching=false", 1),
        ("PatientName=Smith", 0),
        ("PatientName=*e", 1),
        ("PatientName=*o", 0),
        ("AccessionNumber=?-1", 1),
        ("AccessionNumber=%3F%25", 0),
        ("AccessionNumber=*_1", 0),
        ("AccessionNumber=*%5C-1", 0),
        ("AccessionNumber=" + "*" * 61 + "A-1", 1),
        ("PatientID=P-1", 1),
        ("00100020=P-1", 1),
        ("00100020=P-2", 0),
        ("StudyDate=20260102", 1),
        ("StudyDate=20260101-20260103", 1),
        ("StudyDate=-20260101", 0),
        ("StudyDate=20260102-", 1),
        ("ModalitiesInStudy=CT", 1),
        ("ModalitiesInStudy=MR", 0),
        (f"StudyInstanceUID={STUDY},1.2.3", 1),
        ("AccessionNumber=A-1", 1),
        ("offset=1", 0),
        ("limit=0", 0),
    ],
)
def test_studies_are_searched(
    client: APIClient, tmp_path: Path, query: str, found: int
) -> None:
    stow(client, tmp_path / "in", ct_slice(1), ct_slice(2))

    rows = client.get(f"{BASE}/studies?{query}").json()

    assert len(rows) == found
    for row in rows:
        assert row["0020000D"]["Value"] == [STUDY]
        assert row["00100010"]["Value"] == [{"Alphabetic": "Doe^Jane"}]
        assert row["00201208"]["Value"] == [2]
        assert row["00080061"]["Value"] == ["CT"]


@pytest.mark.parametrize(
    "query",
    [
        "limit=x",
        "StudyDate=yesterday",
        "offset=-1",
        "PatientName=" + "*a" * 32 + "*",
    ],
)
def test_an_impossible_search_is_400(client: APIClient, query: str) -> None:
    response = client.get(f"{BASE}/studies?{query}")

    assert response.status_code == 400
    assert response["Content-Type"] == "application/problem+json"


def test_an_unknown_parameter_is_named_in_a_warning(client: APIClient) -> None:
    response = client.get(f"{BASE}/studies?Colour=blue")

    assert response.status_code == 200
    assert "Colour" in response["Warning"]


def test_series_and_instances_are_searched(client: APIClient, tmp_path: Path) -> None:
    stow(client, tmp_path / "in", ct_slice(1), ct_slice(2))

    series = client.get(f"{BASE}/studies/{STUDY}/series").json()
    every = client.get(f"{BASE}/series?Modality=CT").json()
    instances = client.get(f"{SERIES_URL}/instances?includefield=PatientID").json()
    one = client.get(f"{BASE}/instances?InstanceNumber=2&includefield=all").json()

    assert [row["0020000E"]["Value"] for row in series] == [[SERIES]]
    assert every == series
    assert [row["00200013"]["Value"] for row in instances] == [[1], [2]]
    assert instances[0]["00100020"]["Value"] == ["P-1"]
    assert "00281050" not in instances[0]
    assert [row["00281050"]["Value"] for row in one] == [[40]]


def test_metadata_is_every_attribute_but_pixels(
    client: APIClient, tmp_path: Path
) -> None:
    stow(client, tmp_path / "in", ct_slice(1), ct_slice(2))

    response = client.get(f"{SERIES_URL}/metadata")

    assert response["Content-Type"] == "application/dicom+json"
    rows = response.json() if not response.streaming else None
    text = b"".join(response.streaming_content) if rows is None else b""
    dataset = Dataset.from_json(__import__("json").loads(text)[0])
    assert dataset.SOPInstanceUID == ct_slice(1).SOPInstanceUID
    assert dataset.RescaleSlope == 2
    assert "PixelData" not in dataset


def test_instances_come_back_as_they_were_stored(
    client: APIClient, tmp_path: Path
) -> None:
    stow(client, tmp_path / "in", ct_slice(1), ct_slice(2))

    study = client.get(f"{BASE}/studies/{STUDY}")
    single = client.get(url_of(2), HTTP_ACCEPT="application/dicom")

    parts = parts_of(study, tmp_path / "out")
    assert len(parts) == 2
    assert parts[0][1] == (tmp_path / "in" / "0.dcm").read_bytes()
    dataset = dcmread(io.BytesIO(b"".join(single.streaming_content)))
    assert dataset.SOPInstanceUID == ct_slice(2).SOPInstanceUID


def test_a_frame_comes_decoded(client: APIClient, tmp_path: Path) -> None:
    stow(client, tmp_path / "in", ct_slice(1))

    multi = client.get(f"{url_of()}/frames/1")
    plain = client.get(f"{url_of()}/frames/1", HTTP_ACCEPT="application/octet-stream")

    ((kind, data),) = parts_of(multi, tmp_path / "out")
    expected = np.arange(48, dtype="<i2").tobytes()
    assert kind == "application/octet-stream; transfer-syntax=1.2.840.10008.1.2.1"
    assert data == plain.content == expected
    again = client.get(
        f"{url_of()}/frames/1",
        HTTP_ACCEPT="application/octet-stream",
        HTTP_IF_NONE_MATCH=plain["ETag"],
    )
    assert again.status_code == 304


@pytest.mark.parametrize(
    ("frames", "status"),
    [("2", 404), ("0", 404), ("x", 400), ("1,,2", 400), ("1,1", 400), ("1,01", 400)],
)
def test_a_frame_that_is_not_there_is_refused(
    client: APIClient, tmp_path: Path, frames: str, status: int
) -> None:
    stow(client, tmp_path / "in", ct_slice(1))

    assert client.get(f"{url_of()}/frames/{frames}").status_code == status


def test_frames_over_the_limit_together_are_413(
    client: APIClient, tmp_path: Path
) -> None:
    stow(client, tmp_path / "in", ct_slice(1))
    Instance.objects.update(rows=4096, columns=4096, frames=5)  # of 32 MiB each

    five = client.get(f"{url_of()}/frames/1,2,3,4,5")
    one = client.get(f"{url_of()}/frames/1")

    assert (five.status_code, five.json()["code"]) == (413, "too_many_frames")
    assert one.status_code == 200


@pytest.mark.parametrize(
    "path",
    [
        f"/studies/{STUDY}/rendered",
        f"/studies/{STUDY}/thumbnail",
        f"/studies/{STUDY}/series/{SERIES}/rendered",
        f"/studies/{STUDY}/series/{SERIES}/thumbnail",
    ],
)
def test_pictures_of_a_study_are_of_its_middle(
    client: APIClient, tmp_path: Path, path: str
) -> None:
    stow(client, tmp_path / "in", ct_slice(1), ct_slice(2), ct_slice(3))

    response = client.get(f"{BASE}{path}")

    assert response["Content-Type"] == "image/jpeg"
    assert Image.open(io.BytesIO(response.content)).size == (6, 8)


def test_a_frame_is_rendered_with_the_window_asked_for(
    client: APIClient, tmp_path: Path
) -> None:
    stow(client, tmp_path / "in", ct_slice(1))

    response = client.get(
        f"{url_of()}/frames/1/rendered?window=-953,95,linear", HTTP_ACCEPT="image/png"
    )

    shown = np.asarray(Image.open(io.BytesIO(response.content)))
    assert shown[0, 0] < 5
    assert shown[-1, -1] > 250
    for bad in ("window=a,b", "window=1,0", "viewport=x", "viewport="):
        status = client.get(f"{url_of()}/rendered?{bad}").status_code
        assert status == (200 if bad == "viewport=" else 400)


@pytest.mark.parametrize(
    ("path", "accept"),
    [
        ("/rendered", "image/gif"),
        ("/metadata", "application/dicom+xml"),
        ("", "text/html"),
        ("/frames/1", "video/mp4"),
    ],
)
def test_what_cannot_be_given_is_406(
    client: APIClient, tmp_path: Path, path: str, accept: str
) -> None:
    stow(client, tmp_path / "in", ct_slice(1))

    response = client.get(url_of() + path, HTTP_ACCEPT=accept)

    assert response.status_code == 406
    assert response["Content-Type"] == "application/problem+json"


PATHS = [
    f"/studies/{STUDY}",
    f"/studies/{STUDY}/metadata",
    f"/studies/{STUDY}/rendered",
    f"/studies/{STUDY}/series/{SERIES}",
    f"/studies/{STUDY}/series/{SERIES}/instances/{ct_slice(1).SOPInstanceUID}",
    f"/studies/{STUDY}/series/{SERIES}/instances/{ct_slice(1).SOPInstanceUID}/frames/1",
    f"/studies/{STUDY}/series/{SERIES}/instances/{ct_slice(1).SOPInstanceUID}/rendered",
]


@pytest.mark.parametrize("path", PATHS)
def test_another_departments_images_are_not_found(
    client: APIClient, tmp_path: Path, path: str
) -> None:
    stow(client, tmp_path / "in", ct_slice(1))
    stranger = APIClient()
    stranger.force_login(make_person(Role.CLINICIAN, make_department()))

    assert stranger.get(BASE + path).status_code == 404
    assert stranger.get(f"{BASE}/studies").json() == []
    assert APIClient().get(BASE + path).status_code == 401


def test_another_departments_study_takes_nothing(
    client: APIClient, tmp_path: Path
) -> None:
    make_study(make_department())
    stow(client, tmp_path / "in", ct_slice(1))
    stranger = APIClient()
    stranger.force_login(make_person(Role.CLINICIAN, make_department()))

    response = stow(stranger, tmp_path / "again", ct_slice(1), ct_slice(2))

    assert response.status_code == 409
    assert (
        Instance.objects.filter(sop_instance_uid=ct_slice(2).SOPInstanceUID).count()
        == 0
    )


def test_opening_a_study_is_written_down_once(
    client: APIClient, tmp_path: Path
) -> None:
    stow(client, tmp_path / "in", ct_slice(1), ct_slice(2))

    for number in (1, 2):
        client.get(f"{url_of(number)}/frames/1")

    study = Study.objects.get()
    (access,) = Access.objects.filter(record_id=str(study.id), action="read")
    assert access.patient_id == study.patient_id
