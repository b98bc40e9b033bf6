"""SMS by a gateway that takes JSON: POST {"to", "text", "client_ref"}, answered with {"id"}.

`client_ref` is the message's ref, the same at each try: a gateway that has it already answers 409
with it, and nothing is sent twice.
"""

import hashlib
import hmac

from booking.ledger.telephone import is_mobile
from booking.settings import Settings
from notifications.channels.channel import Message, NotSent
from notifications.channels.posting import SECONDS, Answer, Poster, provider_address

VARIABLE = "BOOKING_SMS_URL"
SIGNED_BY = "sha256="


def sms_channel(settings: Settings) -> "Sms | None":
    """The SMS channel that the settings ask for; None: no SMS is sent. Raises SettingsError."""
    return Sms(settings.sms_url) if settings.sms_url else None


class Sms:
    """Sends by the gateway at `url`, https://user:password@host/path."""

    def __init__(self, url: str, seconds: float = SECONDS) -> None:
        """Call nobody yet. Raises SettingsError for an address that cannot be used."""
        address = provider_address(VARIABLE, url)
        self._poster = Poster("sms", address, seconds)
        self._password = address.password

    def send(self, message: Message) -> None:
        """Return when the gateway took it over, now or at an earlier try. Raises NotSent."""
        if not is_mobile(message.to):
            raise NotSent("not-a-mobile", for_good=True)
        answer = self._poster.post(
            {"to": message.to, "text": message.body, "client_ref": message.ref}
        )
        if not _taken_over(answer, message.ref):
            raise _refusal(answer, message)

    def close(self) -> None:
        """Hang up."""
        self._poster.close()

    def signed(self, body: bytes, signature: str) -> bool:
        """Whether the gateway signed `body`: sha256= and the HMAC-SHA256 with its password, in hex.

        Nobody signs where the gateway has no password.
        """
        if not self._password:
            return False
        made = hmac.new(self._password.encode(), body, hashlib.sha256).hexdigest()
        given = signature.strip().removeprefix(SIGNED_BY)
        return hmac.compare_digest(made.encode(), given.encode("utf-8", "surrogatepass"))


def _taken_over(answer: Answer, ref: str) -> bool:
    if answer.status == 409:
        return answer.said.get("client_ref") == ref
    number = answer.said.get("id")
    named = isinstance(number, str | int) and not isinstance(number, bool) and number != ""
    return 200 <= answer.status < 300 and named


def _refusal(answer: Answer, message: Message) -> NotSent:
    """What an answer other than yes means. Its words are not looked at: they may hold the number."""
    status, code = answer.status, f"sms-{answer.status}"
    if 200 <= status < 300 or status == 409:
        return NotSent("sms-garbled")
    if status in (400, 413, 422):
        return NotSent(code, for_good=True)
    if status == 429:
        return NotSent(code, down=True, wait=answer.wait(message.at))
    # 401 and 403 are the town's matter, 404 a wrong address in the settings, 5xx the gateway's:
    # no party is given up for any of them.
    return NotSent(code, down=True, wait=answer.wait(message.at) if status == 503 else None)
