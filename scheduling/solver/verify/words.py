"""The sentences in which a verdict is told; translators find them all here."""

LEAVE = "%(person)s is on leave on %(date)s and works %(shift)s."
PINNED = "%(person)s has %(shift)s on %(date)s, where %(wanted)s is fixed."
BARRED = "%(person)s never works %(shift)s, but does on %(date)s."
SKILL = "%(person)s works %(shift)s on %(date)s without holding %(skill)s that day."

WISHED_ON = "%(person)s asked for %(shift)s on %(date)s and did not get it."
WISHED_OFF = "%(person)s asked not to work %(shift)s on %(date)s and does."
WISHED_FREE = "%(person)s asked for %(date)s off and works."

SHIFTS_ABOVE = (
    "%(person)s works %(count)s of at most %(limit)s such shifts"
    " from %(first)s to %(last)s."
)
SHIFTS_BELOW = (
    "%(person)s works %(count)s of at least %(limit)s such shifts"
    " from %(first)s to %(last)s."
)
HOURS_ABOVE = (
    "%(person)s works %(hours)s of at most %(limit_hours)s h"
    " from %(first)s to %(last)s."
)
HOURS_BELOW = (
    "%(person)s works %(hours)s of at least %(limit_hours)s h"
    " from %(first)s to %(last)s."
)

BEYOND_ABOVE = (
    "%(person)s works %(hours)s of at most %(limit_hours)s h beyond %(beyond_hours)s h"
    " a shift from %(first)s to %(last)s."
)
BEYOND_BELOW = (
    "%(person)s works %(hours)s of at least %(limit_hours)s h beyond %(beyond_hours)s h"
    " a shift from %(first)s to %(last)s."
)

WORK_LONG = (
    "%(person)s works %(count)s days in a row until %(last)s; at most %(limit)s."
)
WORK_SHORT = (
    "%(person)s works only %(count)s days in a row until %(last)s; at least %(limit)s."
)
OFF_LONG = (
    "%(person)s has %(count)s days off in a row until %(last)s; at most %(limit)s."
)
OFF_SHORT = "%(person)s has only %(count)s days off in a row until %(last)s; at least %(limit)s."
SHIFTS_LONG = (
    "%(person)s works %(shifts)s on %(count)s days in a row until %(last)s;"
    " at most %(limit)s."
)
SHIFTS_SHORT = (
    "%(person)s works %(shifts)s on only %(count)s days in a row until %(last)s;"
    " at least %(limit)s."
)

PATTERN_DAY = "%(person)s: %(cells)s on %(date)s should not be."
PATTERN = "%(person)s: %(cells)s from %(date)s should not follow each other."

WEEKENDS_ABOVE = "%(person)s works %(count)s weekends; at most %(limit)s."
WEEKENDS_BELOW = "%(person)s works %(count)s weekends; at least %(limit)s."
WEEKENDS_LONG = (
    "%(person)s works %(count)s weekends in a row until %(last)s; at most %(limit)s."
)
WEEKENDS_SHORT = (
    "%(person)s works only %(count)s weekends in a row until %(last)s;"
    " at least %(limit)s."
)
WEEKEND_BROKEN = "%(person)s works only a part of the weekend of %(date)s."
WEEKEND_MIXED = "%(person)s changes shifts within the weekend of %(date)s."

COVER_BELOW = "%(count)s of at least %(limit)s work %(shifts)s on %(date)s."
COVER_ABOVE = "%(count)s of at most %(limit)s work %(shifts)s on %(date)s."
SKILL_BELOW = (
    "%(count)s of at least %(limit)s with %(skill)s work %(shifts)s on %(date)s."
)
SKILL_ABOVE = (
    "%(count)s of at most %(limit)s with %(skill)s work %(shifts)s on %(date)s."
)
MIX_BELOW = (
    "%(count)s with %(skill)s work %(shifts)s on %(date)s; the %(others)s with"
    " %(other)s need %(limit)s."
)

PAIR_PARTED = "%(person)s and %(other)s do not share a shift on %(date)s."
PAIR_MET = "%(person)s and %(other)s share a shift on %(date)s."
