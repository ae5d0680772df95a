"""Danger first: deterministic rules that read a talk and never wait for anything."""

from consult.safety.check import Finding, Person, Safety, check
from consult.safety.rules_read import Rule, rules

__all__ = ["Finding", "Person", "Rule", "Safety", "check", "rules"]
