"""The library in rows, searched and quoted."""

import threading
from pathlib import Path

import pytest
from pytest_django import Settings

from hospital.env import DataFolder
from hospital.jobs.models import Job
from hospital.knowledge.models import EntryState, Library, Passage
from hospital.knowledge.retrieval.vectors import ENCODER
from hospital.knowledge.services import indexing
from hospital.knowledge.services.embedding import embed
from hospital.knowledge.services.finding import answer, find
from tests.hospital.knowledge.rows import make_entry, make_library, make_passage

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def shelf(settings: Settings, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    settings.VAR = DataFolder(root=tmp_path)
    monkeypatch.setattr(indexing, "FRESH_S", 0.0)  # each change is seen at once
    return tmp_path / "knowledge"


def fact(lang: str, title: str, text: str) -> Passage:
    library = Library.objects.filter(slug="own").first()
    entry = make_entry(
        library or make_library("own"), lang=lang, title=title, focus=title
    )
    return make_passage(entry, heading=title, text=text)


def test_chinese_question_is_answered_from_what_is_in_force(shelf: Path) -> None:
    kept = fact("zh", "痛风", "痛风发作时要多喝水，少喝酒，尽快看医生。")
    fact("zh", "胃炎", "胃炎的人少吃辣，按时吃饭，不要抽烟喝酒。")

    before = answer("痛风发作怎么办", lang="zh")
    kept.entry.state = EntryState.RETIRED
    kept.entry.save()
    after = answer("痛风发作怎么办", lang="zh")

    assert before.passages[0].id == kept.citation
    assert kept.citation not in [passage.id for passage in after.passages]
    assert len([path for path in shelf.glob("*-zh/*") if path.is_dir()]) == 2


@pytest.mark.slow
def test_chinese_question_is_led_to_an_english_source_that_says_so() -> None:
    there = fact(
        "en", "What is Noonan syndrome?", "Noonan syndrome is a disorder of genes."
    )

    found = answer("努南综合征是什么病", lang="zh")

    assert [passage.id for passage in found.passages] == [there.citation]
    assert found.passages[0].other_language
    there.refresh_from_db()
    assert (there.embedded_by, len(there.embedding)) == (ENCODER, 384)
    assert embed() == 0

    twin = make_entry(
        there.entry.library, lang="zh", external_id=there.entry.external_id, title="NS"
    )
    here = make_passage(twin, heading="NS", text="基因改变引起，需要随访。")
    again = answer("努南综合征是什么病", lang="zh")

    assert [passage.id for passage in again.passages] == [here.citation]
    assert not again.passages[0].other_language
    assert again.sentences


def test_another_disease_of_nearly_the_same_name_is_no_answer() -> None:
    fact("zh", "乙型肝炎", "乙型肝炎是肝脏的病毒感染，打疫苗可以预防乙型肝炎。")
    fact("zh", "肠易激综合征", "肠易激综合征的人肚子反复疼，和饮食有关。")

    asked = {
        question: answer(question, lang="zh")
        for question in ("丙型肝炎是什么病", "努南综合征怎么治", "乙型肝炎是什么病")
    }

    assert [found.abstained for found in asked.values()] == [True, True, False]
    assert [bool(found.sentences) for found in asked.values()] == [False, False, True]
    assert {passage.title for passage in asked["乙型肝炎是什么病"].passages} == {
        "乙型肝炎"
    }


def test_a_passage_that_names_the_disease_goes_before_one_that_does_not() -> None:
    fact("zh", "咽喉痛", "咽喉痛常见的原因是感冒，也可能是扁桃体炎，扁桃体炎会发烧。")
    fact("zh", "关节炎", "关节炎的人关节疼，早上发僵。")

    found = answer("扁桃体炎是什么", lang="zh")

    assert [passage.title for passage in found.passages] == ["咽喉痛"]
    assert not found.abstained


def test_many_vectors_are_made_by_a_job_while_words_answer(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(indexing, "AT_ONCE", 0)
    there = fact(
        "en", "What is Noonan syndrome?", "Noonan syndrome is a disorder of genes."
    )

    found = answer("What is Noonan syndrome?", lang="en")
    answer("Is Noonan syndrome common?", lang="en")

    assert [passage.id for passage in found.passages] == [there.citation]
    assert Job.objects.filter(kind="knowledge.embed").count() == 1
    there.refresh_from_db()
    assert there.embedding is None


@pytest.mark.django_db(transaction=True)
def test_last_index_answers_while_the_next_is_made(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    made: list[threading.Thread] = []

    class Kept(threading.Thread):
        def start(self) -> None:
            made.append(self)
            super().start()

    monkeypatch.setattr(threading, "Thread", Kept)
    monkeypatch.setattr(indexing, "LARGE", 0)
    first = fact("zh", "痛风", "痛风发作时要多喝水，少喝酒，尽快看医生。")
    find("痛风发作怎么办", lang="zh")
    fact("zh", "胃炎", "胃炎的人少吃辣，按时吃饭，不要抽烟喝酒。")

    meanwhile = find("胃炎要注意什么", lang="zh")
    for thread in made:
        thread.join()
    afterwards = find("胃炎要注意什么", lang="zh")

    assert {hit.id for hit in meanwhile.hits} <= {first.citation}
    assert afterwards.hits[0].id != first.citation


def test_unknown_library_has_nothing() -> None:
    found = answer("fever", lang="en", libraries=["none"])

    assert (found.sentences, found.passages, found.abstained) == ((), (), True)
    assert find("发烧", lang="zh", libraries=["none"]).hits == ()
