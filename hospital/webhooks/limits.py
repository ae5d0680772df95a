"""How long messages are tried."""

MAX_ATTEMPTS = (
    9  # in about 21 hours: after half a minute, then each wait thrice as long
)
FIRST_WAIT_S = 30.0
LONGEST_WAIT_S = 43_200.0
