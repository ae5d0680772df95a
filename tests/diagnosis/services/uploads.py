"""Uploads as the services take them, made from data sets and bytes."""

from dataclasses import dataclass, field
from pathlib import Path

from pydicom.dataset import Dataset

from diagnosis.services.incoming import IncomingFile
from tests.diagnosis.dicom.synthetic import saved


@dataclass
class UploadFolder:
    """Where a test's uploads lie; each call gives new copies, as a browser does."""

    folder: Path
    count: int = field(default=0)

    def dicom(self, *datasets: Dataset) -> list[IncomingFile]:
        files = []
        for dataset in datasets:
            path = self._next()
            saved(dataset, path)
            files.append(IncomingFile(f"{self.count}.dcm", path))
        return files

    def bytes(self, name: str, content: bytes) -> IncomingFile:
        path = self._next()
        path.write_bytes(content)
        return IncomingFile(name, path)

    def _next(self) -> Path:
        self.count += 1
        return self.folder / f"upload-{self.count}"
