"""What the commands of this room share: the model they ask, the manifest they read."""

from pathlib import Path
from typing import Any  # Any: options are what argparse made of them

from django.conf import settings

from diagnosis.dicom.pool import decoder_pool
from diagnosis.inference.entry import ModelEntry
from diagnosis.inference.store import load_entry
from diagnosis.services.activation import active_reference
from diagnosis.training.folders import labelled_folder
from diagnosis.training.manifest import LabelledImage, read_manifest
from hospital.core.sealed import resolve
from hospital.core.verbs import BadInput

REPORTS = (".html", ".md")


def chosen_entry(asked: str | None) -> ModelEntry:
    """Return the model asked for, else the active one, else the store's default."""
    root = Path(settings.MODEL_STORE)
    return load_entry(root, *resolve(root, asked or active_reference()))


def folder_and_manifest(options: dict[str, Any]) -> tuple[Path, Path]:
    """Return manifest and root, both there."""
    manifest, root = Path(options["manifest"]), Path(options["root"] or ".")
    if not manifest.is_file():
        message = f"there is no manifest {manifest}"
        raise BadInput(message)
    if not root.is_dir():
        message = f"there is no folder {root}: give --root, where the paths begin"
        raise BadInput(message)
    return manifest, root


def labelled_images(
    options: dict[str, Any], *, is_strict: bool = True
) -> tuple[list[LabelledImage], Path]:
    """Return the images of the manifest, else of the root's folders, and the root."""
    if options["manifest"]:
        manifest, root = folder_and_manifest(options)
        return read_manifest(manifest, root=root, is_strict=is_strict), root
    root = Path(options["root"] or "").resolve()
    if not options["root"] or not root.is_dir():
        message = "say --manifest CSV, or --root DIR with a folder for each label"
        raise BadInput(message)
    return labelled_folder(root, pool=decoder_pool()), root


def data_name(place: Path) -> str:
    """Return what images are called by their manifest or folder: no whole path."""
    found = place.resolve()
    return f"{found.parent.name}/{found.name}"


def report_file(asked: str | None) -> Path | None:
    """Return where a report goes, once it can go there; None where none is asked for."""
    if not asked:
        return None
    path = Path(asked)
    if path.suffix not in REPORTS:
        message = f"--report {asked}: the name must end in {' or '.join(REPORTS)}"
        raise BadInput(message)
    if not path.resolve().parent.is_dir():
        message = f"--report {asked}: there is no folder {path.resolve().parent}"
        raise BadInput(message)
    return path
