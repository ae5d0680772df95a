"""From a fitted network to the files that engines load."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any  # Any: ONNX and its runtime come without types

import numpy as np
import torch
from numpy.typing import NDArray

from diagnosis.inference.network import ServedNetwork, SliceNetwork

FloatArray = NDArray[np.float32]
OUTPUTS = ["logits", "features", "cams"]


def export_onnx(network: SliceNetwork, path: Path, *, size: int) -> None:
    """Write the network as ONNX fp32 with a free batch size."""
    served = ServedNetwork(network).eval()
    example = torch.zeros(2, 1, size, size)
    with _quiet():
        program = torch.onnx.export(
            served,
            (example,),
            dynamo=True,
            input_names=["x"],
            output_names=OUTPUTS,
            dynamic_shapes=({0: torch.export.Dim("batch", min=1, max=1024)},),
            verbose=False,
        )
    if program is None:
        message = "torch exported no ONNX program"
        raise RuntimeError(message)
    program.save(path, external_data=False)
    forget_traces(path)


def forget_traces(path: Path) -> None:
    """Rewrite a network without the stack traces that the exporter keeps in it.

    They name the folders of the machine that trained, which are nobody's business.
    """
    import onnx  # noqa: PLC0415 (export only)

    network: Any = onnx.load(path)
    graph = network.graph
    for part in (network, graph, *graph.node, *graph.value_info, *graph.initializer):
        part.ClearField("metadata_props")
        part.ClearField("doc_string")
    onnx.save(network, path)


def export_int8(fp32: Path, path: Path, *, batches: list[FloatArray]) -> None:
    """Write a statically quantized copy of an ONNX network.

    Args:
        fp32: What `export_onnx` wrote.
        path: Where the copy goes.
        batches: Real inputs, shape (B, 1, S, S), by which ranges are measured.
    """
    from onnxruntime import quantization  # noqa: PLC0415 (training only)

    with _quiet():
        prepared = path.with_suffix(".prepared")
        quantization.quant_pre_process(fp32, prepared, skip_symbolic_shape=True)
        quantization.quantize_static(
            prepared,
            path,
            _Reader(batches),
            quant_format=quantization.QuantFormat.QDQ,
            per_channel=True,
            op_types_to_quantize=["Conv", "Add"],
            activation_type=quantization.QuantType.QUInt8,
            weight_type=quantization.QuantType.QInt8,
            calibrate_method=quantization.CalibrationMethod.MinMax,
            nodes_to_exclude=_unquantized(prepared),
        )
        prepared.unlink()


class _Reader:
    """Hands real batches to the quantizer one by one."""

    def __init__(self, batches: list[FloatArray]) -> None:
        self._batches = iter(batches)

    def get_next(self) -> dict[str, FloatArray] | None:
        batch = next(self._batches, None)
        return None if batch is None else {"x": batch}


def _unquantized(path: Path) -> list[str]:
    """Return the nodes that make the class activation maps: they stay exact."""
    import onnx  # noqa: PLC0415 (export only)

    graph: Any = onnx.load(path).graph
    return [node.name for node in graph.node if set(node.output) & set(OUTPUTS)]


@contextmanager
def _quiet() -> Iterator[None]:
    """Keep the exporters' chatter off the terminal."""
    previous = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(previous)
