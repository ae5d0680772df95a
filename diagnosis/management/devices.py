"""On which device a command computes."""

from diagnosis.inference.engines import Device, has_gpu
from hospital.core.verbs import BadInput


def chosen_device(asked: Device) -> Device:
    """Return `cpu` or `cuda`; `auto` takes a GPU where there is one."""
    if asked == "auto":
        return "cuda" if has_gpu() else "cpu"
    if asked == "cuda" and not has_gpu():
        message = "--device cuda, but there is no GPU that torch can use"
        raise BadInput(message)
    return asked
