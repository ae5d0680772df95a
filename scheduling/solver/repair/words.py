"""The sentences of repairs; translators find them all here."""

CALLED_IN = "%(person)s works %(after)s on %(date)s instead of having the day off."
TAKEN_OFF = "%(person)s has %(date)s off instead of working %(before)s."
MOVED = "%(person)s works %(after)s on %(date)s instead of %(before)s."
OPTION = "%(cells)s cells of %(people)s people change; cover costs %(loss)s more."
OPTION_UNMET = (
    "%(cells)s cells of %(people)s people change; places that must be filled and stay"
    " empty: %(unmet)s; cover costs %(loss)s more."
)
