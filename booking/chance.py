"""Randomness as an argument: only `app.py` and `cli` make a Chance; everything else is handed one."""

import base64
import random
from dataclasses import dataclass, field

TOKEN_BYTES = 24


@dataclass(frozen=True)
class Chance:
    """Makes ids, tokens and digits. The default draws from the operating system."""

    source: random.Random = field(default_factory=random.SystemRandom)

    def id(self) -> str:
        """128 random bits as 32 hexadecimal digits."""
        return f"{self.source.getrandbits(128):032x}"

    def token(self) -> str:
        """192 random bits, safe in an address."""
        bits = self.source.getrandbits(TOKEN_BYTES * 8).to_bytes(TOKEN_BYTES, "big")
        return base64.urlsafe_b64encode(bits).rstrip(b"=").decode()

    def digits(self, count: int) -> str:
        """`count` random decimal digits."""
        return "".join(str(self.source.randrange(10)) for _ in range(count))
