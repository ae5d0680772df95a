"""What computes a network: ONNX Runtime on a CPU, torch on a GPU, one interface.

Importing torch takes seconds, so only the engines that need it do.
"""

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property
from itertools import pairwise
from math import prod
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
    """torch in single precision, plain and eager: what the others are compared with."""

    def __init__(self, entry: ModelEntry, *, device: str, threads: int = 1) -> None:
        import torch  # noqa: PLC0415 (seconds to import)

        from diagnosis.inference.network import load_network  # noqa: PLC0415

        self.name = "torch-fp32"
        self._torch = torch
        self._device = torch.device(device)
        if self._device.type == "cpu":
            torch.set_num_threads(threads)
        self._network = load_network(entry).to(self._device)

    def run(self, x: FloatArray) -> Scores:
        with self._torch.inference_mode():
            outputs = self._network(self._torch.from_numpy(x).to(self._device))
        return Scores(*(each.cpu().numpy() for each in outputs))


class HalfEngine:
    """torch in half precision, as a GPU serves it.

    float16 and channels last, batches padded to one of `SIZES`, each told to a GPU as one
    graph; images go there in half precision from pinned memory, and everything comes
    back in one piece: for a small network the copies take longer than the computing.
    bfloat16 has too few digits for features that a linear layer weighs: it moved one
    probability in a hundred of ct-covid/2 by 0.07, float16 by 0.008. What is too large
    for float16 is computed again in single precision.
    """

    def __init__(self, entry: ModelEntry, *, device: str = "cuda") -> None:
        import torch  # noqa: PLC0415 (seconds to import)

        from diagnosis.inference.network import load_network  # noqa: PLC0415

        self.name = "torch-fp16"
        self._torch = torch
        self._entry = entry
        self._device = torch.device(device)
        self._is_gpu = self._device.type == "cuda"
        self._staged: dict[tuple[int, ...], Any] = {}  # Any: tensors
        self._shapes: tuple[tuple[int, ...], ...] = ()
        network = without_norms(load_network(entry)).to(self._device)
        self._network: Any = network.to(memory_format=torch.channels_last)
        for module in network.modules():  # norms that are left stay exact
            if isinstance(module, (torch.nn.Conv2d, torch.nn.Linear)):
                module.half()
        self._compute: Compute = self._rows
        if self._is_gpu:
            from diagnosis.inference.graphs import Graphs  # noqa: PLC0415

            self._compute = Graphs(self._rows)

    def run(self, x: FloatArray) -> Scores:
        with self._torch.inference_mode():
            rows = self._compute(self._in_place(x)).cpu().numpy()[: len(x)]
        if not np.isfinite(rows).all():
            return self._exact.run(x)
        parts = np.split(rows, np.cumsum([prod(s) for s in self._shapes])[:-1], axis=1)
        return Scores(
            *(
                part.reshape(len(x), *shape)
                for part, shape in zip(parts, self._shapes, strict=True)
            )
        )

    def _in_place(self, x: FloatArray) -> Any:  # Any: a tensor
        """Return a batch of one of the sizes, where a GPU can fetch it.

        What stands in spare places is nobody's: it is cut off the answers.
        """
        torch = self._torch
        size = next((size for size in SIZES if size >= len(x)), len(x))
        shape = (size, *x.shape[1:])
        if shape not in self._staged:
            self._staged[shape] = torch.zeros(
                shape, dtype=torch.float16, pin_memory=self._is_gpu
            )
        batch = self._staged[shape]
        batch[: len(x)].copy_(torch.from_numpy(x))
        return batch

    def _rows(self, batch: Any) -> Any:  # Any: tensors
        """Return logits, features and maps of each image in one row."""
        torch = self._torch
        batch = batch.contiguous(memory_format=torch.channels_last)
        with torch.autocast(self._device.type, torch.float16, cache_enabled=False):
            outputs = self._network(batch)
        self._shapes = tuple(tuple(each.shape[1:]) for each in outputs)
        return torch.cat([each.float().flatten(1) for each in outputs], dim=1)

    @cached_property
    def _exact(self) -> TorchEngine:
        return TorchEngine(self._entry, device=self._device.type)


def without_norms(network: Any) -> Any:  # Any: a module, before torch is imported
    """Return the network with each norm that follows a convolution folded into it."""
    from torch import nn  # noqa: PLC0415 (seconds to import)
    from torch.nn.utils.fusion import fuse_conv_bn_eval  # noqa: PLC0415

    for module in list(network.modules()):
        if not isinstance(module, nn.Sequential):
            continue
        for place, (first, second) in enumerate(pairwise(list(module))):
            if isinstance(first, nn.Conv2d) and isinstance(second, nn.BatchNorm2d):
                module[place] = fuse_conv_bn_eval(first, second)
                module[place + 1] = nn.Identity()
    return network


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
        return HalfEngine(entry)
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
