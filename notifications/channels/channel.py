"""What a channel is: something that takes a message to an address, or says why it could not."""

from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol


@dataclass(frozen=True, kw_only=True)
class Invitation:
    """A calendar file, and what it asks for: REQUEST or CANCEL."""

    method: str
    content: bytes = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class Message:
    """A message ready to go. `ref` is the same UUID at each try, so that a receiver may see doubles.

    `to` is an address as the channel understands it: a mail address (several with ", " between), a
    mobile number's eleven digits, LINE's user id. `at` is the instant of this try.
    """

    ref: str
    kind: str
    to: str = field(repr=False)
    sender: str
    subject: str
    body: str = field(repr=False)
    at: datetime
    invitation: Invitation | None = None


class NotSent(Exception):
    """A message that did not go. `code` names the reason without any address; `for_good`: it never will.

    `down`: the provider takes nothing from anybody now, so that trying others is in vain; `wait` is
    how long it asks us to wait. Raise it `from None`: what a provider says may hold the address.
    """

    def __init__(
        self,
        code: str,
        *,
        for_good: bool = False,
        down: bool = False,
        wait: timedelta | None = None,
    ) -> None:
        """Keep them."""
        super().__init__(code)
        self.code = code
        self.for_good = for_good
        self.down = down
        self.wait = wait


class SentToSome(Exception):
    """A message that went to some of its addresses only. `code` names why, without any address.

    It is not to be tried again: those whom it reached would have it twice.
    """

    def __init__(self, code: str) -> None:
        """Keep it."""
        super().__init__(code)
        self.code = code


class Channel(Protocol):
    """Takes messages one after another; `close` ends the run, and the next `send` begins another."""

    def send(self, message: Message) -> None:
        """Return when the provider has taken it over. Raises NotSent, SentToSome."""

    def close(self) -> None:
        """Let go of connections."""
