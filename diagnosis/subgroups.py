"""To which groups an image belongs, by its DICOM header: columns for figures by group.

Nothing here names anybody: whole years, those of 90 and more told alike, as a birthday
that far back is rare enough to be one person's.
"""

import re
from collections.abc import Mapping
from datetime import date, datetime
from typing import Any  # Any: the JSON model nests without end

from diagnosis.viewing import Attributes

SUBGROUP_COLUMNS = ("sex", "age_years", "manufacturer", "manufacturer_model_name")
SEX, AGE, BIRTH_DATE, STUDY_DATE = "00100040", "00101010", "00100030", "00080020"
MANUFACTURER, MODEL_NAME = "00080070", "00081090"
AGE_STRING = re.compile(r"(\d{3})([DWMY])")  # AS, PS3.5 6.2
IN_A_YEAR = {"D": 366, "W": 53, "M": 12, "Y": 1}
OLDEST = 90
NAME_LENGTH = 64


def subgroups(attributes: Mapping[str, Any]) -> tuple[str, ...]:
    """Return the values of `SUBGROUP_COLUMNS`, empty where the header does not say.

    Args:
        attributes: Of an image, in the DICOM JSON model.
    """
    header = Attributes([dict(attributes)])
    sex = header.text(SEX).upper()
    return (
        sex if sex in ("F", "M", "O") else "",
        _age(header),
        _name(header.text(MANUFACTURER)),
        _name(header.text(MODEL_NAME)),
    )


def _age(header: Attributes) -> str:
    """Return whole years when the study was made: as noted, else by the dates."""
    noted = AGE_STRING.fullmatch(header.text(AGE).upper())
    if noted:
        years = int(noted[1]) // IN_A_YEAR[noted[2]]
        return _told(years)
    born, made = (_day(header.text(tag)) for tag in (BIRTH_DATE, STUDY_DATE))
    if born is None or made is None or born > made:
        return ""
    had_birthday = (made.month, made.day) >= (born.month, born.day)
    return _told(made.year - born.year - (not had_birthday))


def _told(years: int) -> str:
    return str(years) if years < OLDEST else f"{OLDEST}+"


def _day(text: str) -> date | None:
    try:
        return datetime.strptime(text[:8], "%Y%m%d").date()  # noqa: DTZ007 (a day)
    except ValueError:
        return None


def _name(text: str) -> str:
    """Return a maker's word in one line that no spreadsheet takes for a formula."""
    return " ".join(text.split()).lstrip("=+-@'\"")[:NAME_LENGTH]
