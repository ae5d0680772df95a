"""Nothing personal that was planted leaves, in either language."""

import pytest

from consult.learning.deidentify import Known, deidentified, tells_of

KNOWN = Known.of(
    names=["Okonkwo^Adaeze", "欧阳志远", "王小明", "Anna Müller", "zhaol"],
    numbers=["MRN-48213", "ZY0099812"],
)
CANARIES = [
    ("I'm Adaeze Okonkwo and my knee hurts", ["Adaeze", "Okonkwo"]),
    ("tell Okonkwo's doctor about the rash", ["Okonkwo"]),
    ("ANNA had a fever, mrn-48213", ["ANNA", "48213"]),
    ("住院号ZY0099812,欧阳志远咳嗽三天", ["0099812", "欧阳", "志远"]),
    ("小明昨天发烧,我是王小明的妈妈", ["小明"]),
    ("zhaol wrote that I should rest", ["zhaol"]),
    ("call me on 138 1234 5678 please", ["1234"]),
    ("我身份证11010519491231002X,头疼", ["110105"]),
    ("I live at 12 Baker Street, London", ["Baker"]),
    ("家住朝阳区建国路88号院3号楼502", ["88号"]),
    ("born 3 March 1982, bad back", ["March", "1982"]),
    ("出生于1982年3月4日,腰疼", ["1982", "3月4"]),
    ("write to a.lee@example.org about it", ["example.org"]),
]


@pytest.mark.parametrize(("text", "canaries"), CANARIES)
def test_nothing_planted_leaves(text: str, canaries: list[str]) -> None:
    left = deidentified(text, KNOWN)

    assert [canary for canary in canaries if canary in left] == []
    assert not tells_of(left, KNOWN)


@pytest.mark.parametrize(
    "text",
    ["I take 500 mg of paracetamol twice a day", "孩子三岁,发烧38.5度,吃了布洛芬5毫升"],
)
def test_what_is_clinical_stays(text: str) -> None:
    assert deidentified(text, KNOWN) == text
