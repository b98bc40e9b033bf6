"""A channel that keeps what it is given: for tests and rehearsals."""

from dataclasses import dataclass, field

from notifications.channels.channel import Message, NotSent


@dataclass
class Memory:
    """`told` holds the messages, oldest first; `refusals` maps an address to the refusal it gets."""

    told: list[Message] = field(default_factory=list)
    refusals: dict[str, NotSent] = field(default_factory=dict)

    def send(self, message: Message) -> None:
        """Keep it. Raises the NotSent that the address was given."""
        if message.to in self.refusals:
            raise self.refusals[message.to]
        self.told.append(message)

    def close(self) -> None:
        """Nothing to let go of."""
