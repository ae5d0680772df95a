"""What sheets and columns are called, in English and in Chinese; the first name is ours."""

import unicodedata
from dataclasses import dataclass

Names = tuple[tuple[str, ...], tuple[str, ...]]  # English, Chinese

PEOPLE, SHIFTS, CONTRACTS = "people", "shifts", "contracts"
DEMAND, LEAVE, REQUESTS, PAIRS = "demand", "leave", "requests", "pairs"

SHEETS: dict[str, Names] = {
    PEOPLE: (
        ("People", "Staff", "Employees"),
        ("人员", "员工", "人员名单", "员工名单"),
    ),
    SHIFTS: (("Shifts", "Shift types"), ("班次", "班种")),
    CONTRACTS: (("Contracts", "Contract"), ("合同", "合同类型")),
    DEMAND: (("Demand", "Cover", "Needs"), ("需求", "人员需求", "岗位需求")),
    LEAVE: (("Leave", "Absences", "Absence"), ("休假", "请假", "缺勤")),
    REQUESTS: (("Requests", "Wishes"), ("申请", "排班申请", "愿望")),
    PAIRS: (("Pairs", "Pair", "Together or apart"), ("搭配", "人员搭配", "搭班")),
}
_NUMBER: Names = (
    ("Staff number", "Staff id", "Staff no", "Employee", "Employee id", "Id", "Number"),
    ("工号", "员工编号", "人员编号", "编号"),
)
_SHIFT: Names = (("Shift", "Code", "Letter"), ("班次", "班次代码", "代码"))
_NAME: Names = (("Name", "Full name"), ("姓名", "名字"))
_CONTRACT: Names = (("Contract", "Contract type"), ("合同", "合同类型"))
_SHARE: Names = (("Share", "FTE", "Post"), ("比例", "工作比例", "全职比例"))
_SKILLS: Names = (
    ("Skills", "Skill", "Qualifications", "Licences"),
    ("技能", "资质", "证书"),
)
_SKILL: Names = (
    ("Skill", "Skills", "Qualification", "Licence"),
    ("技能", "资质", "证书"),
)
_BARRED: Names = (
    ("Shifts never worked", "Shifts not worked", "Never", "Not worked"),
    ("不上的班次", "不排班次", "禁排班次"),
)
# Whoever may be in charge of a shift holds this skill, under one name in every ward.
CHARGE = "charge nurse"
_CHARGE: Names = (
    ("Charge nurse", "In charge", "Takes charge", "Shift leader", "Charge"),
    ("带班护士", "带班", "当班负责人", "可带班"),
)
_FIRST: Names = (
    ("From", "First day", "Date", "Start", "Day"),
    ("开始日期", "从", "日期", "起始日期"),
)
_LAST: Names = (
    ("To", "Last day", "Until", "End"),
    ("结束日期", "到", "至", "截止日期"),
)

