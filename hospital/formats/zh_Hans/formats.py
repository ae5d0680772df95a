"""Chinese: a month is written without a zero, as in its longer dates."""

MONTH_DAY_FORMAT = "n月j日"
