# Copyright (c) 2026, the integrations.workiva authors
# GNU General Public License v3.0 or later (see LICENSE or https://www.gnu.org/licenses/gpl-3.0.txt)
# SPDX-License-Identifier: GPL-3.0-or-later
# PRIVATE to the collection: may change without notice.

"""One mail through one mail server, over verified TLS wherever there is a login."""

from __future__ import annotations

import email.utils
import os
import smtplib
import socket
import ssl
from dataclasses import dataclass, field
from email.message import EmailMessage

from ansible_collections.integrations.workiva.plugins.module_utils._api.network import describe
from ansible_collections.integrations.workiva.plugins.module_utils._errors import (
    InvalidArgument,
    TLSFailure,
    Unreachable,
    WorkivaError,
)
from ansible_collections.integrations.workiva.plugins.module_utils._safe_text import safe_text
from ansible_collections.integrations.workiva.plugins.module_utils._secrets import register_secret


class MailRefused(WorkivaError):
    """The mail server answered, and said no."""


@dataclass(frozen=True)
class MailServer:
    """Where mail is given to. C(tls) is C(starttls), C(implicit) or C(none); C(timeout) is in seconds."""

    host: str
    port: int
    tls: str = "starttls"
    username: str | None = None
    password: str | None = field(default=None, repr=False)
    ca_path: str | None = None
    timeout: float = 30.0

    def __post_init__(self) -> None:
        register_secret(self.password)

    def __str__(self) -> str:
        return f"{self.host}:{self.port}"

    def check(self) -> None:
        """Before anything is sent. Raises L(InvalidArgument)."""
        if bool(self.username) != bool(self.password):
            raise InvalidArgument("A login needs a username and a password. One of them is empty.")
        if self.username and self.tls == "none":
            raise InvalidArgument("A login without TLS is refused: set tls to starttls or implicit.")
        if self.ca_path and not os.path.exists(self.ca_path):
            raise InvalidArgument(
                f"ca_path names no file of certificates: {safe_text(self.ca_path)}. Nothing was sent. Correct ca_path."
            )
        if not 0 < self.port < 65536 or self.timeout <= 0:
            raise InvalidArgument("smtp_port must be from 1 to 65535, and timeout more than 0 seconds.")

    def send(self, text: str, message_id: str) -> None:
        """Gives a mail (headers, an empty line, the body) to the server.

        Raises L(MailRefused) where it said no, L(TLSFailure) and L(Unreachable).
        """
        mail = _mail(text, message_id)
        try:
            with self._session() as session:
                if self.username and self.password:
                    session.login(self.username, self.password)
                session.send_message(mail)
        except WorkivaError:
            raise
        except ssl.SSLCertVerificationError as error:
            raise TLSFailure(
                f"The certificate of the mail server {self} could not be verified: {describe(error)}. Nothing was "
                "sent, and no login tried. Check smtp_server, or name the authority of the mail server in ca_path.",
                code="certificate",
                target=str(self),
            ) from None
        except smtplib.SMTPAuthenticationError as error:
            raise self._refused(
                "the login", error.smtp_code, error.smtp_error, "Check username and password."
            ) from None
        except smtplib.SMTPRecipientsRefused as error:
            code, answer = next(iter(error.recipients.values()))
            raise self._refused("the recipient", code, answer, "Check to.") from None
        except smtplib.SMTPResponseException as error:
            raise self._refused("the mail", error.smtp_code, error.smtp_error, "Ask its administrator.") from None
        except smtplib.SMTPNotSupportedError:
            raise MailRefused(f"The mail server {self} accepts no login. Remove username and password.") from None
        except (OSError, smtplib.SMTPException) as error:
            why = describe(error)
            raise Unreachable(
                f"The mail server {self} could not be used: {why}. Check smtp_server, smtp_port, tls ({self.tls}) and the "
                "network. No receipt was written. The next run sends the mail again.",
                target=str(self),
            ) from None

    def _session(self) -> smtplib.SMTP:
        if self.tls == "implicit":
            return smtplib.SMTP_SSL(self.host, self.port, timeout=self.timeout, context=self._context())
        session = smtplib.SMTP(self.host, self.port, timeout=self.timeout)
        if self.tls == "starttls":
            try:
                session.starttls(context=self._context())
                session.ehlo()
            except smtplib.SMTPNotSupportedError:
                session.close()
                raise MailRefused(
                    f"The mail server {self} does not offer STARTTLS. Nothing was sent. Use tls: implicit with "
                    "its port, or tls: none for a server that needs no login.",
                    code="no_starttls",
                    target=str(self),
                ) from None
            except BaseException:
                session.close()
                raise
        return session

    def _context(self) -> ssl.SSLContext:
        try:
            context = ssl.create_default_context(cafile=self.ca_path)
        except (OSError, ValueError):
            raise InvalidArgument(
                f"ca_path must be a file of certificates in PEM. This is not one: {safe_text(self.ca_path)}"
            ) from None
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        return context

    def _refused(self, what: str, code: int, answer: bytes | str, advice: str) -> MailRefused:
        return MailRefused(
            f"The mail server {self} refused {what} ({code} {safe_text(answer)}). {advice} Nothing was sent.",
            status=code,
            target=str(self),
        )


def make_message_id(sender: str) -> str:
    """Tells one request apart, so that a mail that went out twice is known as one."""
    return email.utils.make_msgid(domain=sender.rpartition("@")[2] or socket.gethostname())


def _mail(text: str, message_id: str) -> EmailMessage:
    head, _empty, body = text.partition("\n\n")
    mail = EmailMessage()
    for line in head.split("\n"):
        name, _colon, value = line.partition(": ")
        mail[name] = value
    mail["Date"] = email.utils.localtime()
    mail["Message-ID"] = message_id
    mail.set_content(body)
    return mail
