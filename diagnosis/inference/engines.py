"""What computes a network: ONNX Runtime on a CPU, torch on a GPU, one interface.

Importing torch takes seconds, so only the engines that need it do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal, Protocol  # Any: libraries without types

import numpy as np
from numpy.typing import NDArray

from diagnosis.inference.entry import ModelEntry

FloatArray = NDArray[np.float32]
Device = Literal["auto", "cpu", "cuda"]
GPU_DRIVER = Path("/dev/nvidiactl")
Compute = Callable[[Any], Any]  # Any: tensors, named where torch is imported
SIZES = (1, 2, 4, 8, 16, 32)  # of a GPU's batches: what comes is padded to one of them


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
        """Return the scores of a batch of shape (B, slices, S, S)."""
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
    """torch: plain eager single precision, or half precision as a GPU serves it.

    Half is float16 and channels last, batches padded to one of `SIZES`, each told to a
    GPU as one graph. bfloat16 has too few digits for features that a linear layer weighs:
    it moved one probability in a hundred of ct-covid/2 by 0.07, float16 by 0.008. What is
    too large for float16 is computed again in single precision.
    """

    def __init__(
        self,
        entry: ModelEntry,
        *,
        device: str,
        threads: int = 1,
        is_half: bool = False,
    ) -> None:
        import torch  # noqa: PLC0415 (seconds to import)

        self._torch = torch
        self._entry = entry
        self._device = torch.device(device)
        self._is_half = is_half
        self.name = "torch-fp16" if is_half else "torch-fp32"
        if self._device.type == "cpu":
            torch.set_num_threads(threads)
        self._compute = self._half() if is_half else self._exact

    def run(self, x: FloatArray) -> Scores:
        torch = self._torch
        size = next((size for size in SIZES if size >= len(x)), len(x))
        spare = size - len(x) if self._is_half else 0
        batch = torch.from_numpy(x).to(self._device)
        if spare:
            batch = torch.cat([batch, batch[:1].expand(spare, -1, -1, -1)])
        with torch.inference_mode():
            outputs = self._compute(batch)
            if self._is_half and not all(bool(o.isfinite().all()) for o in outputs):
                outputs = self._exact(batch)
        return Scores(*(each[: len(x)].float().cpu().numpy() for each in outputs))

    @cached_property
    def _exact(self) -> Compute:
        from diagnosis.inference.network import load_network  # noqa: PLC0415

        return load_network(self._entry).to(self._device)

    def _half(self) -> Compute:
        from diagnosis.inference.network import load_network  # noqa: PLC0415

        torch = self._torch
        network = load_network(self._entry).to(self._device)
        network = network.to(memory_format=torch.channels_last)
        for module in network.modules():  # norms stay exact
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                module.half()

        def compute(batch: Any) -> Any:  # Any: tensors, before torch is imported
            batch = batch.contiguous(memory_format=torch.channels_last)
            with torch.autocast(self._device.type, torch.float16, cache_enabled=False):
                return network(batch)

        if self._device.type == "cpu":
            return compute
        from diagnosis.inference.graphs import Graphs  # noqa: PLC0415

        return Graphs(compute)


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
        return TorchEngine(entry, device="cuda", is_half=True)
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
