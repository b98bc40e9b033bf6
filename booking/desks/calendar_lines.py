"""The lines of an iCalendar file (RFC 5545, 3.1), unfolded, and what stands between BEGIN and END.

Read here rather than by the icalendar library, which keeps no line numbers and passes over faults.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from booking.desks.stretch import Faults

_VALUE = r'(?:"[^"]*"|[^";:,]*)'
_PARAMETER = rf";[A-Za-z0-9-]+={_VALUE}(?:,{_VALUE})*"
_LINE = re.compile(rf"([A-Za-z0-9-]+)((?:{_PARAMETER})*):(.*)", re.DOTALL)
_ONE = re.compile(rf"(?s);([A-Za-z0-9-]+)=({_VALUE})")
DEEPEST = 8


@dataclass(frozen=True, slots=True)
class Line:
    """NAME;PARAMETER=…:value. `number` is where it begins in the file, from 1."""

    number: int
    name: str
    parameters: dict[str, str]
    value: str


@dataclass(slots=True)
class Component:
    """BEGIN:NAME … END:NAME, with its own lines, not those of what stands inside it.

    `written` are all of its lines, unfolded.
    """

    name: str
    line: int
    lines: dict[str, list[Line]] = field(default_factory=dict)
    inner: list["Component"] = field(default_factory=list)
    written: list[str] = field(default_factory=list)

    def first(self, name: str) -> Line | None:
        """The first line called `name`, or None."""
        found = self.lines.get(name)
        return found[0] if found else None

    def value(self, name: str) -> str:
        """What the first line called `name` says; "" without one."""
        found = self.first(name)
        return found.value.strip() if found else ""


def components(text: str, faults: Faults) -> list[Component]:
    """The outermost components, each a VCALENDAR; what cannot be read is noted in `faults`.

    None where BEGIN and END don't match: of such a file nothing else can be said.
    """
    found: list[Component] = []
    open_: list[Component] = []
    number = 1
    for number, written in _unfolded(text):
        line = _line(number, written)
        if line is None:
            faults.add(number, "ics-line")
        elif line.name == "BEGIN":
            _begin(line, open_, found, faults)
        elif not open_:
            faults.add(number, "ics-outside")
            return []
        elif line.name == "END" and line.value.strip().upper() != open_[-1].name:
            # Nothing after it can be told apart any more.
            faults.add(number, "ics-end", begun=open_[-1].line)
            return []
        elif line.name != "END":
            open_[-1].lines.setdefault(line.name, []).append(line)
        for one in open_:
            one.written.append(written)
        if line is not None and line.name == "END":
            open_.pop()
    if open_:
        faults.add(number, "ics-cut", begun=open_[-1].line)
        return []
    if not found and not len(faults):
        faults.add(1, "ics-outside")
    return found


def _begin(line: Line, open_: list[Component], found: list[Component], faults: Faults) -> None:
    one = Component(line.value.strip().upper(), line.number)
    if not open_ and one.name != "VCALENDAR":
        faults.add(line.number, "ics-outside")
    if len(open_) >= DEEPEST:
        faults.add(line.number, "ics-line")
    (open_[-1].inner if open_ else found).append(one)
    open_.append(one)


def _unfolded(text: str) -> Iterator[tuple[int, str]]:
    """Each line with its continuations, by the number of its first; empty ones are passed over."""
    begun, parts = 1, list[str]()
    for number, physical in enumerate(re.split(r"\r\n|\n|\r", text), 1):
        if physical[:1] in (" ", "\t") and parts:
            parts.append(physical[1:])
            continue
        if parts:
            yield begun, "".join(parts)
        begun, parts = number, [physical] if physical.strip() else []
    if parts:
        yield begun, "".join(parts)


def _line(number: int, written: str) -> Line | None:
    found = _LINE.fullmatch(written)
    if found is None:
        return None
    parameters = {name.upper(): value.strip('"') for name, value in _ONE.findall(found[2])}
    return Line(number, found[1].upper(), parameters, found[3])


def unescaped(value: str) -> str:
    """A TEXT value as it is meant (RFC 5545, 3.3.11)."""
    return re.sub(r"\\(.)", lambda one: {"n": "\n", "N": "\n"}.get(one[1], one[1]), value)
