class RefusalDataError(ValueError):
    """A category of refusals cannot be read."""
