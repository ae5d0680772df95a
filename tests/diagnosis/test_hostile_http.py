"""Every malformed and hostile file over HTTP: taken or refused, never an error of ours."""

import io
import time
from pathlib import Path

import pytest
import requests
from pytest_django.live_server_helper import LiveServer

from diagnosis import files
from diagnosis.dicom.limits import MEMORY_BYTES
from diagnosis.dicom.pool import decoder_pool
from diagnosis.models import Instance
from hospital.accounts.models import Role
from tests.diagnosis.live import session_of
from tests.diagnosis.realdata import dicom_files
from tests.rows import make_department, make_person

SLOWEST_S = 5.0
LARGEST_BYTES = 512 * 1024**2


@pytest.mark.realdata
@pytest.mark.slow
@pytest.mark.django_db(transaction=True)
@pytest.mark.parametrize("folder", ["malformed", "hostile"])
def test_no_hostile_file_breaks_anything(live_server: LiveServer, folder: str) -> None:
    person = make_person(Role.CLINICIAN, make_department())
    decoder_pool().deaths = 0
    statuses: set[int] = set()
    slowest = 0.0

    with session_of(person) as session:
        for path in dicom_files(folder):
            answers = [upload(session, live_server.url, path)]
            if answers[0][0] == 202:
                answers += views_of_newest(session, live_server.url)
            if max(seconds for _, seconds in answers) >= SLOWEST_S:
                # Was it the file, or a busy machine?
                answers = [upload(session, live_server.url, path)]
            statuses |= {status for status, _ in answers}
            slowest = max(slowest, *(seconds for _, seconds in answers))

    assert statuses <= {200, 202, 404, 409, 422}
    assert slowest < SLOWEST_S
    assert decoder_pool().deaths == 0
    assert peak_bytes() <= MEMORY_BYTES < LARGEST_BYTES
    stored = {digest for digest, _ in files.stored_digests()}
    named = set(Instance.objects.values_list("digest", flat=True))
    assert named <= stored


def upload(session: requests.Session, url: str, path: Path) -> tuple[int, float]:
    began = time.monotonic()
    with path.open("rb") as file:
        response = session.post(
            f"{url}/api/v1/studies/", files={"files": (path.name, file)}
        )
    seconds = time.monotonic() - began
    body = response.json()
    assert response.status_code in (202, 422), (path.name, body)
    assert (response.status_code == 202) == bool(body.get("studies")), path.name
    for one in body["rejected"]:
        assert one["code"], path.name
        assert one["message"], path.name
    return response.status_code, seconds


def views_of_newest(session: requests.Session, url: str) -> list[tuple[int, float]]:
    """Open the newest instance every way that decodes it."""
    instance = Instance.objects.select_related("series__study").latest("updated")
    base = f"{url}/dicomweb/studies/{instance.series.study.study_instance_uid}"
    one = (
        f"{base}/series/{instance.series.series_instance_uid}"
        f"/instances/{instance.sop_instance_uid}"
    )
    results = []
    for address in (
        f"{one}/metadata",
        f"{one}/frames/1",
        f"{one}/rendered",
    ):
        began = time.monotonic()
        response = session.get(address)
        results.append((response.status_code, time.monotonic() - began))
        assert response.status_code < 500, (address, response.text[:200])
    return results


def peak_bytes() -> int:
    """Return the largest resident size any decoder child of this process has had."""
    peaks = [0]
    for child in decoder_pool()._idle:
        status = io.StringIO(Path(f"/proc/{child.process.pid}/status").read_text())
        line = next(line for line in status if line.startswith("VmHWM"))
        peaks.append(int(line.split()[1]) * 1024)
    return max(peaks)
