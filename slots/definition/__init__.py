"""Desk files: a TOML mapping becomes values, and values a mapping again."""

from slots.definition.dated import CHANGES, read_change
from slots.definition.dump import dump
from slots.definition.organisation import FORMAT, check, parse
from slots.definition.reader import Complaint, DefinitionError

__all__ = [
    "CHANGES",
    "FORMAT",
    "Complaint",
    "DefinitionError",
    "check",
    "dump",
    "parse",
    "read_change",
]
