"""What the columns of past rosters are called, in English and in Chinese.

Of two columns that could be meant, the one whose name comes first here is.
"""

from collections.abc import Sequence

from scheduling.importing.headings import Names, both, plain

COLUMNS: dict[str, Names] = {
    "date": (("Date", "On"), ("日期", "排班日期")),
    "employee": (
        ("Employee", "Employee id", "Staff number", "Staff id", "Staff no", "Name"),
        ("工号", "员工编号", "人员编号", "员工", "人员", "姓名"),
    ),
    "shift": (
        ("Shift", "Shift worked", "Worked"),
        ("班次", "班次代码", "实际班次", "实上班次", "排班"),
    ),
    "planned": (
        ("Planned", "Planned shift", "Plan"),
        ("计划班次", "计划", "原排班次", "原班次"),
    ),
    "absence": (
        ("Absence", "Absent", "Reason for absence", "Leave"),
        ("缺勤", "缺勤原因", "请假", "休假"),
    ),
    "group": (
        ("Group", "Staff group", "Contract"),
        ("组别", "分组", "人员组", "合同", "合同类型"),
    ),
}
NEEDED = ("date", "employee", "shift")


def places_of(headings: Sequence[str]) -> dict[str, int]:
    """Return where each column stands, of those that are there."""
    named = [plain(heading) for heading in headings]
    places: dict[str, int] = {}
    for column, (english, chinese) in COLUMNS.items():
        for name in map(plain, (*english, *chinese)):
            if name in named:
                places[column] = named.index(name)
                break
    return places


def missing_from(places: dict[str, int]) -> str:
    """Return what a needed column is called that is not there; empty if all are."""
    return next((both(COLUMNS[one]) for one in NEEDED if one not in places), "")
