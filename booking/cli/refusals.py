"""Refusals as lines for the terminal: what is wrong and what to do."""

from sqlalchemy.exc import SQLAlchemyError

from booking.desks.catalogue import DeskFileError, UnknownDesk
from booking.errors import Invalid, Refusal
from booking.i18n import sentence
from booking.settings import SettingsError


def said(error: Exception) -> str | None:
    """The text for a refusal that was foreseen; None for anything else, which is a fault of ours."""
    if isinstance(error, UnknownDesk):
        return f"{error}; `booking desks list` shows what there is"
    if isinstance(error, SettingsError | DeskFileError):
        return str(error)
    if isinstance(error, Invalid):
        return "\n".join(sentence(one.field, one.code, one.facts) for one in error.errors)
    if isinstance(error, Refusal):
        return str(error)
    if isinstance(error, SQLAlchemyError):
        return f"the database refused: {first_line(error)}; `booking doctor` looks closer"
    if isinstance(error, PermissionError):
        return f"{error.filename}: this user may not read or write it"
    if isinstance(error, ModuleNotFoundError) and error.name == "psycopg":
        return "PostgreSQL's driver is missing; install booking[postgres]"
    return None


def first_line(error: SQLAlchemyError) -> str:
    """What the driver said, without statement and parameters: those may be personal."""
    cause = getattr(error, "orig", None)
    text = str(cause if cause is not None else type(error).__name__).strip()
    return text.splitlines()[0] if text else type(error).__name__
