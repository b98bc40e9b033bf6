"""A mail server as providers run them: TLS, sign-in, delivery reports, and moods of its own."""

import ssl
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path
from typing import Any

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, AuthResult, LoginPassword
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec

from tests.support.mailbox import Mailbox

USER, PASSWORD = "town", "p@ss/word"
IN_URL = "town:p%40ss%2Fword"


@dataclass
class MailServer(Mailbox):
    """`replies` maps a command to what it is answered; `asked` holds options of MAIL and RCPT."""

    port: int = 0
    replies: dict[str, str] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)
    connections: int = 0

    async def handle_EHLO(
        self, server: Any, session: Any, envelope: Any, hostname: str, responses: list[str]
    ) -> list[str]:
        """Offer delivery reports, where the server knows them."""
        self.connections += 1
        session.host_name = hostname
        if isinstance(server, _Reporting):
            responses.insert(1, "250-DSN")
        return responses

    async def handle_MAIL(
        self, server: Any, session: Any, envelope: Any, address: str, options: list[str]
    ) -> str:
        """Take the sender, unless told otherwise."""
        if "MAIL" in self.replies:
            return self.replies["MAIL"]
        envelope.mail_from = address
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        """Keep what came, unless told otherwise."""
        if "DATA" in self.replies:
            return self.replies["DATA"]
        return await super().handle_DATA(server, session, envelope)


class _Reporting(SMTP):
    """Knows RFC 3461's options, which aiosmtpd does not: they are noted and taken away."""

    async def smtp_MAIL(self, arg: str | None) -> None:
        await super().smtp_MAIL(self._noted("MAIL", arg, ("RET=", "ENVID=")))

    async def smtp_RCPT(self, arg: str | None) -> None:
        await super().smtp_RCPT(self._noted("RCPT", arg, ("NOTIFY=",)))

    def _noted(self, command: str, arg: str | None, known: tuple[str, ...]) -> str:
        words = (arg or "").split(" ")
        self.event_handler.asked += [f"{command} {one}" for one in words if one.startswith(known)]
        return " ".join(one for one in words if not one.startswith(known))


class _Running(Controller):
    def __init__(self, handler: MailServer, *, reports: bool, **named: Any) -> None:
        self.kind = _Reporting if reports else SMTP
        super().__init__(handler, hostname="127.0.0.1", port=0, **named)

    def factory(self) -> SMTP:
        made = self.kind(self.handler, **self.SMTP_kwargs)
        if self.ssl_context is not None:
            # aiosmtpd knows of no TLS but STARTTLS's, and would not let anybody sign in.
            made._auth_require_tls = False
        return made

    def _trigger_server(self) -> None:
        # The kernel picks the port, so that no two workers want the same one.
        self.port = self.server.sockets[0].getsockname()[1]
        super()._trigger_server()


@contextmanager
def running_mail_server(
    folder: Path, *, tls: str = "none", sign_in: bool = False, reports: bool = False
) -> Iterator[MailServer]:
    """A server for as long as the block lasts. `tls`: none, starttls or at-once; see `trust`."""
    server = MailServer()
    named: dict[str, Any] = {"reports": reports}
    if tls != "none":
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(certificate(folder))
        named["ssl_context" if tls == "at-once" else "tls_context"] = context
    if tls == "starttls":
        named["require_starttls"] = True
    if sign_in:
        named |= {"authenticator": _knows, "auth_required": True}
    controller = _Running(server, **named)
    controller.start()
    server.port = controller.port
    server.url = f"smtp://127.0.0.1:{server.port}"
    try:
        yield server
    finally:
        controller.stop()


def certificate(folder: Path) -> Path:
    """A certificate for 127.0.0.1 with its key, in one file; who trusts it names it SSL_CERT_FILE."""
    path = folder / "server.pem"
    if path.exists():
        return path
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "a mail server for tests")])
    now = datetime.now(UTC)
    made = (
        x509.CertificateBuilder()
        .subject_name(name)
        .issuer_name(name)
        .public_key(key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .add_extension(x509.BasicConstraints(ca=True, path_length=None), critical=True)
        .sign(key, hashes.SHA256())
    )
    private = key.private_bytes(
        serialization.Encoding.PEM,
        serialization.PrivateFormat.PKCS8,
        serialization.NoEncryption(),
    )
    path.write_bytes(private + made.public_bytes(serialization.Encoding.PEM))
    return path


def _knows(
    server: Any, session: Any, envelope: Any, mechanism: str, credentials: Any
) -> AuthResult:
    right = isinstance(credentials, LoginPassword) and (
        (credentials.login, credentials.password) == (USER.encode(), PASSWORD.encode())
    )
    return AuthResult(success=right, handled=False)
