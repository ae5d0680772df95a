"""What a profile may say, and when it counts."""

import json
from dataclasses import replace
from datetime import date

import pytest

from scheduling.solver.laws import (
    LawError,
    law_in,
    law_profile,
    profile_document,
    read_profile,
    rules_for,
    shipped_profiles,
    under_law,
    without_law,
)
from scheduling.solver.verify import verify
from tests.scheduling.solver.laws.ward import row, ward

CLAUSE = """
id = "x"
title = "X"
[[clauses]]
kind = "daily_rest"
name = "rest"
"""


def test_three_profiles_come_with_the_product() -> None:
    assert shipped_profiles() == ("china-labor-law", "eu-2003-88-ec", "own-rules")


@pytest.mark.parametrize("profile", ["china-labor-law", "eu-2003-88-ec"])
def test_a_law_names_sources_articles_and_a_first_day(profile: str) -> None:
    law = law_profile(profile)

    assert law.effective_from is not None
    assert all(source.url.startswith("https://") for source in law.sources)
    assert law.sources
    assert all(clause.article for clause in law.clauses)


def test_a_law_that_is_not_yet_in_force_is_refused() -> None:
    instance = ward(start=date(2003, 1, 1))

    with pytest.raises(LawError, match="not in force on 2003-01-01"):
        rules_for(law_profile("eu-2003-88-ec"), instance)


def test_a_clause_counts_only_while_it_is_in_force() -> None:
    law = read_profile(CLAUSE + "hours = 11\nsince = 2027-01-01\n")

    before, after = (
        rules_for(law, ward(start=date(year, 6, 1))).shared for year in (2026, 2027)
    )

    assert before == ()
    assert len(after) == 2


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("id = ", "not TOML"),
        ('{"id": ', "not JSON: line 1"),
        ('{"id": ' + "9" * 5_000 + "}", "number too long"),
        ('{"id": ' + "[" * 100_000, "nested too deeply"),
        (CLAUSE.replace('id = "x"', ""), "^id: This is missing"),
        (CLAUSE.replace('"x"', '"Ward 3"') + "hours = 11", "^id: Use small letters"),
        ('id = "x"\ntitle = "X"', "^clauses: This is missing"),
        (CLAUSE, "^clauses.0..hours: This is missing"),
        (CLAUSE + 'hours = "11"', "^clauses.0..hours: A whole number belongs here"),
        (CLAUSE + "hours = -1", "^clauses.0..hours: -1 lies outside 0 to 200"),
        (CLAUSE + "hours = 11\nminutes = 3", "^clauses.0..minutes: There is no such"),
        (CLAUSE.replace("daily_rest", "siesta"), "^clauses.0..kind.*'siesta' is not"),
        (
            CLAUSE + "hours = 11\nsince = 2027-01-01\nuntil = 2026-01-01",
            "^clauses.0..until: This day lies before the first",
        ),
        (
            CLAUSE.replace('"X"', '"X"\nsources = [{title = "T", url = "javascript:"}]')
            + "hours = 11",
            "^sources.0..url: An address begins with https",
        ),
    ],
)
def test_a_wrong_profile_is_refused_in_words(text: str, message: str) -> None:
    with pytest.raises(LawError, match=message):
        read_profile(text)


@pytest.mark.parametrize("profile", shipped_profiles())
def test_a_profile_is_the_same_in_toml_and_in_json(profile: str) -> None:
    law = law_profile(profile)

    assert read_profile(json.dumps(profile_document(law))) == law


def test_an_unknown_profile_is_refused() -> None:
    with pytest.raises(LawError, match="no law profile mars"):
        law_profile("mars")


def test_house_rules_ask_for_runs_and_days_off_after_nights() -> None:
    instance = under_law(ward(days=14), law_profile("own-rules"))

    def broken(cells: str) -> set[str]:
        return {one.rule for one in verify(instance, row(cells)).hard}

    assert broken("EEEEE..NNN..EE") == set()
    assert broken("EEEEEE........") == {"5 days in a row"}
    assert broken("NNNN..........") == {"3 nights in a row"}
    assert broken("N.E...........") == {"2 days off after nights"}
    assert broken("N.N...........") == {"2 days off after nights"}


def test_rotation_backwards_costs() -> None:
    soft = under_law(ward(), law_profile("own-rules"))

    assert verify(soft, row("EL.....")).costs == ()
    assert verify(soft, row("LE.....")).penalties == {"shifts rotate forward": 5}


def test_a_law_binds_everybody_besides_their_own_contract() -> None:
    plain = ward()
    lawful = under_law(plain, replace(law_profile("own-rules"), id="house"))

    assert [person.contracts for person in lawful.people] == [("law:house",)]


def test_another_law_takes_the_rules_of_the_one_before_away() -> None:
    plain = ward(days=14)

    european = under_law(plain, law_profile("eu-2003-88-ec"))
    own = under_law(european, law_profile("own-rules"))

    assert law_in(european) == "eu-2003-88-ec"
    assert own == under_law(plain, law_profile("own-rules"))
    assert without_law(own) == plain
    assert law_in(plain) == ""
