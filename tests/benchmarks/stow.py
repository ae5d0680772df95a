"""STOW-RS, instances a second, beside Debian's Orthanc with its DICOMweb plug-in."""

import json
import shutil
import subprocess
import tempfile
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx

from tests.benchmarks.figures import quantile
from tests.benchmarks.reading import phantom, renamed
from tests.running import free_port, running_platform

ROUNDS = 5
PLUGIN = Path("/usr/share/orthanc/plugins/libOrthancDicomWeb.so")
START_S = 30


def measure() -> dict[str, Any]:
    """Return instances a second of both, in turns, and the ratio of each pair."""
    if not shutil.which("Orthanc") or not PLUGIN.exists():
        return {"error": "Install Debian's orthanc and orthanc-dicomweb to compare."}
    series = phantom()
    ours: list[float] = []
    theirs: list[float] = []
    with running_platform() as platform, _orthanc() as orthanc:
        for _round in range(ROUNDS + 1):
            files = [content for _field, (_name, content) in renamed(series)]
            ours.append(
                _instances_per_s(
                    f"{platform.url}/dicomweb/studies", files, platform.headers()
                )
            )
            theirs.append(_instances_per_s(f"{orthanc}/dicom-web/studies", files, {}))
    ours, theirs = ours[1:], theirs[1:]  # the first round warms both up
    ratios = [a / b for a, b in zip(ours, theirs, strict=True)]
    return {
        "instances": len(series),
        "rounds": ROUNDS,
        "anji_instances_per_s": round(quantile(ours, 50), 1),
        "orthanc_instances_per_s": round(quantile(theirs, 50), 1),
        "ratio_median": round(quantile(ratios, 50), 3),
    }


def _instances_per_s(url: str, files: list[bytes], headers: dict[str, str]) -> float:
    boundary = uuid.uuid4().hex
    part = b"--%s\r\nContent-Type: application/dicom\r\n\r\n" % boundary.encode()
    body = b"".join(part + content + b"\r\n" for content in files)
    body += b"--%s--\r\n" % boundary.encode()
    kind = f'multipart/related; type="application/dicom"; boundary={boundary}'
    started = time.perf_counter()
    answer = httpx.post(
        url,
        content=body,
        headers={
            **headers,
            "Content-Type": kind,
            "Accept": "application/dicom+json",
        },
        timeout=300,
    )
    taken = time.perf_counter() - started
    answer.raise_for_status()
    return len(files) / taken


@contextmanager
def _orthanc() -> Iterator[str]:
    """Run Orthanc on loopback over a folder of its own, its index synced to disk."""
    folder = Path(tempfile.mkdtemp(prefix="anji-orthanc-"))
    port = free_port()
    config = {
        "Name": "bench",
        "StorageDirectory": str(folder / "db"),
        "IndexDirectory": str(folder / "db"),
        "HttpPort": port,
        "RemoteAccessAllowed": False,
        "AuthenticationEnabled": False,
        "DicomServerEnabled": False,
        "SyncStorageArea": True,
        "Plugins": [str(PLUGIN)],
        "DicomWeb": {"Enable": True, "Root": "/dicom-web/"},
    }
    (folder / "orthanc.json").write_text(json.dumps(config))
    process = subprocess.Popen(
        ["Orthanc", str(folder / "orthanc.json")],
        stdout=subprocess.DEVNULL,
        stderr=subprocess.DEVNULL,
    )
    url = f"http://127.0.0.1:{port}"
    try:
        _wait(lambda: httpx.get(f"{url}/system", timeout=2).is_success)
        yield url
    finally:
        process.terminate()
        process.wait(START_S)
        shutil.rmtree(folder, ignore_errors=True)


def _wait(answers: Callable[[], bool]) -> None:
    deadline = time.monotonic() + START_S
    while time.monotonic() < deadline:
        try:
            if answers():
                return
        except httpx.TransportError:
            pass
        time.sleep(0.1)
    message = f"Orthanc did not answer within {START_S} s."
    raise TimeoutError(message)
