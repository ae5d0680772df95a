"""Where a network's weights begin: at random, in a package, a file, or an earlier entry.

Nothing is fetched: a package of weights is installed beside the platform, a file is the
hospital's own. Weights that learned from photographs see three colours; a slice has one,
so their first convolution is added up over the colours.
"""

import hashlib
import re
from collections.abc import Mapping
from importlib.util import find_spec
from pathlib import Path
from typing import Any  # Any: files of weights hold many things

import torch
from torch import Tensor

from diagnosis.inference.architectures import (
    CUTS,
    LAYERS,
    TRANSFORMERS,
    spread,
    torchvision_model,
)
from diagnosis.inference.entry import NetworkShape
from diagnosis.inference.network import SliceNetwork, load_network
from diagnosis.inference.store import load_entry
from diagnosis.inference.transformer import GRID, placed
from diagnosis.training.manifest import ManifestError
from hospital.core.phrases import phrase
from hospital.core.sealed import parse_reference, references

LITE0 = ("efficientnet-lite0", "efficientnet-lite0-columns")
LITE0_PARTS = (
    "_expand_conv",
    "_bn0",
    "_depthwise_conv",
    "_bn1",
    "_project_conv",
    "_bn2",
)
KINDS = ("weight", "bias", "running_mean", "running_var")
# Grey values that weights from photographs were made for; others take their data's.
GREY = dict.fromkeys(LITE0, (127 / 255, 128 / 255)) | dict.fromkeys(
    (*CUTS, *TRANSFORMERS), (0.449, 0.226)
)
# Of transformers' files: what weights lie under, what stands before each name, and the
# names of torchvision beside those that most others write.
WRAPPED = ("model", "state_dict", "teacher")
BEFORE = re.compile(r"^(?:module\.|backbone\.|encoder\.(?!pos_|layers|ln))+")
TORCHVISION_VIT = (
    (r"class_token", "cls_token"),
    (r"conv_proj\.", "patch_embed.proj."),
    (r"encoder\.pos_embedding", "pos_embed"),
    (r"encoder\.layers\.encoder_layer_(\d+)\.", r"blocks.\1."),
    (r"encoder\.ln\.", "norm."),
    (r"\.ln_(\d)\.", r".norm\1."),
    (r"\.self_attention\.in_proj_", ".attn.qkv."),
    (r"\.self_attention\.out_proj\.", ".attn.proj."),
    (r"\.mlp\.0\.", ".mlp.fc1."),
    (r"\.mlp\.3\.", ".mlp.fc2."),
)

State = dict[str, Tensor]


def begin(
    network: SliceNetwork, shape: NetworkShape, initial: str, store: Path
) -> None:
    """Set a fresh network's weights before it learns.

    Args:
        network: Of the shape.
        shape: Names the architecture.
        initial: Empty for chance, or `package:NAME`, `file:PATH`, `entry:NAME/VERSION`.
        store: Root of the model store.

    Raises:
        ManifestError: There is no such source, or its weights do not fit.
    """
    if not initial:
        return
    kind, _, where = initial.partition(":")
    if kind == "entry":
        state = _of_entry(where, shape, store)
    elif kind in ("package", "file"):
        path = _of_package(where) if kind == "package" else Path(where)
        state = _translated(_read(path), shape, network)
    else:
        message = (
            f"initial {initial!r}: say package:NAME, file:PATH or entry:NAME/VERSION"
        )
        raise ManifestError(message)
    own = network.state_dict()
    first = next(name for name, value in own.items() if value.ndim == 4)
    if shape.slices > 1 and first in state and state[first].shape[1:2] == (1,):
        state = {**state, first: spread(state[first], slices=shape.slices)}
    fitting = {
        name: value
        for name, value in state.items()
        if name in own and own[name].shape == value.shape
    }
    lacking = {n for n in own if not n.startswith("head.")} - set(fitting)
    if any(not name.endswith("num_batches_tracked") for name in lacking):
        message = phrase(
            "the weights of %(initial)s do not fit %(architecture)s",
            initial=initial,
            architecture=shape.architecture,
        )
        raise ManifestError(message)
    network.load_state_dict({**own, **fitting})


def is_at_hand(initial: str, store: Path) -> bool:
    """Return whether the first weights that a recipe names are on this machine."""
    kind, _, where = initial.partition(":")
    if kind == "package":
        return where.isidentifier() and find_spec(where) is not None
    if kind == "entry":
        return parse_reference(where) in references(store)
    return not initial or Path(where).is_file()


def named(initial: str) -> str:
    """Return where weights began, for the entry: of a file its name and its digest.

    Where it lay on the machine that trained is nobody's business.
    """
    kind, _, where = initial.partition(":")
    if kind != "file":
        return initial
    path = Path(where)
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    return f"file:{path.name} (sha256 {digest[:16]})"


