"""A vision transformer: as torchvision computes it, from whatever file it comes."""

from pathlib import Path

import pytest
import torch
from torch import Tensor
from torchvision.models import VisionTransformer

from diagnosis.inference import architectures
from diagnosis.inference.engines import OnnxEngine
from diagnosis.inference.entry import NetworkShape
from diagnosis.inference.network import ServedNetwork, SliceNetwork
from diagnosis.inference.transformer import placed
from diagnosis.training.export import export_onnx
from diagnosis.training.initial import begin
from diagnosis.training.lora import adapted, folded
from diagnosis.training.manifest import ManifestError

SHAPE = NetworkShape(labels=2, architecture="vit_small")


@pytest.fixture(scope="module")
def photographs() -> VisionTransformer:
    """Another maker's transformer of the same size, that saw three colours."""
    torch.manual_seed(3)
    model = VisionTransformer(
        image_size=224,
        patch_size=16,
        num_layers=12,
        num_heads=6,
        hidden_dim=384,
        mlp_dim=1536,
    )
    torch.nn.init.normal_(model.class_token, std=0.5)
    return model.eval()


@pytest.fixture(scope="module")
def file(
    photographs: VisionTransformer, tmp_path_factory: pytest.TempPathFactory
) -> Path:
    path = tmp_path_factory.mktemp("weights") / "vit.pth"
    torch.save(photographs.state_dict(), path)
    return path


@pytest.fixture(scope="module")
def network(file: Path) -> SliceNetwork:
    network = SliceNetwork(SHAPE)
    begin(network, SHAPE, f"file:{file}", file.parent)
    return network.eval()


def patches_of(model: VisionTransformer, x: Tensor) -> Tensor:
    """Return its own last states of the patches, shape (B, h*w, C)."""
    tokens = model._process_input(x.expand(-1, 3, -1, -1))
    first = model.class_token.expand(len(x), -1, -1)
    states: Tensor = model.encoder(torch.cat([first, tokens], dim=1))
    return states[:, 1:]


@torch.no_grad()
def test_weights_of_a_file_see_grey_as_they_saw_colours(
    photographs: VisionTransformer, network: SliceNetwork
) -> None:
    x = torch.rand(2, 1, 224, 224, generator=torch.Generator().manual_seed(0))

    _, maps = network(x)

    assert maps.shape == (2, 384, 14, 14)
    expected = patches_of(photographs, x)
    assert torch.allclose(maps.flatten(2).transpose(1, 2), expected, atol=1e-3)


def test_a_file_of_other_names_is_read_too(
    network: SliceNetwork, tmp_path: Path
) -> None:
    """As self-supervised learners write it: wrapped, prefixed, its own grid, a head."""
    own, written = network.state_dict(), {}
    for name, value in own.items():
        part, _, rest = name.partition(".")
        word = {"stem": rest, "stages": f"blocks.{rest}", "head": f"head.{rest}"}[part]
        word = word.replace("proj.", "patch_embed.proj.") if part == "stem" else word
        written[f"backbone.{word.replace('blocks.12.', '')}"] = value
    written["backbone.patch_embed.proj.weight"] = own["stem.proj.weight"].expand(
        -1, 3, -1, -1
    )
    torch.save({"teacher": written, "epoch": 3}, tmp_path / "seen.pth")
    again = SliceNetwork(SHAPE)

    begin(again, SHAPE, f"file:{tmp_path / 'seen.pth'}", tmp_path)

    kept = again.state_dict()
    assert torch.equal(kept["stages.12.norm.bias"], own["stages.12.norm.bias"])
    assert torch.allclose(kept["stem.proj.weight"], 3 * own["stem.proj.weight"])


def test_a_file_that_is_no_transformer_is_refused(tmp_path: Path) -> None:
    torch.save({"conv1.weight": torch.zeros(3)}, tmp_path / "other.pth")

    with pytest.raises(ManifestError, match="do not fit vit_small"):
        begin(SliceNetwork(SHAPE), SHAPE, f"file:{tmp_path / 'other.pth'}", tmp_path)


def test_places_are_stretched_and_the_class_token_keeps_its_own() -> None:
    places = torch.cat([torch.full((1, 1, 1), 9.0), torch.ones(1, 4, 1)], dim=1)

    stretched = placed(places, rows=3, columns=5)

    assert stretched.flatten().tolist() == pytest.approx([9.0] + [1.0] * 15)


@pytest.mark.slow
@torch.no_grad()
def test_it_is_served_by_onnx_and_its_map_explains_the_answer(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(architectures, "LAYERS", 2)  # twelve take long to write
    network = SliceNetwork(SHAPE).eval()
    x = torch.rand(3, 1, 64, 64, generator=torch.Generator().manual_seed(1))
    export_onnx(network, tmp_path / "m.onnx", size=64)

    found = OnnxEngine(tmp_path / "m.onnx", name="onnx-fp32", threads=1).run(x.numpy())

    logits, _, cams = ServedNetwork(network).eval()(x)
    assert found.logits == pytest.approx(logits.numpy(), abs=1e-4)
    assert found.cams.mean(axis=(2, 3)) + network.head.bias.numpy() == pytest.approx(
        found.logits, abs=1e-4
    )
    assert cams.shape == (3, 2, 4, 4)


@pytest.mark.slow
def test_thin_layers_learn_within_attention() -> None:
    model = adapted(SliceNetwork(SHAPE), rank=2)
    thin = {n for n, p in model.named_parameters() if "lora_B" in n and p.requires_grad}
    state = model.state_dict()
    name = next(n for n in thin if "stages.0.attn.qkv" in n)
    state[name] = torch.ones_like(state[name])

    plain = folded(state, SHAPE, rank=2).state_dict()

    before = model.get_base_model().state_dict()
    place = "stages.0.attn.qkv"
    change = plain[f"{place}.weight"] - before[f"{place}.base_layer.weight"]
    assert sum(".attn.qkv." in one for one in thin) == 12
    assert change.abs().max() > 0.01
    assert torch.allclose(change, change[:1].expand_as(change), atol=1e-5)  # rank 1
