"""Mail: plain text with the calendar file beside it, by SMTP or into a folder of .eml files."""

import contextlib
import os
import smtplib
import ssl
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from pathlib import Path
from urllib.parse import SplitResult, unquote, urlsplit

from booking.settings import STATE_FOLDER, Settings, SettingsError
from notifications.channels.channel import Channel, Message, NotSent, SentToSome

FOLDER = STATE_FOLDER / "mail"
SECONDS = 20
# "Service not available, closing transmission channel" (RFC 5321, 4.2.3).
CLOSING = 421
# What a code begins with where some of several addresses were refused.
SOME_REFUSED = "smtp-some-"
PORTS = {"smtp": 25, "smtp+starttls": 587, "smtps": 465}


def mail_channel(settings: Settings, folder: Path = FOLDER) -> Channel:
    """The mail channel that the settings ask for. Raises SettingsError for what it cannot use."""
    _check_sender("BOOKING_MAIL_FROM", settings.mail_from)
    bounces = settings.mail_bounces or settings.mail_from
    _check_sender("BOOKING_MAIL_BOUNCES", bounces)
    if settings.mail_url is None:
        return MailFolder(folder, settings.mail_from)
    parts = urlsplit(settings.mail_url)
    if parts.scheme not in PORTS or not parts.hostname:
        raise SettingsError(
            "BOOKING_MAIL_URL is no mail server; write smtp://host:port, smtps:// or smtp+starttls://"
        )
    return Smtp(lambda: connect(parts), settings.mail_from, bounces)


def written(message: Message, mail_from: str) -> EmailMessage:
    """The mail: text first, then the calendar part, and the same bytes as a file (RFC 6047).

    Its Message-ID comes from the message's key, so that a second delivery is recognisable. Base64:
    mobile carriers and Outlook read nothing else reliably.
    """
    mail = EmailMessage(policy=SMTP)
    mail["From"] = Address(message.sender, addr_spec=mail_from)
    mail["To"] = message.to
    mail["Subject"] = message.subject
    mail["Date"] = format_datetime(message.at)
    mail["Message-ID"] = f"<{message.ref}@{mail_from.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(message.body, cte="base64")
    if message.invitation is not None:
        method, content = message.invitation.method, message.invitation.content
        mail.add_alternative(
            content.decode(), subtype="calendar", cte="base64", params={"method": method}
        )
        mail.add_attachment(content, maintype="application", subtype="ics", filename="invite.ics")
    for number, part in enumerate(mail.walk()):
        if part.is_multipart():
            part.set_boundary(f"=_{number}_{message.ref.replace('-', '')}")
    return mail


@dataclass(frozen=True)
class MailFolder:
    """Writes each mail into `folder`, readable for us alone; a second try writes the same file."""

    folder: Path
    mail_from: str

    def send(self, message: Message) -> None:
        """Write the file whole or not at all. Raises NotSent."""
        name = f"{message.kind}-{message.ref}"
        temporary = self.folder / f".{name}.{os.getpid()}"
        try:
            self.folder.mkdir(parents=True, exist_ok=True, mode=0o700)
            temporary.touch(mode=0o600)
            temporary.write_bytes(_bytes(message, self.mail_from))
            temporary.replace(self.folder / f"{name}.eml")
        except OSError:
            raise NotSent("folder-not-writable") from None
        finally:
            with contextlib.suppress(OSError):
                temporary.unlink()

    def close(self) -> None:
        """Nothing to let go of."""


