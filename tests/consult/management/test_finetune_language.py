"""From a file of examples to a sealed adapter, on bases of a few random weights."""

import json
from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from consult.learning.entry import load_adapter
from consult.learning.serving import classifiers
from tests.consult.learning.tiny import (
    labelled_rows,
    tiny_causal,
    tiny_encoder,
    write_rows,
)

QUICK = ["--epochs", "2", "--threads", "1", "--json"]


@pytest.fixture
def store(settings: LazySettings, tmp_path: Path) -> Path:
    settings.ADAPTER_STORE = tmp_path / "adapters"
    return tmp_path / "adapters"


@pytest.mark.slow
@pytest.mark.parametrize("method", ["lora", "adalora"])
def test_a_classifier_is_fitted_measured_and_sealed(
    store: Path, tmp_path: Path, method: str, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tiny_encoder(tmp_path / "base")
    data = write_rows(tmp_path / "rows.jsonl", labelled_rows())
    where = ["--data", str(data), "--base", str(base), "--out", "tiny/1"]

    call_command(
        "finetune_language", "--task", "intent", "--method", method, *where, *QUICK
    )

    answer = json.loads(capsys.readouterr().out)
    entry = load_adapter(store, "tiny", "1")
    assert answer["digest"] == entry.digest
    assert entry.labels == ("appointment", "visit")
    assert set(answer["metrics"]["test"]["zh"]) == {
        *("rules", "grams", "encoder", "served")
    }
    settings = (entry.folder / "adapter_config.json").read_text()
    assert str(tmp_path) not in settings + entry.card
    for classify in classifiers(entry, base=base).values():
        assert classify("我要预约挂号").label in entry.labels


@pytest.mark.slow
def test_replies_are_learned_on_a_causal_model(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tiny_causal(tmp_path / "base")
    rows: list[dict[str, object]] = [
        {"prompt": "where is the lift", "reply": "turn left", "split": "train"},
        {"prompt": "我头疼", "reply": "你好", "split": "train"},
        {
            "messages": [
                {"role": "user", "content": "where is it"},
                {"role": "assistant", "content": "turn left"},
            ],
            "split": "test",
        },
    ]
    data = write_rows(tmp_path / "talks.jsonl", rows)
    where = ["--data", str(data), "--base", str(base), "--out", "reply/1"]
    rate = ["--learning-rate", "0.01"]

    call_command("finetune_language", "--task", "generate", *where, *rate, *QUICK)

    test = json.loads(capsys.readouterr().out)["metrics"]["test"]
    assert test["loss"] < test["base_loss"]
    assert load_adapter(store, "reply", "1").task == "generate"


@pytest.mark.slow
def test_a_bad_row_is_named_by_its_line_and_the_rest_is_learned(
    store: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    base = tiny_encoder(tmp_path / "base")
    data = write_rows(tmp_path / "rows.jsonl", labelled_rows())
    with data.open("a", encoding="utf-8") as file:
        file.write('{"text": "hello", "intent": "greeting"}\n{"text": \n')
    where = ["--data", str(data), "--base", str(base), "--out", "tiny/1"]

    with pytest.raises(SystemExit) as ended:
        call_command("finetune_language", "--task", "intent", *where, *QUICK)

    out, told = capsys.readouterr()
    assert ended.value.code == 2
    assert [row["line"] for row in json.loads(out)["rejected"]] == [33, 34]
    assert "line 33: `intent` is one of symptom" in told
    assert load_adapter(store, "tiny", "1")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", "no row that can be learned from"),
        ('{"text": "x", "intent": "visit"}\n', "labels with 2 rows in split train"),
    ],
)
def test_too_little_is_refused_and_nothing_is_written(
    store: Path,
    tmp_path: Path,
    text: str,
    words: str,
    capsys: pytest.CaptureFixture[str],
) -> None:
    data = tmp_path / "rows.jsonl"
    data.write_text(text)

    with pytest.raises(SystemExit) as ended:
        call_command(
            *("finetune_language", "--task", "intent"),
            *("--data", str(data), "--out", "tiny/1"),
        )

    assert ended.value.code == 2
    assert words in capsys.readouterr().err
    assert not store.exists()
