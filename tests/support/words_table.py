"""README's table of what words may say, as the code has it: python -m tests.support.words_table."""

import sys

from notifications.view import VARIABLES

BEGIN, END = "<!-- words -->", "<!-- /words -->"


def table() -> str:
    """The table as Markdown, a row for each value in the order of `VARIABLES`."""
    rows = [f"| `{name}` | {said} |" for name, said in VARIABLES.items()]
    return "\n".join(["| value | what it is |", "|---|---|", *rows]) + "\n"


if __name__ == "__main__":
    sys.stdout.write(table())
