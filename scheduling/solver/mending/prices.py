"""What it costs to bend a hard rule, so that repairs can be ranked.

One is a minute worked beyond a limit; the others are reckoned in it, by how much each
asks of the people concerned. Costs are told in tenths of a shift.
"""

from scheduling.solver.rules import Count, Rule, Run, Weekends

MINUTE = 1
SHIFT = 480  # a shift of eight hours
A_POINT = SHIFT // 10  # costs are told in these

RUN_DAY = SHIFT  # a day more in a row tires as a shift does
WEEKEND = 2 * SHIFT  # its two days
EXCEPTION = 2 * SHIFT  # an unhealthy sequence, once
REQUEST = 2 * SHIFT  # a promise not kept
PAIR = SHIFT
PIN = SHIFT  # somebody decided it, somebody can decide anew
COVER = 4 * SHIFT  # a place left empty: patients pay for it
LEAVE = 6 * SHIFT  # granted leave is given up last of all that people can change
BAR = 8 * SHIFT  # the contract says never
SKILL = 20 * SHIFT  # training takes weeks

FACTS = {"leave": LEAVE, "pinned": PIN, "barred": BAR, "skill": SKILL}


def price_of(rule: Rule) -> int:
    """Return the price of one unit of a person's rule."""
    if isinstance(rule, Count):
        return MINUTE if rule.unit == "minutes" else SHIFT
    if isinstance(rule, Run):
        return RUN_DAY
    return WEEKEND if isinstance(rule, Weekends) else EXCEPTION


def points(price: int) -> int:
    """Return a price in tenths of a shift, begun ones counted in full."""
    return -(-price // A_POINT)
