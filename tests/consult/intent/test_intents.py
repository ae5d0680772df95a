import pytest

from tests.consult.cases import said


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("my stomach hurts", "symptom"),
        ("我肚子疼", "symptom"),
        ("what is gout?", "disease"),
        ("痛风是什么病", "disease"),
        ("does metformin cause weight gain", "medicine"),
        ("布洛芬有什么副作用", "medicine"),
        ("which department should I see for a rash", "department"),
        ("甲状腺结节挂什么科", "department"),
        ("I want to book an appointment", "appointment"),
        ("我想挂号", "appointment"),
        ("please explain my blood test results", "report"),
        ("帮我看看化验单是什么意思", "report"),
        ("where can I park", "visit"),
        ("探视时间是几点", "visit"),
        ("I want to make a complaint", "complaint"),
        ("我要投诉", "complaint"),
        ("can I talk to a human", "human"),
        ("get me a human", "human"),
        ("转人工", "human"),
        ("what is the weather tomorrow", "out_of_scope"),
        ("今天天气怎么样", "out_of_scope"),
        ("I want to book an appointment, I have crushing chest pain", "symptom"),
    ],
)
def test_messages_have_their_intent(text: str, intent: str) -> None:
    assert said(text).intent == intent


def test_asking_for_a_person_holds_on() -> None:
    outcome = said("can I talk to a human", "my stomach hurts")

    assert outcome.intent == "symptom"
    assert outcome.hands_off
