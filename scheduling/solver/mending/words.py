"""The sentences of changes that mend a problem; translators find them all here."""

LIMIT_RAISED = "Raise %(rule)s of %(person)s from %(before)s to %(after)s."
LIMIT_LOWERED = "Lower %(rule)s of %(person)s from %(before)s to %(after)s."
HOURS_RAISED = "Raise %(rule)s of %(person)s from %(before)s h to %(after)s h."
HOURS_LOWERED = "Lower %(rule)s of %(person)s from %(before)s h to %(after)s h."
COVER_RAISED = (
    "Let %(after)s instead of at most %(before)s work on %(date)s (%(rule)s)."
)
COVER_LOWERED = "Do with %(after)s instead of %(before)s on %(date)s (%(rule)s)."
LEAVE_TAKEN_BACK = "Take back the leave of %(person)s on %(dates)s."
PIN_UNDONE = "Do not fix the days %(dates)s of %(person)s."
BAR_LIFTED = "Let %(person)s work %(shifts)s."
SKILL_GIVEN = "Let %(person)s hold %(skill)s on %(dates)s."
REQUEST_REFUSED = "Refuse the request of %(person)s for %(dates)s."
EXCEPTION_MADE = "Make an exception from %(rule)s for %(person)s on %(dates)s."
EXCEPTION_FOR_ALL = "Make an exception from %(rule)s on %(dates)s."
