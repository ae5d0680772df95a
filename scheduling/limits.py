"""How much the rostering room takes at once."""

LONGEST_SOLVE_S = 4 * 3600  # a night's search; past it, more time finds next to nothing
SHORTEST_SOLVE_S = 1.0
LARGEST_TEXT = 4_000_000  # characters; the largest published instance has 400,000
CELLS_AT_ONCE = 5_000  # of one change: a ward of fifty for a quarter
LARGEST_BUDGET = 100  # points of requests a person and roster
LONGEST_LEAVE_DAYS = 366
LEAVE_AHEAD_DAYS = 2 * 366
LEAVE_BEHIND_DAYS = 31  # a sick note comes after the fact
LONGEST_FREEZE_H = 31 * 24  # that a repair keeps as published
HEAVIEST_CHANGE = 1_000.0  # what a change may be worth in cover's cost
SWAPS_SUGGESTED = 20  # of the cheapest; a page can show no more at a glance
