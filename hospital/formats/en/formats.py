"""English: the month is a word, as 06/01 is June to one reader and January to another."""

SHORT_DATE_FORMAT = "M j, Y"
SHORT_DATETIME_FORMAT = "M j, Y, P"
