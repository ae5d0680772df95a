"""What was fitted, put into service and used in answers: from rows to the page."""

from pathlib import Path

import pytest
from django.conf import LazySettings
from django.core.management import call_command

from consult.language.generators import Numbered, Prompt
from consult.language.generators.prompt import messages
from consult.models import Kind, Reason, State, Turn, TurnState
from consult.pipelines import learned
from consult.services.adapters import activate_adapter
from hospital.env import DataFolder
from tests.consult.learning.tiny import tiny_causal, tiny_encoder, write_rows
from tests.consult.talks import strangers_talk, write
from tests.hospital.knowledge.rows import make_entry, make_library, make_passage
from tests.jobs import run_here

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
CITED = "gout/zh#self_care"
LIBRARY = "痛风发作时要多喝水，少喝酒。疼得厉害时尽快看医生。"
DRAFT = "痛风发作时要多喝水，少喝酒。[1]"
QUESTION = "痛风发作怎么办？"


@pytest.fixture(autouse=True)
def library(settings: LazySettings, tmp_path: Path) -> None:
    settings.VAR = DataFolder(tmp_path)
    settings.ADAPTER_STORE = tmp_path / "adapters"
    make_passage(
        make_entry(make_library("own"), lang="zh", title="痛风", focus="痛风"),
        citation=CITED,
        heading="痛风发作怎么办",
        text=LIBRARY,
    )


def fitted(task: str, *, data: Path, base: Path, epochs: int, rate: str) -> None:
    """Fit an adapter by its command, and put it into service."""
    call_command(
        *("finetune_language", "--task", task, "--data", str(data)),
        *("--base", str(base), "--out", "own/1", "--threads", "1"),
        *("--epochs", str(epochs), "--learning-rate", rate, "--json"),
    )
    activate_adapter(name="own", version="1", activated_by=None, reason="a trial")


def answered(text: str) -> Turn:
    answer = write(strangers_talk(), text).answer
    assert answer is not None
    assert answer.job is not None
    run_here(answer.job)
    return Turn.objects.get(pk=answer.pk)


def test_a_learned_mood_calls_a_person_where_the_rules_hear_none(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    base = tiny_encoder(tmp_path / "base")
    monkeypatch.setattr(learned, "minilm", lambda: base)  # the base of what is fitted
    heard, plain = "窗外又是灰的", "痛风发作怎么办"
    rows = [
        {"text": f"{text}{sign}", "lang": "zh", "mood": mood, "split": split}
        for text, mood in ((heard, "distressed"), (plain, "calm"))
        for split, signs in (("train", "。，！？"), ("val", "、；"), ("test", "：…"))
        for sign in signs
    ]
    before = answered(heard)

    data = write_rows(tmp_path / "rows.jsonl", rows)
    fitted("sentiment", data=data, base=base, epochs=4, rate="0.01")
    calls, calm = answered(heard), answered(plain)

    assert before.conversation.state == State.BOT
    assert calls.conversation.mood == "distressed"
    assert calls.conversation.state == State.WAITING
    assert calls.conversation.handover_reason == Reason.DISTRESS
    assert (calm.conversation.mood, calm.conversation.state) == ("calm", State.BOT)


def test_a_model_of_this_machine_answers_through_the_verifier_with_its_adapter(
    settings: LazySettings, tmp_path: Path
) -> None:
    base = tiny_causal(tmp_path / "base", DRAFT)
    settings.GENERATOR, settings.GENERATOR_FOLDER = "local", str(base)
    quoted = answered(QUESTION)  # the bare model writes nonsense

    passages = (Numbered(1, CITED, LIBRARY),)
    asked = messages(Prompt(QUESTION, passages, "zh", (f"patient: {QUESTION}",)))
    talk = [*asked, {"role": "assistant", "content": DRAFT}]
    data = write_rows(
        tmp_path / "rows.jsonl",
        [{"messages": talk, "split": split} for split in ("train", "test")],
    )
    fitted("generate", data=data, base=base, epochs=60, rate="0.02")
    written = answered(QUESTION)

    for answer in (quoted, written):
        assert (answer.state, answer.kind) == (TurnState.DONE, Kind.ANSWER)
        cited = {each for one in answer.answer["sentences"] for each in one["passages"]}
        assert cited == {CITED}
    assert "".join(each["text"] for each in quoted.answer["sentences"]) == LIBRARY
    assert [each["text"] for each in written.answer["sentences"]] == [
        "痛风发作时要多喝水，少喝酒。"
    ]
