"""Inputs of forms that a browser draws by itself."""

from django import forms


class DayInput(forms.DateInput):
    """The browser's own calendar; its value is a date as ISO 8601 in every language."""

    input_type = "date"

    def __init__(self) -> None:
        super().__init__(format="%Y-%m-%d")
