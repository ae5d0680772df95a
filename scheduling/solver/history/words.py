"""The sentences of proposals; translators find them all here.

Weekdays and seasons are numbers and codes: who shows a proposal names them.
"""

USUAL_COVER = (
    "%(usual)s usually work %(shift)s on weekday %(weekday)s: the middle half of"
    " %(days)s days from %(first)s to %(last)s had %(low)s to %(high)s."
)
ABSENCE_RATE = (
    "%(group)s missed %(percent)s %% of planned shifts in %(season)s (%(absent)s of"
    " %(planned)s; 95 %% interval %(low)s to %(high)s %%)."
)
SWAPPED_AWAY = (
    "%(percent)s %% of planned %(shift)s on weekday %(weekday)s were given away"
    " (%(swapped)s of %(planned)s; all shifts %(average)s %%)."
)
