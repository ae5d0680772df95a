"""The house's own form: everything comes back as it went, nothing else gets in."""

import copy
import json
from dataclasses import replace
from datetime import date
from time import process_time
from typing import Any

import pytest

from scheduling.solver.errors import FormatError
from scheduling.solver.formats import (
    anji_schema,
    from_json,
    read_document,
    read_instance,
    to_json,
)
from scheduling.solver.formats.anji.decode import MAX_ITEMS
from scheduling.solver.formats.anji.sense import (
    HEAVIEST,
    LONGEST_SHIFT,
    MOST_COUNTED,
)
from scheduling.solver.instance import (
    MAX_DAYS,
    MAX_PEOPLE,
    MAX_RULES,
    Contract,
    HeldSkill,
    Instance,
    Person,
    ShiftType,
)
from scheduling.solver.rules import (
    MAX_WEIGHT,
    MOST_OF_A_MIX,
    OFF,
    Count,
    Demand,
    Mix,
    Pair,
    Pattern,
    Request,
    Run,
    Weekends,
)
from tests.scheduling.solver.realdata import rostering_folder

WARD = Instance(
    name="Ward 3",
    start=date(2026, 3, 2),
    days=7,
    shift_types=(
        ShiftType(id="E", name="Early", start_minute=360, end_minute=840, minutes=480),
        ShiftType(id="N", minutes=600, is_night=True, skill="night", group="night"),
        ShiftType(id="H", minutes=120, on_call="home"),
    ),
    people=(
        Person(
            id="ann",
            name="Ann",
            contracts=("full",),
            rules=(Count(name="Sundays", days=(6,), at_most=0, weight=3),),
            skills=(HeldSkill(skill="night", until=5), HeldSkill(skill="lead")),
            history=("E", OFF),
            leave=frozenset({2, 3}),
            pinned=((0, "N"), (1, OFF)),
            barred=frozenset({"E"}),
            fte=0.5,
        ),
        Person(id="bob"),
    ),
    contracts=(
        Contract(
            id="full",
            rules=(
                Run(name="nights", of="shifts", shifts=frozenset("N"), at_most=3),
                Pattern(name="rest", days=(frozenset("N"), frozenset({"E", OFF}))),
                Weekends(name="weekends", weekdays=(4, 5, 6), at_most=1, weight=9),
                Count(name="hours", unit="minutes", at_least=600, weight=1),
            ),
        ),
    ),
    demands=(Demand(day=0, shifts=frozenset("E"), at_least=1, under_weight=100),),
    requests=(
        Request(person="bob", day=1, shifts=frozenset("E"), is_on=True, weight=2),
    ),
    pairs=(Pair(name="pair", first="ann", second="bob", is_together=False, weight=1),),
    mixes=(Mix(name="mix", day=1, shifts=frozenset(), skill="lead", other="night"),),
    holidays=frozenset({5}),
    timezone="Europe/Berlin",
    may_overlap=True,
    offset=4,
)


def _document() -> dict[str, Any]:
    document: dict[str, Any] = json.loads(json.dumps(to_json(WARD)))
    return document


def test_a_problem_comes_back_as_it_went() -> None:
    assert from_json(_document()) == WARD
    assert read_instance(json.dumps(to_json(WARD)), format="anji") == WARD


def test_defaults_are_left_out() -> None:
    document = _document()

    assert document["format"] == "anji"
    assert document["version"] == 1
    assert document["people"][1] == {"id": "bob"}
    assert document["contracts"][0]["rules"][0] == {
        "kind": "run",
        "name": "nights",
        "of": "shifts",
        "shifts": ["N"],
        "at_most": 3,
    }


def test_what_is_left_out_has_its_default() -> None:
    smallest = {
        "format": "anji",
        "version": 1,
        "name": "",
        "start": "2026-03-02",
        "days": 1,
        "shift_types": [{"id": "E"}],
        "people": [{"id": "ann"}],
    }

    assert from_json(smallest) == Instance(
        name="",
        start=date(2026, 3, 2),
        days=1,
        shift_types=(ShiftType(id="E"),),
        people=(Person(id="ann"),),
    )


def _changed(path: list[str | int], value: object) -> dict[str, Any]:
    document = copy.deepcopy(_document())
    place: Any = document
    for step in path[:-1]:
        place = place[step]
    place[path[-1]] = value
    return document


RULE: list[str | int] = ["contracts", 0, "rules", 0]


