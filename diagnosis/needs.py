"""What this room needs of the machine, for `manage.py doctor`."""

from importlib.util import find_spec
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from diagnosis.dicom.errors import DicomRefused
from diagnosis.dicom.pool import start_child
from diagnosis.inference.store import load_entry
from hospital.core.registry import Need
from hospital.core.saying import said
from hospital.core.sealed import StoreError, references

DECODERS = ("gdcm", "jpeg_ls", "openjpeg")
GPU_DRIVER = Path("/dev/nvidiactl")


def diagnosis_needs() -> list[Need]:
    """Return what there is of models, decoders and accelerators."""
    return [*_store_needs(), _decoder_need(), _gpu_need()]


def _store_needs() -> list[Need]:
    root = Path(settings.MODEL_STORE)
    known = references(root)
    if not known:
        detail = _("%(root)s holds no model; studies are shown, not read.")
        remedy = _("Restore models/ from the repository, or train one: train_ct.")
        return [Need("Model store", "missing", detail % {"root": root}, remedy)]
    needs = []
    for name, version in known:
        title = f"Model {name}/{version}"
        try:
            entry = load_entry(root, name, version)
        except StoreError as error:
            remedy = _("Restore its folder, or activate another model.")
            needs.append(Need(title, "missing", said(error.message), remedy))
        else:
            detail = f"{entry.default_engine}, {entry.digest[:16]}"
            needs.append(Need(title, "found", detail))
    return needs


def _decoder_need() -> Need:
    lacking = [name for name in DECODERS if find_spec(name) is None]
    remedy = _("Install the extra: inference.")
    if lacking:
        return Need("Image decoders", "missing", ", ".join(lacking), remedy)
    try:
        start_child().kill()
    except DicomRefused as refusal:
        return Need("Image decoders", "missing", refusal.message, remedy)
    return Need("Image decoders", "found", "gdcm, pyjpegls, openjpeg")


def _gpu_need() -> Need:
    if GPU_DRIVER.exists():
        return Need("GPU", "found", _("torch serves on it, in float16."))
    return Need("GPU", "optional", _("None: ONNX Runtime serves on the CPU."))
