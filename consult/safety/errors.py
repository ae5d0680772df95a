class SafetyDataError(ValueError):
    """A rule of the safety data cannot be read."""


class PersonError(ValueError):
    """What is said of a person cannot be."""