@pytest.mark.parametrize(
    ("path", "value", "message"),
    [
        (["format"], "curtois", 'format: "anji" belongs here.'),
        (["version"], 2, "version: Version 2 is unknown; 1 can be read."),
        (["version"], None, "version: A whole number belongs here, not nothing."),
        (["colour"], 1, "colour: There is no such field."),
        (["days"], "7", "days: A whole number belongs here, not '7'."),
        (["days"], 7.5, "days: A whole number belongs here, not '7.5'."),
        (["days"], True, "days: A whole number belongs here, not 'True'."),
        (["days"], 0, "0 days: between 1 and 400 can be rostered at once."),
        (["days"], 10**30, "days: The number lies outside -1000000000 to 1000000000."),
        (["start"], "March", "start: 'March' is not a date of the form 2026-03-01."),
        (["name"], "a\x00b", "name: There is a control character in the text."),
        (["name"], "\ud800", "name: There is a control character in the text."),
        (["name"], "x" * 1001, "name: A text of at most 1000 characters belongs here."),
        (["people"], {}, "people: A list belongs here, not an object."),
        (["people", 0], [], "people[0]: An object belongs here, not a list of 0."),
        (["people", 0, "fte"], "half", "people[0].fte: A number belongs here"),
        (["people", 0, "fte"], 1e300, "people[0].fte: The number lies outside"),
        pytest.param(
            ["people", 0, "fte"],
            -(10**310),
            "people[0].fte: The number lies outside",
            id="as small as no float",
        ),
        pytest.param(
            ["people", 0, "fte"],
            10**4299,
            "people[0].fte: The number lies outside",
            id="as long as Python reads",
        ),
        (["people", 0, "fte"], float("nan"), "people[0].fte: The number lies outside"),
        (["people", 0, "pinned"], [[0]], "people[0].pinned[0]: A list of 2 belongs"),
        (
            ["people", 0, "pinned"],
            [[0, 1]],
            "people[0].pinned[0][1]: A text of at most",
        ),
        (["people", 0, "shoe"], 42, "people[0].shoe: There is no such field."),
        (["people", 1], {}, "people[1].id: This is missing."),
        (
            [*RULE, "kind"],
            "sum",
            "contracts[0].rules[0].kind: 'sum' is no kind of rule",
        ),
        ([*RULE, "of"], "fun", "rules[0].of: 'fun' is none of work, off, shifts."),
        ([*RULE, "weight"], -1, "contracts[0].rules[0]: nights: a weight of -1 lies"),
        ([*RULE, "at_least"], 9, "nights: at least 9 and at most 3 cannot both be."),
        ([*RULE, "open_end"], 1, "open_end: true or false belongs here, not '1'."),
        (["people", 1, "id"], "ann\x0b", "people[1].id: There is a control character"),
        (["people", 1, "id"], "\udc00", "people[1].id: There is a control character"),
        (["\ud800"], 1, "\\ud800: There is no such field."),
        ([*RULE, "kind"], "\ud800", "rules[0].kind: '\\ud800' is no kind of rule"),
        (
            [*RULE[:-1], 2, "weekdays"],
            [],
            "contracts[0].rules[2]: weekends: a weekend has weekdays of 0 to 6",
        ),
        (["mixes", 0, "per"], 0, "mixes[0]: mix: 1 for each 0 cannot be."),
        (["demands", 0, "shifts"], [], "demands[0]: demand of day 0: it needs shifts"),
        (["timezone"], "Mars/Base", "The time zone 'Mars/Base' is not known."),
        (["start"], "9999-12-30", "The start 9999-12-30 lies outside 1900-01-01"),
        (
            ["people", 0, "contracts"],
            ["full", "full"],
            "people[0]: The contract of person ann full is there twice.",
        ),
        (["people", 1, "id"], "ann", "people[1]: The person ann is there twice."),
        (
            ["people", 0, "contracts"],
            ["x"],
            "people[0]: person ann names the unknown contract x.",
        ),
        (
            ["requests", 0, "person"],
            "cid",
            "requests[0]: request of cid names the unknown person cid.",
        ),
        (
            ["requests", 0, "day"],
            7,
            "requests[0]: request of bob names day 7, outside 0 to 6.",
        ),
        (
            ["demands", 0, "shifts"],
            ["X"],
            "demands[0]: demand of day 0 names the unknown shift X.",
        ),
        (["shift_types", 0, "minutes"], -5, "shift_types[0]: Shift E: -5 paid minutes"),
    ],
)
def test_a_value_that_cannot_be_is_refused_with_its_path(
    path: list[str | int], value: object, message: str
) -> None:
    with pytest.raises(FormatError) as refused:
        from_json(_changed(path, value))

    assert message in str(refused.value)
    str(refused.value).encode()