@dataclass
class Smtp:
    """Sends by the server that `open_connection` reaches; one connection serves a whole run.

    What cannot be delivered later comes back to `bounces`, the envelope's sender.
    """

    open_connection: Callable[[], smtplib.SMTP]
    mail_from: str
    bounces: str
    _connection: smtplib.SMTP | None = None

    def send(self, message: Message) -> None:
        """Return when the server took it. Raises NotSent; for good where it refused the address.

        Raises SentToSome where it took it for some of several addresses.
        """
        content = _bytes(message, self.mail_from)
        connection = self._connected()
        try:
            connection.ehlo_or_helo_if_needed()
            asked = _reports_asked(connection, message.ref)
            refused = connection.sendmail(self.bounces, message.to.split(", "), content, *asked)
        except smtplib.SMTPRecipientsRefused as error:
            # Nobody has it: as long as one of them may take it another time, all are asked again.
            raise _refused(_mildest(error.recipients)) from None
        except smtplib.SMTPDataError as error:
            raise _refused(error.smtp_code) from None
        except smtplib.SMTPSenderRefused as error:
            # It is our address that the server refuses: the town's matter, and never for good.
            self.close()
            raise NotSent(f"smtp-sender-{error.smtp_code}", down=True) from None
        except (OSError, smtplib.SMTPException):
            self.close()
            raise NotSent("smtp-disconnected") from None
        if refused:
            raise SentToSome(f"{SOME_REFUSED}{_mildest(refused)}")

    def close(self) -> None:
        """Say goodbye to the server."""
        connection, self._connection = self._connection, None
        if connection is not None:
            with contextlib.suppress(OSError, smtplib.SMTPException):
                connection.quit()
            connection.close()

    def _connected(self) -> smtplib.SMTP:
        # A server may hang up after so many mails: asking first keeps that from costing a try.
        if self._connection is not None and not _answers(self._connection):
            self.close()
        if self._connection is None:
            try:
                self._connection = self.open_connection()
            except smtplib.SMTPAuthenticationError:
                raise NotSent("smtp-sign-in-refused", down=True) from None
            except (OSError, smtplib.SMTPException):
                raise NotSent("smtp-unreachable", down=True) from None
        return self._connection


def connect(parts: SplitResult) -> smtplib.SMTP:
    """A connection to the server of a mail URL, signed in. Raises OSError, SMTPException."""
    host, port = str(parts.hostname), parts.port or PORTS[parts.scheme]
    if parts.scheme == "smtps":
        context = ssl.create_default_context()
        connection: smtplib.SMTP = smtplib.SMTP_SSL(host, port, timeout=SECONDS, context=context)
    else:
        connection = smtplib.SMTP(host, port, timeout=SECONDS)
    try:
        if parts.scheme == "smtp+starttls":
            connection.starttls(context=ssl.create_default_context())
        if parts.username:
            connection.login(unquote(parts.username), unquote(parts.password or ""))
    except BaseException:
        connection.close()
        raise
    return connection


def _check_sender(variable: str, address: str) -> None:
    try:
        Address(addr_spec=address)
    except (ValueError, IndexError, MessageError):
        raise SettingsError(f"{variable} is no mail address; write name@host") from None


def _bytes(message: Message, mail_from: str) -> bytes:
    if not message.to.isascii():
        raise NotSent("mail-address-not-ascii", for_good=True)
    try:
        return written(message, mail_from).as_bytes()
    except ValueError:
        # The text of the error holds the address.
        raise NotSent("mail-not-writable", for_good=True) from None


def _answers(connection: smtplib.SMTP) -> bool:
    try:
        return connection.noop()[0] == 250
    except (OSError, smtplib.SMTPException):
        return False


def _reports_asked(connection: smtplib.SMTP, ref: str) -> tuple[list[str], list[str]]:
    """What is asked of a server that knows delivery reports (RFC 3461), by MAIL and by RCPT.

    A report names our message even where it quotes nothing of it, quotes no more than its headers,
    and comes for a failure only.
    """
    if not connection.has_extn("dsn"):
        return [], []
    return ["RET=HDRS", f"ENVID={ref}"], ["NOTIFY=FAILURE"]


def _mildest(refused: Mapping[str, tuple[int, bytes]]) -> int:
    """The lowest code: 421 before 4xx before 5xx."""
    return min(code for code, _ in refused.values())


def _refused(code: int) -> NotSent:
    """4xx may pass another time (greylisting, a full mailbox), 5xx never will (RFC 5321, 4.2.1).

    421 is the server's goodbye to everybody; smtplib hangs up, and the next mail calls again.
    """
    return NotSent(f"smtp-{code}", for_good=code >= 500, down=code == CLOSING)
