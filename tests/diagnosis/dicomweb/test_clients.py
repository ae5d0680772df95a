"""Programs that others wrote read and write through our doors."""

import shutil
import subprocess
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import pytest
from dicomweb_client.api import DICOMwebClient
from pydicom import dcmread
from pytest_django.live_server_helper import LiveServer

from hospital.accounts.models import Role
from tests.diagnosis.dicom.synthetic import SERIES, STUDY, ct_slice, saved
from tests.diagnosis.live import session_of
from tests.diagnosis.realdata import dicom_files
from tests.rows import make_department, make_person

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def web(live_server: LiveServer) -> Iterator[DICOMwebClient]:
    person = make_person(Role.CLINICIAN, make_department())
    with session_of(person) as session:
        yield DICOMwebClient(f"{live_server.url}/dicomweb", session=session)


def test_dicomweb_client_stores_searches_and_retrieves(
    web: DICOMwebClient, tmp_path: Path
) -> None:
    slices = [dcmread(saved(ct_slice(n), tmp_path / f"{n}.dcm")) for n in (1, 2, 3)]

    answer = web.store_instances(slices)

    assert len(answer.ReferencedSOPSequence) == 3
    (study,) = web.search_for_studies(search_filters={"PatientID": "P-1"})
    assert study["0020000D"]["Value"] == [STUDY]
    (series,) = web.search_for_series(STUDY)
    assert series["0020000E"]["Value"] == [SERIES]
    assert len(web.search_for_instances(STUDY, SERIES, limit=2)) == 2
    metadata = web.retrieve_series_metadata(STUDY, SERIES)
    assert [item["00200013"]["Value"] for item in metadata] == [[1], [2], [3]]
    uid = slices[0].SOPInstanceUID
    instance = web.retrieve_instance(STUDY, SERIES, uid)
    assert instance.PixelData == slices[0].PixelData
    assert len(web.retrieve_study(STUDY)) == 3
    (frame,) = web.retrieve_instance_frames(STUDY, SERIES, uid, [1])
    assert frame == np.arange(48, dtype="<i2").tobytes()
    picture = web.retrieve_instance_rendered(
        STUDY, SERIES, uid, media_types=("image/png",)
    )
    assert picture.startswith(b"\x89PNG")


@pytest.mark.realdata
def test_compressed_frames_come_decoded_or_as_stored(web: DICOMwebClient) -> None:
    (path,) = [
        path for path in dicom_files("cornerstone3D") if "JPEGLSLossless" in path.name
    ]
    stored = dcmread(path)
    web.store_instances([stored])
    uids = (stored.StudyInstanceUID, stored.SeriesInstanceUID, stored.SOPInstanceUID)

    (plain,) = web.retrieve_instance_frames(
        *uids, [1], media_types=(("application/octet-stream", "1.2.840.10008.1.2.1"),)
    )
    (jls,) = web.retrieve_instance_frames(
        *uids, [1], media_types=(("image/jls", "1.2.840.10008.1.2.4.80"),)
    )

    decoded = np.frombuffer(plain, "<i2").reshape(512, 512)
    assert np.array_equal(decoded, stored.pixel_array)
    assert jls.startswith(b"\xff\xd8\xff\xf7")  # SOI, SOF55: a JPEG-LS codestream


@pytest.mark.skipif(not shutil.which("dcmftest"), reason="dcmtk is not installed")
def test_dcmtk_reads_what_is_retrieved(web: DICOMwebClient, tmp_path: Path) -> None:
    original = saved(ct_slice(), tmp_path / "in.dcm")
    web.store_instances([dcmread(original)])
    uid = ct_slice().SOPInstanceUID

    retrieved = tmp_path / "out.dcm"
    web.retrieve_instance(STUDY, SERIES, uid).save_as(
        retrieved, enforce_file_format=True
    )

    check = subprocess.run(["dcmftest", retrieved], capture_output=True, check=False)
    dump = subprocess.run(
        ["dcmdump", "+P", "SOPInstanceUID", retrieved],
        capture_output=True,
        check=True,
        text=True,
    )
    assert check.returncode == 0
    assert uid in dump.stdout
