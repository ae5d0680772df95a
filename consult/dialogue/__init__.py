"""One turn of a talk, in its order: safety, intent, refusals, triage, departments."""

from consult.dialogue.request import Request, RequestError, read_request
from consult.dialogue.turn import Outcome, take_turn

__all__ = ["Outcome", "Request", "RequestError", "read_request", "take_turn"]
