"""Each letter on paper in a font that has it."""

import pytest

from hospital.core.lettering import drawn, shortened, width


@pytest.mark.parametrize(
    ("letter", "font", "shown"),
    [
        ("é", "Helvetica", "é"),
        ("宁", "STSong-Light", "宁"),
        ("Ł", "Vera", "Ł"),
        ("ź", "Helvetica", "z"),
        ("\U0001f600", "STSong-Light", "□"),
    ],
)
def test_each_letter_is_drawn_by_a_font_that_has_it(
    letter: str, font: str, shown: str
) -> None:
    assert drawn(letter) == (font, shown)


def test_what_is_wider_than_its_room_ends_in_dots() -> None:
    name = "Wilhelmina van der Meer 王"

    short = shortened(name, size=9, room=60)

    assert short.endswith("…")
    assert name.startswith(short.removesuffix("…"))
    assert width(short, size=9) <= 60
    assert shortened("Ann", size=9, room=60) == "Ann"
