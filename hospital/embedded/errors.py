class EmbeddedError(Exception):
    """An embedded service cannot run here, in a sentence that says how to mend it."""
