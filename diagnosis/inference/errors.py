"""Why a model does not start, or an input cannot be read: a code and a sentence."""


class StoreError(ValueError):
    """A model-store entry that must not be used."""

    def __init__(self, code: str, message: str) -> None:
        self.code = code
        self.message = message
        super().__init__(message)

    def __reduce__(self) -> tuple[type["StoreError"], tuple[str, str]]:
        return (type(self), (self.code, self.message))
