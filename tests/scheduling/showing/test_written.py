"""How shifts of other tables are understood."""

from scheduling.showing.board import Look
from scheduling.showing.written import written_for


def look(shift: str, name: str) -> Look:
    return Look(id=shift, name=name, key="", tone="1", hours="", is_night=False)


def test_a_shift_is_meant_by_its_id_its_name_and_either_half_of_it() -> None:
    written = written_for([look("E", "Early · 早班"), look("白", "白班")])

    meant = {text: written[text] for text in ("e", "early", "早班", "白", "白班")}
    assert meant == {"e": "E", "early": "E", "早班": "E", "白": "白", "白班": "白"}
    assert written["early · 早班"] == "E"


def test_a_free_day_is_written_as_in_tables_of_past_rosters() -> None:
    written = written_for([look("E", "Early")])

    assert {text for text, shift in written.items() if not shift} == {
        *("off", "day off", "休", "休息", "-", "–", "—", "/")
    }


def test_an_id_goes_before_a_free_day_and_a_name_of_two_means_neither() -> None:
    written = written_for([look("OFF", "Night"), look("N2", "Night"), look("2", "n2")])

    assert (written["off"], written["n2"], written["2"]) == ("OFF", "N2", "2")
    assert "night" not in written
