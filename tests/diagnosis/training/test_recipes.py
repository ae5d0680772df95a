"""Recipes: where weights begin, what goes on after a cut, and what folds may see."""

from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest
import torch

from diagnosis.inference.architectures import MAKERS
from diagnosis.inference.entry import ARCHITECTURES, NetworkShape, Preprocessing
from diagnosis.inference.network import ServedNetwork, SliceNetwork
from diagnosis.training.crossval import (
    Indices,
    compared,
    held_out_margins,
    trees_learner,
)
from diagnosis.training.examples import Examples
from diagnosis.training.fit import Epoch, Fitted, fit
from diagnosis.training.initial import begin
from diagnosis.training.learning import scores_of
from diagnosis.training.manifest import ManifestError
from diagnosis.training.pooling import SeriesConfig
from diagnosis.training.probe import ProbeConfig, features_of, fit_head
from diagnosis.training.recipefile import read_recipe, repeats_and_folds
from diagnosis.training.remembering import remembering
from diagnosis.training.texture import texture_features
from diagnosis.training.trainconfig import TrainConfig
from tests.diagnosis.inference.entries import SHAPE, tiny_network, write_tiny_entry

COLUMNS = NetworkShape(labels=2, architecture="efficientnet-lite0-columns")


def examples(count: int = 12, side: int = 32) -> Examples:
    """Noise, brighter where the label is 1."""
    labels = np.arange(count) % 2
    noise = np.random.default_rng(0).random((count, side, side), dtype=np.float32)
    return Examples(0.6 * noise + 0.4 * labels[:, None, None].astype("f4"), labels)


def test_every_architecture_named_can_be_made() -> None:
    assert set(MAKERS) == set(ARCHITECTURES)


def test_columns_keep_cam_exact() -> None:
    torch.manual_seed(0)
    served = ServedNetwork(SliceNetwork(COLUMNS)).eval()

    logits, features, cams = served(torch.rand(2, 1, 64, 64))

    assert features.shape == (2, 3216)
    pooled = cams.mean(dim=(2, 3)) + served.network.head.bias
    assert torch.allclose(pooled, logits, atol=1e-4)


