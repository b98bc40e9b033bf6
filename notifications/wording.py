"""Where words come from: the party's language before Japanese, the town's own before the shipped ones.

One folder a language, one folder a kind, one file a part, and each part is looked for by itself: what
is missing in one place is taken from the next.
"""

import logging
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

from jinja2 import (
    ChoiceLoader,
    Environment,
    FileSystemLoader,
    PrefixLoader,
    StrictUndefined,
    TemplateNotFound,
)
from jinja2.sandbox import ImmutableSandboxedEnvironment

from booking.languages import JAPANESE, LANGUAGES, Language
from notifications.view import View

FOLDER = Path(__file__).parent / "templates"
PARTS = ("subject", "body", "sms", "call")
# One part of an SMS in UTF-16 units: 160 characters of GSM 03.38, but 70 of anything else.
SMS_UNITS = 70
OWN = "own"
Source = Callable[[Mapping[str, Any]], str | None]
log = logging.getLogger(__name__)
# Text is not HTML: nothing is escaped.
_OPTIONS: Mapping[str, Any] = {
    "autoescape": False,
    "undefined": StrictUndefined,
    "trim_blocks": True,
    "lstrip_blocks": True,
    "keep_trailing_newline": True,
}
_shipped = Environment(loader=FileSystemLoader(FOLDER), auto_reload=False, **_OPTIONS)
_present = frozenset(_shipped.list_templates(extensions=("txt",)))


@dataclass(frozen=True)
class Words:
    """A text, and the language in which it was found."""

    text: str
    language: Language


def words(kind: str, part: str, view: View, channel: str | None = None) -> str:
    """One part of a message: `subject`, `body` without a foot, `sms`, or `call`: what staff say.

    Raises jinja2.TemplateNotFound for a kind that nobody wrote.
    """
    return found_words(kind, part, view, channel).text


def found_words(kind: str, part: str, view: View, channel: str | None = None) -> Words:
    """The same, with the language in which it was found."""
    for language in languages_for(view.language, part):
        found = words_in(language, kind, part, view, channel)
        if found is not None:
            return Words(found, language)
    raise TemplateNotFound(f"ja/{kind}/{part}.txt")


def words_in(
    language: Language, kind: str, part: str, view: View, channel: str | None = None
) -> str | None:
    """One part of a message in `language` and no other; None where nobody wrote it."""
    for source in _sources(language, kind, part, view):
        text = tried(source, language, kind, part, view, channel)
        if text is not None:
            return text
    return None


def tried(
    source: Source, language: Language, kind: str, part: str, view: View, channel: str | None
) -> str | None:
    """What `source` says, an SMS with as much as fits; None where it has nothing to say."""
    values = _values(kind, part, view.told_in(language), channel)
    text = None
    for fewer in shorter(values) if part == "sms" else [values]:
        said = source(fewer)
        if said is None:
            return None
        text = tidy(part, said)
        if part != "sms" or units(text) <= SMS_UNITS:
            break
    return text


def kinds() -> tuple[str, ...]:
    """The kinds that a party is told of: those that staff can say."""
    return tuple(sorted(name.split("/")[1] for name in _present if _is_call(name)))


def _is_call(name: str) -> bool:
    return name.startswith("ja/") and name.endswith("/call.txt")


def shipped(language: Language, name: str, values: Mapping[str, Any]) -> str:
    """The shipped template `name` in `language`, else in Japanese."""
    path = f"{language.code}/{name}.txt"
    return _shipped.get_template(path if path in _present else f"ja/{name}.txt").render(values)


def shipped_template(language: Language, kind: str, part: str) -> str | None:
    """The name of the shipped template: the kind's own, or the language's for all kinds."""
    names = (f"{language.code}/{kind}/{part}.txt", f"{language.code}/{part}.txt")
    return next((name for name in names if name in _present), None)


def languages_for(wanted: Language, part: str) -> tuple[Language, ...]:
    """Where to look, in this order. What staff say aloud is easy Japanese before it is Japanese."""
    easy = (LANGUAGES["ja-easy"],) if part == "call" and wanted is not JAPANESE else ()
    return tuple(dict.fromkeys((wanted, *easy, JAPANESE)))


def units(text: str) -> int:
    """The length of an SMS as it is counted: in UTF-16 units."""
    return len(text.encode("utf-16-le")) // 2


def tidy(part: str, text: str) -> str:
    """`text` without holes: a body in paragraphs, anything else on one line."""
    if part != "body":
        return " ".join(text.split())
    lines: list[str] = []
    for line in text.strip().splitlines():
        if line.strip() or (lines and lines[-1]):
            lines.append(line.rstrip())
    return "\n".join(lines) + "\n"


@lru_cache(maxsize=8)
def own_words(folder: Path) -> Environment:
    """The town's own templates under `own/`, in a sandbox; they may include what is shipped.

    What a town mends is read again at once.
    """
    town = FileSystemLoader(folder, encoding="utf-8-sig")
    loader = ChoiceLoader([PrefixLoader({OWN: town}), FileSystemLoader(FOLDER)])
    return ImmutableSandboxedEnvironment(loader=loader, auto_reload=True, **_OPTIONS)


def shorter(values: Mapping[str, Any]) -> Iterator[Mapping[str, Any]]:
    """`values` as they are, then with less and less that an SMS can do without.

    First the hours lose their times, then the place goes, then the hours. Never a number or a date.
    """
    hours, days = values["phone_hours"], values["phone_days"]
    for place in dict.fromkeys((values["short_place"], None)):
        for answered in dict.fromkeys((hours, days)):
            yield {**values, "short_place": place, "phone_hours": answered}
    yield {**values, "short_place": None, "phone_hours": None}


def _values(kind: str, part: str, told: Mapping[str, Any], channel: str | None) -> dict[str, Any]:
    used = channel or {"sms": "sms", "call": "call_list"}.get(part, "mail")
    # A reason is what staff wrote, and it may name anything: it is said, not sent.
    said = {name: value for name, value in told.items() if name != "reason" or part == "call"}
    return {**said, "kind": kind, "channel": used}


def _sources(language: Language, kind: str, part: str, view: View) -> Iterator[Source]:
    """What renders the part, the nearest first: the desk's, the organisation's, the shipped one."""
    if view.overrides is not None:
        for scope in (view.desk, view.desk.partition("/")[0]):
            yield partial(_own, view.overrides, f"{scope}/{language.code}/{kind}/{part}.txt")
    name = shipped_template(language, kind, part)
    if name is not None:
        yield _shipped.get_template(name).render


def _own(folder: Path, name: str, values: Mapping[str, Any]) -> str | None:
    """What the town's own template says; None where there is none, or where it is broken."""
    try:
        if not (folder / name).is_file():
            return None
        text = own_words(folder).get_template(f"{OWN}/{name}").render(values)
    except Exception as error:
        # Whatever is wrong with it, the message goes out. The error's text may hold what it said.
        _leave_out(folder, name, type(error).__name__)
        return None
    if text.strip():
        return text
    _leave_out(folder, name, "it says nothing")
    return None


def _leave_out(folder: Path, name: str, why: str) -> None:
    log.warning("%s/%s is left out: %s; run: booking desks check", folder.name, name, why)
