"""Mail to a server: encrypted unless the setting says otherwise, with a limit on every wait."""

from __future__ import annotations

import smtplib
import ssl
from typing import TYPE_CHECKING

from planner.config import Security
from planner.delivery.errors import NotDelivered
from planner.delivery.limits import cut_off

if TYPE_CHECKING:
    import socket
    from email.message import EmailMessage

    from planner.config import SmtpServer

TIME_LIMIT = 8.0  # seconds for each answer of the server
WHOLE_LIMIT = 25.0  # seconds from its greeting to the end; a mail is not tried again before a minute is over
FINAL = range(500, 600)
"""Answers that stay the same however often one asks."""


def send(
    message: EmailMessage,
    server: SmtpServer,
    *,
    time_limit: float = TIME_LIMIT,
    whole_limit: float = WHOLE_LIMIT,
    trust: ssl.SSLContext | None = None,
) -> None:
    """Hand a message over to the server. Raises NotDelivered.

    `trust` decides which servers are believed; by default those that this machine's authorities vouch for.
    """
    trust = trust or ssl.create_default_context()
    try:
        with _connected(server, time_limit, trust) as connection, cut_off(_socket(connection), whole_limit):
            _sign_in(connection, server, trust)
            _hand_over(connection, message)
    except smtplib.SMTPAuthenticationError as error:
        raise NotDelivered(
            f"{_where(server)} did not take the name and password", is_unreachable=True
        ) from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(f"{_where(server)}: {_reason(error)}", is_unreachable=True) from error


def try_server(server: SmtpServer, *, time_limit: float = TIME_LIMIT) -> None:
    """Come in as for a mail, and send none. Raises NotDelivered."""
    try:
        with _connected(server, time_limit, trust := ssl.create_default_context()) as connection:
            _sign_in(connection, server, trust)
            connection.noop()
    except smtplib.SMTPAuthenticationError as error:
        raise NotDelivered(f"{_where(server)} did not take the name and password") from error
    except (smtplib.SMTPException, OSError) as error:
        raise NotDelivered(f"{_where(server)}: {_reason(error)}") from error


def _connected(server: SmtpServer, time_limit: float, trust: ssl.SSLContext) -> smtplib.SMTP:
    if server.security is Security.TLS:
        return smtplib.SMTP_SSL(server.host, server.port, timeout=time_limit, context=trust)
    return smtplib.SMTP(server.host, server.port, timeout=time_limit)


def _socket(connection: smtplib.SMTP) -> socket.socket:
    if connection.sock is None:
        raise smtplib.SMTPServerDisconnected("it closed the connection at once")
    return connection.sock


def _sign_in(connection: smtplib.SMTP, server: SmtpServer, trust: ssl.SSLContext) -> None:
    if server.security is Security.STARTTLS:
        connection.starttls(context=trust)
    if server.user:
        connection.login(server.user, server.password)


def _hand_over(connection: smtplib.SMTP, message: EmailMessage) -> None:
    """Send one message. What the server says about this one alone is no fault of the server."""
    try:
        connection.send_message(message)
    except smtplib.SMTPRecipientsRefused as error:
        code, reason = next(iter(error.recipients.values()))
        raise NotDelivered(_answer(code, reason), is_final=code in FINAL) from error
    except smtplib.SMTPNotSupportedError as error:
        raise NotDelivered("the server takes no address in this script", is_final=True) from error
    except (smtplib.SMTPSenderRefused, smtplib.SMTPDataError) as error:
        raise NotDelivered(_answer(error.smtp_code, error.smtp_error)) from error


def _answer(code: int, reason: bytes | str) -> str:
    text = reason.decode(errors="replace") if isinstance(reason, bytes) else reason
    return f"the server answered {code} {' '.join(text.split())}"


def _reason(error: Exception) -> str:
    if isinstance(error, TimeoutError):
        return "no answer in time"
    return " ".join(str(error).split()) or type(error).__name__


def _where(server: SmtpServer) -> str:
    return f"{server.host}:{server.port}"
