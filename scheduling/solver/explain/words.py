"""The sentences of explanations; translators find them all here."""

# What can be seen without solving.
SKILL_NOT_HELD = (
    "%(needed)s with %(skill)s are needed on %(date)s, and nobody holds it that day."
)
TOO_FEW_ABLE = (
    "%(needed)s are needed for %(shifts)s on %(date)s; only %(able)s can work then."
)
TOO_FEW_SKILLED = (
    "%(needed)s with %(skill)s are needed for %(shifts)s on %(date)s; only %(able)s"
    " can work then."
)
TOO_FEW_THAT_DAY = (
    "%(needed)s are needed on %(date)s over all shifts; only %(able)s can work then."
)
ALL_ON_LEAVE = "Everybody is on leave on %(date)s, and %(needed)s are needed."
ABOVE_WHAT_LEAVE_LEAVES = (
    "%(rule)s of %(person)s asks for %(least)s; leave and fixed days leave room for"
    " %(most)s."
)
HOURS_ABOVE_WHAT_LEAVE_LEAVES = (
    "%(rule)s of %(person)s asks for %(least)s h; leave and fixed days leave room for"
    " %(most)s h."
)
LIMITS_CONTRADICT = (
    "%(rule)s of %(person)s asks for %(least)s h; %(other_rule)s leaves room for"
    " %(most)s h."
)
PINS_ABOVE_LIMIT = (
    "%(count)s shifts of %(person)s are fixed; %(rule)s allows %(limit)s."
)
PINS_FOLLOW = "The fixed days of %(person)s from %(date)s break %(rule)s."
PINNED_ON_LEAVE = "%(person)s is on leave on %(date)s, and %(shift)s is fixed there."
PINNED_BARRED = "%(shift)s is fixed for %(person)s on %(date)s, who never works it."
PINNED_UNSKILLED = (
    "%(shift)s is fixed for %(person)s on %(date)s, who does not hold %(skill)s then."
)

# The members of a conflict.
MEMBER_OF_PERSON = "%(rule)s of %(person)s, %(first)s to %(last)s"
MEMBER_WITHOUT_DAYS = "%(rule)s of %(person)s"
MEMBER_OF_ALL = "%(rule)s, %(first)s to %(last)s"
MEMBER_LEAVE = "the leave of %(person)s on %(dates)s"
MEMBER_PINNED = "what is fixed for %(person)s on %(dates)s"
MEMBER_BARRED = "the shifts that %(person)s never works, on %(dates)s"
MEMBER_SKILL = "the skills that %(person)s lacks on %(dates)s"

# Why somebody has a shift, and what else could be.
NOBODY_INSTEAD = "If nobody works %(shift)s on %(date)s instead of %(person)s:"
OTHER_INSTEAD = "If %(other)s works %(shift)s on %(date)s instead of %(person)s:"
COSTS_MORE = "it costs %(cost)s more."
COSTS_LESS = "it costs %(cost)s less."
COSTS_SAME = "it costs the same."
BREAKS = "as it stands it breaks %(count)s rules that must be kept;"
MENDED_MORE = "with further changes to these rows it costs %(cost)s more."
MENDED_LESS = "with further changes to these rows it costs %(cost)s less."
MENDED_SAME = "with further changes to these rows it costs the same."
IMPOSSIBLE = (
    "no change to these rows keeps every rule while the others stay as they are."
)
UNDECIDED = "no roster was found in the time allowed."
