"""The tiny entry of the tests of inference."""

from tests.diagnosis.inference.conftest import engine, entry, sealed_store

__all__ = ["engine", "entry", "sealed_store"]