def _of_entry(reference: str, shape: NetworkShape, store: Path) -> State:
    name, version = parse_reference(reference)
    entry = load_entry(store, name, version)
    if entry.shape.architecture != shape.architecture:
        message = phrase(
            "%(model)s is a %(architecture)s, not the one to train",
            model=reference,
            architecture=entry.shape.architecture,
        )
        raise ManifestError(message)
    state: State = load_network(entry).network.state_dict()
    return state


def _of_package(name: str) -> Path:
    """Return the one file of weights in an installed package, none of it imported."""
    spec = find_spec(name) if name.isidentifier() else None
    if spec is None or not spec.origin:
        message = phrase(
            "no package %(name)s is installed; it would carry the first weights",
            name=name,
        )
        raise ManifestError(message)
    found = sorted(Path(spec.origin).parent.rglob("*.pth"))
    if len(found) != 1:
        message = phrase(
            "the package %(name)s holds %(count)d files of weights, not one",
            name=name,
            count=len(found),
        )
        raise ManifestError(message)
    return found[0]


def _read(path: Path) -> State:
    if not path.is_file():
        message = phrase("there is no file of weights %(path)s", path=str(path))
        raise ManifestError(message)
    state: State = torch.load(path, map_location="cpu", weights_only=True)
    return state


def _translated(source: State, shape: NetworkShape, network: SliceNetwork) -> State:
    """Return weights under the network's own names, foreign ones translated."""
    own = {name for name in network.state_dict() if not name.startswith("head.")}
    if own <= set(source):  # what `pretrain_ct` wrote
        return source
    if shape.architecture in LITE0:
        return _lite0(source, network)
    if shape.architecture in CUTS:
        return _torchvision(source, shape.architecture)
    if shape.architecture in TRANSFORMERS:
        return _transformer(source)
    return source


def _lite0(source: Mapping[str, Tensor], network: SliceNetwork) -> State:
    """Pair the published names with ours: both in the order of computation."""
    placed = {name: _place(name) for name in source}
    names = sorted((n for n in source if placed[n]), key=lambda name: placed[name])
    own = [
        name
        for name in network.state_dict()
        if not name.endswith("num_batches_tracked") and not name.startswith("head.")
    ]
    state = {ours: source[name] for ours, name in zip(own, names, strict=False)}
    first = own[0]
    if first in state and state[first].ndim == 4:
        state[first] = state[first].sum(dim=1, keepdim=True)
    return state


def _place(name: str) -> tuple[int, ...]:
    """Return where a published weight stands; empty for what is not taken."""
    layer, _, kind = name.rpartition(".")
    outer = {"_conv_stem": (0, 0), "_bn0": (0, 1), "_conv_head": (2, 0), "_bn1": (2, 1)}
    if kind not in KINDS:
        return ()
    if layer in outer:
        stage, part = outer[layer]
        return stage, 0, part, KINDS.index(kind)
    block = re.fullmatch(r"_blocks\.(\d+)\.(\w+)", layer)
    if block is None or block[2] not in LITE0_PARTS:
        return ()
    return 1, int(block[1]), LITE0_PARTS.index(block[2]), KINDS.index(kind)


def _transformer(source: Mapping[str, Any]) -> State:
    """Return a transformer's weights under our names, its places on our grid."""
    for key in WRAPPED:
        source = source[key] if isinstance(source.get(key), dict) else source
    state = {}
    for name, value in source.items():
        own = BEFORE.sub("", name)
        for pattern, word in TORCHVISION_VIT:
            own = re.sub(pattern, word, own)
        own = re.sub(r"^patch_embed\.", "", own)
        own = re.sub(r"^blocks\.", "stages.", own)
        own = re.sub(r"^norm\.", f"stages.{LAYERS}.norm.", own)
        own = re.sub(r"^(?=cls_token|pos_embed|proj\.)", "stem.", own)
        state[own] = value
    places, patches = state.get("stem.pos_embed"), state.get("stem.proj.weight")
    if places is not None and places.ndim == 3:
        state["stem.pos_embed"] = placed(places, rows=GRID, columns=GRID)
    if patches is not None and patches.ndim == 4:
        state["stem.proj.weight"] = patches.sum(dim=1, keepdim=True)
    return state


def _torchvision(source: State, name: str) -> State:
    model = torchvision_model(name)
    own = model.state_dict()
    fitting = {
        key: value
        for key, value in source.items()
        if key in own and own[key].shape == value.shape
    }
    lacking = [
        key for key in own if key not in fitting and not key.startswith(("fc", "class"))
    ]
    if lacking:
        message = phrase(
            "the file's weights are no %(architecture)s: %(part)s is missing",
            architecture=name,
            part=lacking[0],
        )
        raise ManifestError(message)
    model.load_state_dict({**own, **fitting})
    parts = CUTS[name](model)
    stem = {f"stem.{k}": v for k, v in parts.stem.state_dict().items()}
    stages = {f"stages.{k}": v for k, v in parts.stages.state_dict().items()}
    return {**stem, **stages}