@pytest.mark.parametrize(
    ("path", "value", "place", "why"),
    [
        (
            ["shift_types", 0, "end_minute"],
            1_000_000_000,
            "shift_types[0]",
            "Shift E ends 1000000000 minutes after the midnight before it: end it at most 72 h after its start.",
        ),
        (
            ["shift_types", 0],
            {"id": "E", "start_minute": 1440, "end_minute": 1920},
            "shift_types[0]",
            "Shift E begins 1440 minutes after midnight, outside 0 to 1439: a shift begins on its own day.",
        ),
        (
            [*RULE[:-1], 0],
            {"kind": "run", "name": "work", "at_least": 999_999_999},
            "contracts[0].rules[0]",
            "work: at least 999999999 in a row are more than any roster holds; ask for at most 800.",
        ),
        (
            ["people", 1],
            {
                "id": "bob",
                "rules": [
                    {"kind": "weekends", "name": "w", "measure": "run", "at_least": 801}
                ],
            },
            "people[1].rules[0]",
            "w: at least 801 in a row are more than any roster holds; ask for at most 800.",
        ),
        (
            [*RULE[:-1], 2, "before"],
            801,
            "contracts[0].rules[2]",
            "weekends: 801 weekends before the first day are more than can count; say at most 800.",
        ),
        (
            ["people", 0, "fte"],
            -1,
            "people[0].fte",
            "-1 of a full-time post cannot be: say 0 to 2.",
        ),
        (
            ["people"],
            [{"id": "ann"}, {"id": "bob"}, {"id": ""}],
            "people[2].id",
            "A person needs an id: give a number or a name.",
        ),
        (
            ["people", 1],
            {"id": "bob", "fte": 2.5},
            "people[1].fte",
            "2.5 of a full-time post cannot be: say 0 to 2.",
        ),
        (
            ["holidays"],
            [5, 7],
            "holidays",
            "Day 7 lies outside 0 to 6: leave it out.",
        ),
        (
            ["people", 0, "rules", 0, "days"],
            [6, 7, 13],
            "people[0].rules[0].days",
            "Day 7 lies outside 0 to 6: leave it out.",
        ),
        (
            [*RULE[:-1], 3, "days"],
            [-1, 0],
            "contracts[0].rules[3].days",
            "Day -1 lies outside 0 to 6: leave it out.",
        ),
        (
            ["demands", 0, "at_least"],
            2001,
            "demands[0].at_least",
            "2001 cannot be: say 0 to 2000.",
        ),
        (["mixes", 0, "of"], 101, "mixes[0].of", "101 cannot be: say 1 to 100."),
        (
            ["people", 0, "rules", 0],
            {"kind": "count", "name": "all", "at_least": 801},
            "people[0].rules[0].at_least",
            "801 cannot be: say 0 to 800.",
        ),
        (
            ["people", 0, "rules", 0, "before"],
            801,
            "people[0].rules[0].before",
            "801 cannot be: say 0 to 800.",
        ),
        (
            [*RULE[:-1], 2, "before"],
            -1,
            "contracts[0].rules[2].before",
            "-1 cannot be: say 0 to 800.",
        ),
        (
            [*RULE[:-1], 3, "at_least"],
            1_728_001,
            "contracts[0].rules[3].at_least",
            "1728001 cannot be: say 0 to 1728000.",
        ),
        (
            [*RULE[:-1], 3, "before"],
            -1,
            "contracts[0].rules[3].before",
            "-1 cannot be: say 0 to 1728000.",
        ),
        (
            [*RULE[:-1], 3, "weight"],
            10_001,
            "contracts[0].rules[3].weight",
            "10001 cannot be: say 0 to 10000.",
        ),
    ],
)
def test_what_no_ward_asks_for_is_refused_where_it_comes_in(
    path: list[str | int], value: object, place: str, why: str
) -> None:
    document = _changed(path, value)

    with pytest.raises(FormatError) as refused:
        read_document(document)
    with pytest.raises(FormatError) as refused_in_text:
        read_instance(json.dumps(document), format="anji")

    assert str(refused.value) == str(refused_in_text.value) == f"{place}: {why}"
    assert to_json(from_json(document)) == document  # what was kept before is read


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (
            ["shift_types", 0],
            {"id": "E", "start_minute": 1439, "end_minute": 1439 + 3 * 1440},
        ),
        (RULE, {"kind": "run", "name": "work", "at_least": 800, "at_most": 10**9}),
        (["people", 0, "fte"], 0),
        (["people", 0, "fte"], 2),
        (["demands", 0, "at_least"], 2000),
        (["mixes", 0, "of"], 100),
        (
            RULE,
            {
                "kind": "count",
                "name": "minutes",
                "unit": "minutes",
                "at_least": 1_728_000,
                "before": 1_728_000,
                "weight": 10_000,
            },
        ),
        (
            RULE,
            {
                "kind": "count",
                "name": "shifts",
                "at_least": 800,
                "before": 800,
                "weight": 10_000_000,
            },
        ),
    ],
)
def test_the_most_that_can_be_asked_for_is_read(
    path: list[str | int], value: object
) -> None:
    document = _changed(path, value)

    assert to_json(read_document(document)) == document


