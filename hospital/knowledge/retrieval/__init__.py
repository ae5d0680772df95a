"""Finding the passage that answers a question; pure, and imported by workers alone.

Order of things: a message is condensed to a query (`question`), fields of words and vectors
each rank the library (`words`, `vectors`), their ranks are fused, and the best are ranked
again by what they are about and which kind of question they answer (`index`). How sure that
is comes from a model fitted on graded questions (`confidence`); below its threshold the
library abstains. An answer is sentences of the passages found, verbatim (`answer`).
"""

from hospital.knowledge.retrieval.text import Found, Hit, Text

__all__ = ["Found", "Hit", "Text"]
