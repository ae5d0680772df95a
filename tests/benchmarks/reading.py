"""A 54-slice series from upload to finding, on the real platform."""

import time
from pathlib import Path
from typing import Any

import httpx
import pydicom
from pydicom.uid import generate_uid

from tests.benchmarks.data import needed
from tests.benchmarks.figures import quantile, resident_mb
from tests.running import RunningPlatform, running_platform

ROUNDS = 12
WARM_UP = 2
PATIENCE_S = 120


def measure() -> dict[str, Any]:
    """Return seconds from sending the first byte to seeing the finding."""
    series = phantom()
    with running_platform() as platform:
        accepted, found = [], []
        for number in range(WARM_UP + ROUNDS):
            files = renamed(series)
            started = time.perf_counter()
            study = _upload(platform, files)
            taken = time.perf_counter() - started
            _wait_for_finding(platform, study)
            if number >= WARM_UP:
                accepted.append(taken)
                found.append(time.perf_counter() - started)
        return {
            "instances": len(series),
            "rounds": ROUNDS,
            "accepted_s_p50": round(quantile(accepted, 50), 3),
            "accepted_s_p95": round(quantile(accepted, 95), 3),
            "finding_s_p50": round(quantile(found, 50), 3),
            "finding_s_p95": round(quantile(found, 95), 3),
            "platform_memory_mb": round(resident_mb(platform.process.pid)),
        }


def phantom() -> list[Path]:
    folder = needed("dicom/philips_phantom_tilt_54")
    return sorted(path for path in folder.rglob("*") if path.is_file())


def renamed(paths: list[Path]) -> list[tuple[str, tuple[str, bytes]]]:
    """Return the series as a new one: the same images under new UIDs."""
    study, series = generate_uid(), generate_uid()
    files = []
    for path in paths:
        dataset = pydicom.dcmread(path)
        dataset.StudyInstanceUID, dataset.SeriesInstanceUID = study, series
        dataset.SOPInstanceUID = generate_uid()
        dataset.file_meta.MediaStorageSOPInstanceUID = dataset.SOPInstanceUID
        buffer = pydicom.filebase.DicomBytesIO()
        pydicom.dcmwrite(buffer, dataset)
        files.append(("files", (path.name, buffer.getvalue())))
    return files


def _upload(
    platform: RunningPlatform, files: list[tuple[str, tuple[str, bytes]]]
) -> str:
    answer = httpx.post(
        f"{platform.url}/api/v1/studies/",
        files=files,
        headers=platform.headers(),
        timeout=PATIENCE_S,
    )
    answer.raise_for_status()
    return str(answer.json()["studies"][0])


def _wait_for_finding(platform: RunningPlatform, study: str) -> None:
    url = f"{platform.url}/api/v1/studies/{study}/findings/"
    deadline = time.monotonic() + PATIENCE_S
    while time.monotonic() < deadline:
        answer = httpx.get(url, headers=platform.headers(), timeout=PATIENCE_S)
        answer.raise_for_status()
        if answer.json()["count"]:
            return
        time.sleep(0.02)
    message = f"No finding for study {study} within {PATIENCE_S} s."
    raise TimeoutError(message)