def test_the_dearest_roster_that_can_be_asked_for_is_counted_in_63_bits() -> None:
    rules, mixes, demands, pairs = (
        MAX_RULES * MAX_DAYS,
        MAX_ITEMS * MOST_OF_A_MIX * MAX_PEOPLE * MAX_WEIGHT,
        MAX_ITEMS * 2 * MAX_PEOPLE * MAX_WEIGHT,
        MAX_ITEMS * MAX_DAYS * MAX_WEIGHT,
    )
    off = {unit: MOST_COUNTED[unit] for unit in ("shifts", "minutes")}
    off["shifts"] += MAX_DAYS
    off["minutes"] += MAX_DAYS * LONGEST_SHIFT
    dearest = max(rules * off[unit] * HEAVIEST[unit] for unit in off)

    assert dearest + mixes + demands + pairs < 5 * 10**18 < 2**63


def test_a_fault_outside_every_list_blames_none_of_them() -> None:
    with pytest.raises(FormatError) as refused:
        from_json(_changed(["timezone"], "../x"))

    assert str(refused.value) == "The time zone '../x' is not known."


def test_a_field_that_is_there_twice_is_found_at_once() -> None:
    fields = ", ".join(f'"f{place}": 0' for place in range(60_000))
    started = process_time()

    with pytest.raises(FormatError, match="The field f59999 is there twice"):
        read_instance(f'{{{fields}, "f59999": 1}}', format="anji")

    assert process_time() - started < 5


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "The file is empty."),
        ("{", "line 1: This is not JSON"),
        ('{\n"format": }', "line 2: This is not JSON"),
        ("[]", "An object belongs here, not a list of 0."),
        ("NaN", "NaN is no number of JSON."),
        ('{"days": Infinity}', "Infinity is no number of JSON."),
        ('{"days": 1, "days": 2}', "The field days is there twice in one object."),
        ("[" * 100_000, "The document is nested too deeply."),
        ('{"days": ' + "9" * 5000 + "}", "There is a number too long to be read."),
        ("x" * 16_000_001, "The file has more than 16000000 characters."),
    ],
)
def test_a_text_that_is_no_document_is_refused(text: str, message: str) -> None:
    with pytest.raises(FormatError) as refused:
        read_instance(text, format="anji")

    assert message in str(refused.value)


def test_ten_thousand_people_are_refused() -> None:
    people = [{"id": str(place)} for place in range(10_000)]

    with pytest.raises(FormatError, match="10000 people: between 1 and 2000"):
        from_json(_changed(["people"], people))


def test_the_schema_knows_every_field_and_kind() -> None:
    schema: Any = anji_schema()
    person = schema["properties"]["people"]["items"]
    kinds = [
        one["properties"]["kind"]["const"]
        for one in person["properties"]["rules"]["items"]["oneOf"]
    ]

    assert set(schema["properties"]) == {"format", "version", *to_json(WARD)}
    assert person["required"] == ["id"]
    assert person["additionalProperties"] is False
    assert person["properties"]["fte"] == {"type": "number", "default": 1.0}
    assert kinds == ["count", "run", "pattern", "weekends"]
    assert json.loads(json.dumps(schema)) == schema


@pytest.mark.realdata
@pytest.mark.parametrize(
    ("file", "name"), [("curtois", "Instance10"), ("inrc1", "long01")]
)
def test_published_instances_come_back_as_they_went(file: str, name: str) -> None:
    text = (rostering_folder(file) / f"{name}.txt").read_text()
    instance = read_instance(text, format=file, name=name)

    told = json.dumps(to_json(instance))

    assert read_instance(told, format="anji") == replace(instance, name=instance.name)


@pytest.mark.parametrize(
    ("said", "where"),
    [
        ({"is_on_call": True}, "site"),
        ({"on_call": True}, "site"),
        ({"on_call": False}, ""),
        ({"on_call": "home"}, "home"),
    ],
)
def test_on_call_duty_is_read_as_it_was_written_before(
    said: dict[str, Any], where: str
) -> None:
    document = to_json(WARD)
    document["shift_types"] = [{"id": "E", **said}, {"id": "N"}, {"id": "H"}]

    assert from_json(document).shift_types[0].on_call == where


def test_on_call_duty_elsewhere_is_refused_by_its_field() -> None:
    document = to_json(WARD)
    document["shift_types"] = [{"id": "E", "on_call": "pub"}, {"id": "N"}, {"id": "H"}]

    with pytest.raises(
        FormatError, match=r"^shift_types\[0\].on_call: 'pub' is none of"
    ):
        from_json(document)
