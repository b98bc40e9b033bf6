"""README's table of settings, as the code has them: python -m tests.support.settings_table."""

import sys
from dataclasses import Field, fields

from booking.settings import PREFIX, Settings

BEGIN, END = "<!-- settings -->", "<!-- /settings -->"


def table() -> str:
    """The table as Markdown, a row for each setting in the order of `Settings`."""
    rows = ["| variable | default | what it is |", "|---|---|---|", *map(_row, fields(Settings))]
    return "\n".join(rows) + "\n"


def _row(one: "Field[object]") -> str:
    default = f"`{one.default}`" if one.default else "unset"
    said = one.metadata["doc"].replace("|", "\\|")
    return f"| `{PREFIX}{one.name.upper()}` | {default} | {said} |"


if __name__ == "__main__":
    sys.stdout.write(table())
