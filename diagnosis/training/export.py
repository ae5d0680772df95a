"""From a fitted network to the files that engines load."""

import logging
import warnings
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any  # Any: ONNX and its runtime come without types

import torch

from diagnosis.inference.entry import Views
from diagnosis.inference.network import ServedNetwork, SliceNetwork

OUTPUTS = ["logits", "features", "cams"]


def export_onnx(
    network: SliceNetwork, path: Path, *, size: int, views: Views | None = None
) -> None:
    """Write the network as ONNX fp32 with a free batch size, its views averaged."""
    served = ServedNetwork(network, views).eval()
    example = torch.zeros(2, network.slices, size, size)
    with quiet():
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


@contextmanager
def quiet() -> Iterator[None]:
    """Keep the exporters' chatter off the terminal."""
    previous = logging.root.manager.disable
    logging.disable(logging.WARNING)
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            yield
    finally:
        logging.disable(previous)
