class LanguageDataError(ValueError):
    """A pattern or table of the language data cannot be read."""