@pytest.mark.parametrize("name", ["resnet18", "efficientnet_b0"])
def test_weights_of_a_file_see_grey_as_they_saw_colours(
    name: str, tmp_path: Path
) -> None:
    from torchvision.models import get_model  # noqa: PLC0415 (seconds to import)

    torch.manual_seed(1)
    photographs = get_model(name, weights=None).eval()
    torch.save(photographs.state_dict(), tmp_path / "weights.pth")
    shape = NetworkShape(labels=2, architecture=name)
    network = SliceNetwork(shape)

    begin(network, shape, f"file:{tmp_path / 'weights.pth'}", tmp_path)

    x = torch.rand(1, 1, 64, 64)
    colours = x.expand(1, 3, 64, 64)
    seen = (
        photographs.features(colours)
        if name == "efficientnet_b0"
        else torch.nn.Sequential(*list(photographs.children())[:-2])(colours)
    )
    assert torch.allclose(network.eval()(x)[1], seen, atol=1e-4)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A model store with one tiny entry."""
    root = tmp_path_factory.mktemp("models")
    write_tiny_entry(root)
    return root


def test_an_earlier_entry_can_be_the_beginning(store: Path) -> None:
    network = SliceNetwork(SHAPE)

    begin(network, SHAPE, "entry:tiny/1", store)

    assert torch.equal(network.stages[0].first[0].weight, _first_weight())


def _first_weight() -> torch.Tensor:
    weight: torch.Tensor = tiny_network().stages[0].first[0].weight
    return weight


@pytest.mark.parametrize(
    ("initial", "message"),
    [
        ("package:no_such_package", "no package no_such_package"),
        ("file:/nowhere.pth", "no file of weights"),
        ("somewhere", "say package:NAME"),
        ("entry:tiny/1", "is a slice-residual"),
    ],
)
def test_a_beginning_that_cannot_be_is_refused(
    initial: str, message: str, store: Path
) -> None:
    with pytest.raises(ManifestError, match=message):
        begin(SliceNetwork(COLUMNS), COLUMNS, initial, store)


class CutOff(Exception):
    """What ends a run in its middle."""


def _cut_after(epoch: int) -> Callable[[Epoch], None]:
    def told(done: Epoch) -> None:
        if done.number == epoch:
            raise CutOff

    return told


def fitted(
    config: TrainConfig,
    checkpoint: Path | None = None,
    report: Callable[[Epoch], None] = lambda _: None,
) -> Fitted:
    return fit(
        examples(),
        shape=SHAPE,
        preprocessing=Preprocessing(32, 0.5, 0.3),
        config=config,
        report=report,
        checkpoint=checkpoint,
    )


@pytest.mark.parametrize("patience", [0, 9])
def test_a_run_cut_at_half_ends_in_the_same_weights(
    patience: int, tmp_path: Path
) -> None:
    config = TrainConfig(
        epochs=4,
        batch_size=4,
        seed=3,
        threads=1,
        mix_strength=0.3,
        cut_share=0.3,
        patience=patience,
    )
    checkpoint = tmp_path / "run.pt"
    whole = fitted(config)
    told: list[Epoch] = []

    with pytest.raises(CutOff):
        fitted(config, checkpoint, _cut_after(2))
    resumed = fitted(config, checkpoint, told.append)

    assert [epoch.number for epoch in told] == [3, 4]
    assert (resumed.epochs, resumed.kept) == (whole.epochs, whole.kept)
    assert resumed.watched == whole.watched
    for name, value in whole.network.state_dict().items():
        assert torch.equal(value, resumed.network.state_dict()[name]), name


def test_another_run_does_not_go_on_from_it(tmp_path: Path) -> None:
    checkpoint = tmp_path / "run.pt"
    fitted(TrainConfig(epochs=2, batch_size=4, threads=1), checkpoint)
    told: list[Epoch] = []

    other = TrainConfig(epochs=2, batch_size=4, threads=1, seed=1)
    fitted(other, checkpoint, told.append)

    assert [epoch.number for epoch in told] == [1, 2]


def test_bf16_learns_too() -> None:
    told: list[Epoch] = []

    fitted(
        TrainConfig(epochs=6, batch_size=6, threads=1, is_half=True),
        report=told.append,
    )

    assert told[-1].loss < told[0].loss


def test_a_probe_is_the_networks_last_layer() -> None:
    data, preprocessing = examples(), Preprocessing(32, 0.5, 0.3)
    config = ProbeConfig(strength=1.0, views=1)
    network = tiny_network()
    features = features_of(network, data.squares, preprocessing, config)

    head = fit_head(features, data.labels, labels=2, config=config)
    logits = scores_of(head.put_into(network), data.squares, preprocessing).logits

    assert features.shape[:2] == (2, 12)
    assert not np.array_equal(features[0], features[1])
    assert np.allclose(logits, head.logits(features[0]), atol=1e-3)
    assert (logits.argmax(axis=1) == data.labels).all()


def test_no_fold_learns_from_a_patient_it_is_asked_about() -> None:
    groups = [f"P{number // 2}" for number in range(24)]
    is_positive = np.arange(24) // 2 % 2 == 0
    seen: list[tuple[set[str], set[str]]] = []

    def learn(train: Indices, held: Indices, _seed: int) -> np.ndarray:
        seen.append(({groups[i] for i in train}, {groups[i] for i in held}))
        return is_positive[held].astype(float)

    margins = held_out_margins(learn, is_positive, groups, repeats=2, folds=3)

    assert len(seen) == 6
    assert all(not learned & asked for learned, asked in seen)
    assert (margins == is_positive).all()


def test_folds_judged_before_a_cut_are_not_judged_again(tmp_path: Path) -> None:
    asked: list[int] = []
    folds, is_positive = tmp_path / "folds.pt", np.arange(24) % 2 == 0

    def judged(mark: str, cut_at: int = 99) -> np.ndarray:
        def learn(_train: Indices, held: Indices, seed: int) -> np.ndarray:
            if len(asked) == cut_at:
                raise CutOff
            asked.append(seed)
            return held + seed / 10

        return held_out_margins(
            remembering(learn, folds, mark=mark),
            is_positive,
            [str(number) for number in range(24)],
            repeats=2,
            folds=3,
        )

    with pytest.raises(CutOff):
        judged("a", cut_at=4)
    went_on = judged("a")

    assert asked == [0, 1, 2, 3, 4, 5]
    assert np.array_equal(went_on, judged("a"))
    assert np.array_equal(went_on, judged("b"))
    assert asked[6:] == [0, 1, 2, 3, 4, 5]  # another recipe's folds are its own


def test_differences_are_paired() -> None:
    generator = np.random.default_rng(0)
    is_positive = np.arange(80) % 2 == 0
    groups = [f"P{number // 2}" for number in range(80)]
    good = is_positive + generator.normal(0, 0.6, (2, 80))
    chance = generator.normal(0, 1, (2, 80))

    result = compared(
        good, good, chance, is_positive=is_positive, groups=groups, folds=5
    )

    assert result.difference == 0
    assert result.difference_ci95 == (0, 0)
    assert result.lungs_ci95[0] > 0
    assert result.model.auroc_ci95[0] < result.model.auroc < result.model.auroc_ci95[1]


def test_texture_tells_fine_from_coarse() -> None:
    generator = np.random.default_rng(0)
    fine = generator.random((20, 48, 48), dtype=np.float32)
    coarse = generator.random((20, 12, 12), dtype=np.float32).repeat(4, 1).repeat(4, 2)
    texture = texture_features(np.concatenate([fine, coarse]))
    is_fine = np.arange(40) < 20

    even = np.arange(0, 40, 2)
    p = trees_learner(texture, is_fine)(even, even + 1, 0)

    assert ((p > 0.5) == is_fine[even + 1]).all()


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("size = 'big'", "size = 'big': must be int"),
        ("[training]\nepoch = 3", "training.epoch is unknown"),
        ("[network]\narchitecture = 'vgg'", "network.architecture is none of"),
        ("size =", "cannot read"),
        ("probe = 3", "probe must be a table"),
        ("[ensemble]\nseed = 3", "ensemble.seed is unknown; known: keep, seeds"),
        ("[views]\nflip = 1", "views.flip = 1: must be bool"),
        ("[network]\nslices = 3.0", "network.slices = 3.0: must be int"),
        ("[series]\npool = 'mean'", "series.pool is unknown; known: epochs, hidden"),
    ],
)
def test_a_recipe_that_makes_no_sense_is_refused(
    text: str, message: str, tmp_path: Path
) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(text)

    with pytest.raises(ManifestError, match=message):
        read_recipe(path)


def test_slices_and_series_are_told_by_a_recipe(tmp_path: Path) -> None:
    path = tmp_path / "recipe.toml"
    path.write_text(
        "[network]\nslices = 5\n[series]\npooling = 'attention'\nhidden = 16\n[probe]\n"
    )

    said = read_recipe(path)

    assert (said.slices, said.probe) == (5, {})
    assert SeriesConfig(**said.series) == SeriesConfig("attention", hidden=16)
    with pytest.raises(ValueError, match="none of: loudest, attention"):
        SeriesConfig("mean")


def test_repeats_and_folds_are_two_numbers() -> None:
    assert repeats_and_folds("2x5") == (2, 5)
    assert repeats_and_folds("") == (0, 5)
    with pytest.raises(ManifestError, match="REPEATSxFOLDS"):
        repeats_and_folds("5")
