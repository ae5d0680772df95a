"""Who chooses an adapter sees what it is, how it measured, and its card."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.test import Client

from consult.models import AdapterActivation
from consult.services.adapters import activate_adapter, withdraw_adapter
from hospital.accounts.models import Role
from tests.consult.sealing import metrics_of, reseal, seal_adapter, seal_replies
from tests.rows import make_person

pytestmark = pytest.mark.django_db
DOORS = (
    "/admin/consult/adapteractivation/",
    "/admin/consult/adapteractivation/add/",
)


@pytest.fixture
def store(settings: LazySettings, tmp_path: Path) -> Path:
    settings.ADAPTER_STORE = tmp_path
    return tmp_path


def page(door: str, *, language: str = "en") -> str:
    """Return a page as an administrator gets it, spaces made one."""
    client = Client(headers={"accept-language": language})
    client.force_login(make_person(Role.ADMINISTRATOR))
    answer = client.get(door)
    assert answer.status_code == 200
    return " ".join(answer.content.decode().split())


@pytest.mark.parametrize("door", DOORS)
def test_each_adapter_is_shown_with_its_figures_and_its_card(
    store: Path, door: str
) -> None:
    seal_adapter(store, "1", is_better=True)
    seal_adapter(store, "2", is_better=False)

    shown = page(door)

    assert shown.index(">tiny/2</h2>") < shown.index(">tiny/1</h2>")
    assert shown.count("<dt>Version</dt><dd>1</dd>") == 1
    assert shown.count("<dt>Task</dt><dd>What a message is about</dd>") == 2
    assert shown.count("<dt>Base model</dt><dd>base (lora)</dd>") == 2
    assert shown.count("Messages that it never saw, Chinese: 199") == 2
    heads = "".join(
        f'<th scope="col">{each}</th>' for each in ("Precision", "Recall", "F1")
    )
    assert shown.count(heads) == 2
    served = "<td>0.778</td><td>0.693</td><td>0.714</td>"
    assert shown.count(f'<th scope="row">As it serves</th>{served}') == 2
    ruled = "<td>0.906</td><td>0.444</td><td>0.490</td>"
    assert shown.count(f'<th scope="row">Rules alone</th>{ruled}') == 2
    moves = "F1 over all these messages moves by +0.166"
    assert shown.count(f"{moves} (95 % interval +0.090 to +0.239)") == 2
    assert shown.count("It is shown to be better.") == 1
    assert shown.count("It is not shown to be better") == 1
    assert shown.count("<h2>How it was made</h2>") == 2
    assert "cannot serve" not in shown


@pytest.mark.parametrize("door", DOORS)
def test_the_same_is_said_in_chinese(store: Path, door: str) -> None:
    seal_adapter(store, "1", is_better=False)

    shown = page(door, language="zh-hans")

    assert "<dt>用途</dt><dd>消息在说什么</dd>" in shown
    assert "它未见过的中文消息：199 条" in shown
    assert "没有证据表明它更好" in shown
    assert "tiny/1 的说明卡" in shown


def test_what_a_card_says_runs_nothing(store: Path) -> None:
    seal_adapter(store, "1", is_better=True)
    card = "# Card\n\n<script>alert(1)</script><b onclick='alert(2)'>bold</b>\n"
    reseal(store / "tiny" / "1", "card.md", card)

    shown = page(DOORS[1])

    assert "<h1>Card</h1>" in shown
    assert "<b>bold</b>" in shown
    assert "alert(" not in shown


def test_an_adapter_of_replies_tells_what_was_measured_of_it(store: Path) -> None:
    test = {"n": 12, "base_loss": 2.5, "loss": 2.25}
    perplexity = {"base_perplexity": 12.1825, "perplexity": 9.4877}
    gate = metrics_of(is_better=True)["gate"]
    seal_replies(store, {"gate": gate, "test": test | perplexity})

    shown = page(DOORS[1])

    assert "Talks that it never saw: 12" in shown
    assert "As it serves</th><td>2.250</td><td>9.488</td>" in shown
    assert "Its base alone</th><td>2.500</td><td>12.182</td>" in shown
    assert "Precision" not in shown


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["card.md", "metrics.json"])
def test_a_missing_file_is_told_beside_the_adapters_that_are_whole(
    store: Path, door: str, name: str
) -> None:
    seal_adapter(store, "1", is_better=True)
    seal_adapter(store, "2", is_better=True)
    (store / "tiny" / "2" / name).unlink()

    shown = page(door)

    trouble = f"This adapter cannot serve: tiny/2 lacks the file {name}."
    assert shown.count(trouble) == shown.count("cannot serve") == 1
    assert shown.count("Card of tiny/1") == 1
    assert "Card of tiny/2" not in shown


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("name", ["card.md", "metrics.json"])
def test_a_changed_file_is_told_and_nothing_of_it_is_shown(
    store: Path, door: str, name: str
) -> None:
    seal_adapter(store, "1", is_better=True)
    (store / "tiny" / "1" / name).write_bytes(b"\xff{changed")

    shown = page(door)

    trouble = f"The file {name} of tiny/1 is not the one that was sealed"
    assert f"This adapter cannot serve: {trouble}" in shown
    assert "changed" not in shown.replace("unchanged", "")
    assert "Card of tiny/1" not in shown


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("metrics.json", "{"),
        ("metrics.json", "[]"),
        ("metrics.json", '{"gate": {}}'),
        ("config.toml", 'task = "intent"\nserves = "rules"'),
    ],
)
def test_a_file_that_was_sealed_without_sense_is_told(
    store: Path, name: str, text: str
) -> None:
    seal_adapter(store, "1", is_better=True)
    reseal(store / "tiny" / "1", name, text)

    shown = page(DOORS[1])

    assert "This adapter cannot serve: The adapter tiny/1 cannot be read:" in shown


@pytest.mark.parametrize(
    "test",
    [None, {}, [], {"zh": {}}, {"fr": {}}, {"zh": {"served": {"n": "many"}}}],
)
def test_figures_that_are_not_there_are_told_and_the_card_stays(
    store: Path, test: object
) -> None:
    seal_adapter(store, "1", is_better=True)
    told = json.dumps({**metrics_of(is_better=True), "test": test})
    reseal(store / "tiny" / "1", "metrics.json", told)

    shown = page(DOORS[1])

    assert "Its metrics.json does not tell how it measured." in shown
    assert "Card of tiny/1" in shown
    assert "Precision" not in shown


def test_a_row_of_the_history_shows_its_adapter_as_it_lies_there_now(
    store: Path,
) -> None:
    seal_adapter(store, "1", is_better=True)
    row = activate_adapter(name="tiny", version="1", activated_by=None)
    door = f"/admin/consult/adapteractivation/{row.pk}/change/"

    serving = page(door)
    reseal(store / "tiny" / "1", "card.md", "# Other\n")
    replaced = page(door)
    withdrawn = withdraw_adapter(task="intent", activated_by=None)
    after = page(door)

    assert ">tiny/1 · In service</h2>" in serving
    assert "Card of tiny/1" in serving
    assert "cannot serve" not in serving
    changed = "Its files are not those that were put into service."
    assert f"This adapter cannot serve: {changed}" in replaced
    assert ">tiny/1</h2>" in after
    none = page(f"/admin/consult/adapteractivation/{withdrawn.pk}/change/")
    assert "tiny/1" not in none
    assert "The store holds no adapter." not in none


def test_an_empty_store_says_so(store: Path) -> None:
    assert "The store holds no adapter." in page(DOORS[1])


@pytest.mark.parametrize("door", DOORS)
@pytest.mark.parametrize("role", [r for r in Role if r != Role.ADMINISTRATOR])
def test_who_is_no_administrator_gets_no_page(
    store: Path, client: Client, role: Role, door: str
) -> None:
    seal_adapter(store, "1", is_better=True)
    client.force_login(make_person(role))

    looked = client.get(door)
    chosen = client.post(door, {"entry": "tiny/1", "reason": "a trial"})

    assert {looked.status_code, chosen.status_code} <= {302, 403, 404}
    assert "tiny/1" not in looked.content.decode()
    assert not AdapterActivation.objects.exists()
