"""The evidence library: what patients may be told, each sentence with its source.

`library/<topic>/<lang>.md` is shipped with the product, written for it. `documents` reads such
a file and knows neither Django nor the database.
"""
