"""What computes a network: ONNX Runtime on a CPU, torch on a GPU, one interface.

Importing torch takes seconds, so only the engines that need it do.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, Protocol  # Any: libraries without types

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.entry import ModelEntry

FloatArray = NDArray[np.float32]
Device = Literal["auto", "cpu", "cuda"]
GPU_DRIVER = Path("/dev/nvidiactl")


@dataclass(frozen=True, slots=True)
class Scores:
    """What a network says of a batch.

    Attributes:
        logits: Shape (B, labels).
        features: Shape (B, C), the pooled last feature maps.
        cams: Shape (B, labels, h, w), class activation maps.
    """

    logits: FloatArray
    features: FloatArray
    cams: FloatArray


class Engine(Protocol):
    """Anything that computes a batch."""

    @property
    def name(self) -> str: ...

    def run(self, x: FloatArray) -> Scores:
        """Return the scores of a batch of shape (B, 1, S, S)."""
        ...


class OnnxEngine:
    """ONNX Runtime on the CPU, fp32 or int8."""

    def __init__(self, path: Path, *, name: str, threads: int) -> None:
        import onnxruntime  # noqa: PLC0415 (only where it serves)

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = threads
        options.inter_op_num_threads = 1
        options.log_severity_level = 3
        self.name = name
        self._session: Any = onnxruntime.InferenceSession(
            path, options, providers=["CPUExecutionProvider"]
        )

    def run(self, x: FloatArray) -> Scores:
        return Scores(*self._session.run(["logits", "features", "cams"], {"x": x}))


class TorchEngine:
    """torch: bf16 in channels-last on a GPU, plain eager fp32 on a CPU."""

    def __init__(self, entry: ModelEntry, *, device: str, threads: int) -> None:
        import torch  # noqa: PLC0415 (seconds to import)

        from diagnosis.inference.network import load_network  # noqa: PLC0415

        self._torch = torch
        self._is_gpu = device != "cpu"
        self._device = device
        self.name = "torch-bf16" if self._is_gpu else "torch-fp32"
        if not self._is_gpu:
            torch.set_num_threads(threads)
        network = load_network(entry).to(device)
        if self._is_gpu:
            network = network.to(memory_format=torch.channels_last)
        self._network = network

    def run(self, x: FloatArray) -> Scores:
        torch = self._torch
        batch = torch.from_numpy(x).to(self._device)
        if self._is_gpu:
            batch = batch.to(memory_format=torch.channels_last)
        with (
            torch.inference_mode(),
            torch.autocast("cuda", torch.bfloat16, enabled=self._is_gpu),
        ):
            outputs = self._network(batch)
        return Scores(*(output.float().cpu().numpy() for output in outputs))


def open_engine(
    entry: ModelEntry, *, device: Device = "auto", threads: int = 1
) -> Engine:
    """Return the engine that serves an entry on a device.

    Args:
        entry: Verified by the store.
        device: `auto` takes a GPU where there is one.
        threads: CPU threads of one batch.
    """
    if device == "cuda" or (device == "auto" and has_gpu()):
        return TorchEngine(entry, device="cuda", threads=threads)
    name = entry.default_engine
    if name == "torch":
        return TorchEngine(entry, device="cpu", threads=threads)
    return OnnxEngine(entry.folder / entry.engines[name], name=name, threads=threads)


def has_gpu() -> bool:
    """Whether torch can compute on a GPU; asks torch only where there is a driver."""
    if not GPU_DRIVER.exists():
        return False
    import torch  # noqa: PLC0415 (seconds to import)

    return bool(torch.cuda.is_available())
