import pytest

from consult.explaining import asks_for_newest, is_report, wants_explanation
from consult.language.concepts_read import read

REPORT = """CT chest, 12 November 2026
FINDINGS: Ground-glass opacities in both lower lobes. No pleural effusion.
IMPRESSION: Findings are consistent with viral pneumonia."""


@pytest.mark.parametrize(
    "text",
    [
        "Explain my report",
        "Can you explain my CT report, please?",
        "Please help me understand this report",
        "What does my scan result mean?",
        "What does this mean in my report?",
        "帮我看看我的报告",
        "请帮我解读一下检查报告",
        "我的化验单是什么意思？",
        "这份報告看不懂",
        "能不能帮我解释一下这份CT报告",
    ],
)
def test_asking_for_ones_own_report_is_understood(text: str) -> None:
    assert wants_explanation(read([text]))


@pytest.mark.parametrize(
    "text",
    [
        "How do I read a report?",
        "How long do blood test results take?",
        "Where do I collect a copy?",
        "怎么看检查报告？",
        "报告什么时候出来？",
        "我头痛三天了",
    ],
)
def test_questions_about_reports_in_general_stay_with_the_library(text: str) -> None:
    assert not wants_explanation(read([text]))


def test_a_pasted_report_is_known_by_its_headings() -> None:
    assert is_report(REPORT, is_wished=False)
    assert is_report("影像所见：双肺磨玻璃影。\n诊断意见：考虑肺炎。", is_wished=False)
    assert not is_report("Diagnosis: what does that mean?", is_wished=False)
    assert not is_report("Explain my report", is_wished=True)


def test_the_newest_can_be_asked_for() -> None:
    assert asks_for_newest(read(["Explain my latest report"]))
    assert asks_for_newest(read(["帮我看看最近的报告"]))
    assert not asks_for_newest(read(["Explain my report"]))
