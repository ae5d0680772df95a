"""What somebody wants, and what is refused with the words that say why and what instead."""

from consult.intent.intents import Intent, intent_of, wants_human
from consult.intent.refusals import Refusal, refusal_of

__all__ = ["Intent", "Refusal", "intent_of", "refusal_of", "wants_human"]
