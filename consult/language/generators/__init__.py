"""Who writes an answer's draft: an endpoint of the hospital's choice, or a local model."""

from consult.language.generators.prompt import (
    Generator,
    GeneratorFailed,
    Numbered,
    Prompt,
    messages,
)

__all__ = ["Generator", "GeneratorFailed", "Numbered", "Prompt", "messages"]
