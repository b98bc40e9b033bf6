"""Desk files: a TOML mapping becomes values, and values a mapping again."""

from slots.definition.organisation import FORMAT, DefinitionError, check, parse
from slots.definition.reader import Complaint

__all__ = ["FORMAT", "Complaint", "DefinitionError", "check", "parse"]
