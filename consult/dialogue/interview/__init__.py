"""The interview before a visit: one question at a time, and a summary for whoever sees the person."""

from consult.dialogue.interview.questions import Question
from consult.dialogue.interview.reasons import why_for_patient
from consult.dialogue.interview.state import Asked, State, read_state
from consult.dialogue.interview.step import Step, next_step
from consult.dialogue.interview.summary import Summary, summary_of

__all__ = [
    "Asked",
    "Question",
    "State",
    "Step",
    "Summary",
    "next_step",
    "read_state",
    "summary_of",
    "why_for_patient",
]