COLUMNS: dict[str, dict[str, Names]] = {
    PEOPLE: {
        "number": _NUMBER,
        "name": _NAME,
        "account": (
            ("E-mail or user name", "E-mail", "Account", "User name", "Login"),
            ("邮箱或用户名", "邮箱", "电子邮件", "账号", "用户名"),
        ),
        "contract": _CONTRACT,
        "share": _SHARE,
        "skills": _SKILLS,
        "charge": _CHARGE,
        "barred": _BARRED,
    },
    SHIFTS: {
        "shift": _SHIFT,
        "name": (("Name", "Shift name"), ("名称", "班次名称")),
        "start": (
            ("Start", "Starts", "From", "Begins"),
            ("开始", "开始时间", "上班时间"),
        ),
        "end": (("End", "Ends", "To", "Until"), ("结束", "结束时间", "下班时间")),
        "times": (("Times", "Time", "From-to"), ("时间", "时段", "起止时间")),
        "hours": (("Paid hours", "Hours"), ("工时", "计薪工时", "计薪小时")),
        "night": (("Night", "Night shift", "Is night"), ("夜班", "是否夜班")),
        "on_call": (("On call", "On-call", "Stand-by"), ("待命", "值守", "备班")),
    },
    CONTRACTS: {
        "contract": (
            ("Contract", "Name", "Contract type"),
            ("合同", "合同类型", "名称"),
        ),
        "hours": (
            ("Hours per week", "Weekly hours", "Hours a week", "Hours"),
            ("每周工时", "周工时", "每周小时"),
        ),
        "share": _SHARE,
        "days": (
            ("Days in a row", "Consecutive days", "Most consecutive days"),
            ("连续工作天数", "最多连续天数", "连续天数"),
        ),
        "nights": (
            ("Nights in a row", "Consecutive nights", "Most consecutive nights"),
            ("连续夜班", "最多连续夜班", "连续夜班数"),
        ),
        "rest": (
            ("Days off in a row", "Days off between", "Days off between stretches"),
            ("连续休息天数", "最少连续休息", "休息天数"),
        ),
        "weekends": (
            ("Weekends in 4 weeks", "Weekends per 4 weeks", "Weekends"),
            ("四周周末数", "每四周周末", "周末数"),
        ),
        "limits": (
            ("Most hours in days", "Most hours in any days", "Most hours"),
            ("若干天内最多工时", "任意天数内最多工时", "最多工时"),
        ),
        "barred": _BARRED,
    },
    DEMAND: {
        "date": (("Date", "On"), ("日期",)),
        "weekday": (("Weekday", "Weekdays", "Day"), ("星期", "周几", "工作日")),
        "shift": _SHIFT,
        "times": (
            ("Times", "Time of day", "Time", "From-to"),
            ("时间", "时段", "起止时间"),
        ),
        "skill": _SKILL,
        "least": (
            ("Least", "Minimum", "Min", "At least", "Needed", "Count"),
            ("最少", "最少人数", "人数", "需要人数"),
        ),
        "most": (("Most", "Maximum", "Max", "At most"), ("最多", "最多人数")),
        "per": (("For each", "Per", "For every"), ("每多少人", "每几人", "每")),
        "other": (
            ("Of those with", "Other skill", "With skill", "Juniors"),
            ("对应技能", "对方技能", "新人技能"),
        ),
    },
    LEAVE: {"number": _NUMBER, "first": _FIRST, "last": _LAST},
    REQUESTS: {
        "number": _NUMBER,
        "first": _FIRST,
        "last": _LAST,
        "wish": (("Wish", "Request", "On or off"), ("愿望", "申请", "上班或休息")),
        "shift": _SHIFT,
        "weight": (("Weight", "Cost", "Importance"), ("权重", "代价", "重要程度")),
    },
    PAIRS: {
        "first": _NUMBER,
        "second": (
            ("With", "Colleague", "Second staff number", "Other staff number"),
            ("与", "同事工号", "另一人工号", "同事"),
        ),
        "rule": (
            ("Together or apart", "Rule", "Pair", "How"),
            ("同班或分开", "规则", "方式"),
        ),
        "shifts": (("Shifts", "Shift", "On shifts"), ("班次", "适用班次")),
    },
}
NEEDED: dict[str, tuple[str, ...]] = {
    PEOPLE: ("number",),
    SHIFTS: ("shift",),
    CONTRACTS: ("contract",),
    DEMAND: ("shift", "least"),
    LEAVE: ("number", "first"),
    REQUESTS: ("number", "first"),
    PAIRS: ("first", "second", "rule"),
}


NOT_WRITTEN = {SHIFTS: ("times",), CONTRACTS: ("barred",)}  # by us: others say the same


@dataclass(frozen=True, slots=True, kw_only=True)
class Tongue:
    """In which language sheets and headings are written."""

    is_chinese: bool = False

    def sheet(self, kind: str) -> str:
        return SHEETS[kind][self.is_chinese][0]

    def headings(self, kind: str) -> list[str]:
        """Return the headings of a sheet that we write."""
        left_out = NOT_WRITTEN.get(kind, ())
        return [
            names[self.is_chinese][0]
            for column, names in COLUMNS[kind].items()
            if column not in left_out
        ]

    def skill(self, name: str) -> str:
        """Return how a skill is written."""
        return _CHARGE[self.is_chinese][0] if name == CHARGE else name


def plain(name: str) -> str:
    """Return a name without its case, spaces and punctuation, wide letters made narrow."""
    folded = unicodedata.normalize("NFKC", name).casefold()
    return "".join(letter for letter in folded if letter.isalnum())


def skill_named(name: str) -> str:
    """Return a skill by its own name; who is in charge is called the same everywhere."""
    return CHARGE if plain(name) in _CHARGES else name


def sheet_kind(title: str) -> str:
    """Return which sheet a title names; empty for none."""
    return _SHEET_KINDS.get(plain(title), "")


def column_key(kind: str, heading: str) -> str:
    """Return which column of that sheet a heading names; empty for none."""
    return _COLUMN_KEYS[kind].get(plain(heading), "")


def both(names: Names) -> str:
    """Return what something is called in both languages."""
    english, chinese = names
    return f"{english[0]} / {chinese[0]}"


def _keys(named: dict[str, Names]) -> dict[str, str]:
    """Return the key of each name; of two with the same name the first one has it."""
    keys: dict[str, str] = {}
    for key, (english, chinese) in named.items():
        for name in (*english, *chinese):
            keys.setdefault(plain(name), key)
    return keys


_CHARGES = frozenset(plain(name) for names in _CHARGE for name in names)
_SHEET_KINDS = _keys(SHEETS)
_COLUMN_KEYS = {kind: _keys(columns) for kind, columns in COLUMNS.items()}
