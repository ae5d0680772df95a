"""How much the rostering room takes at once."""

LONGEST_SOLVE_S = 4 * 3600  # a night's search; past it, more time finds next to nothing
SHORTEST_SOLVE_S = 1.0
LARGEST_TEXT = 4_000_000  # characters; the largest published instance has 400,000
CELLS_AT_ONCE = 5_000  # of one change: a ward of fifty for a quarter
