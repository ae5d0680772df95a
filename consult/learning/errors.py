class LearningError(ValueError):
    """What was asked cannot be learned from; the message says what to mend."""
