"""How a message leaves: a port that sends one mail or says why not. Console in development, SMTP in earnest."""

from __future__ import annotations

import smtplib
import ssl
import sys
from dataclasses import dataclass
from email.message import EmailMessage
from email.utils import formatdate
from typing import Protocol, TextIO

WAIT = 10.0  # seconds for a server to answer


class NotSent(Exception):
    """A mail was not taken: `code` says why, `is_for_ever` whether it is of no use to try again."""

    def __init__(self, code: str, *, is_for_ever: bool = False) -> None:
        super().__init__(code)
        self.code, self.is_for_ever = code, is_for_ever


class Port(Protocol):
    """Sends one mail. Raises NotSent."""

    def send(self, mail: EmailMessage) -> None:
        """Send it, or raise."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Console:
    """Prints mails instead of sending them: for development, where nobody has an address."""

    out: TextIO | None = None

    def send(self, mail: EmailMessage) -> None:
        """Print it."""
        print(f"Mail to {mail['To']}: {mail['Subject']}\n{mail.get_content()}", file=self.out or sys.stdout, flush=True)


@dataclass(frozen=True, slots=True, kw_only=True)
class Smtp:
    """A mail server. With `is_tls` the connection is encrypted (STARTTLS) before anything is said."""

    host: str
    port: int = 25
    user: str = ""
    password: str = ""
    is_tls: bool = True

    def send(self, mail: EmailMessage) -> None:
        """Hand it over. A 5xx answer to an address or a mail is for ever; what has to do with the server is not."""
        try:
            with smtplib.SMTP(self.host, self.port, timeout=WAIT) as server:
                if self.is_tls:
                    server.starttls(context=ssl.create_default_context())
                if self.user:
                    server.login(self.user, self.password)
                server.send_message(mail)
        except smtplib.SMTPRecipientsRefused as error:
            (code, _), *_ = error.recipients.values()
            raise NotSent(f"recipient_{code}", is_for_ever=code >= 500) from None
        except (smtplib.SMTPDataError, smtplib.SMTPSenderRefused) as error:
            raise NotSent(f"refused_{error.smtp_code}", is_for_ever=error.smtp_code >= 500) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(f"unreachable_{type(error).__name__}"[:40]) from None


def mail_of(*, number: str, sender: str, to: str, subject: str, words: str, sent: float) -> EmailMessage:
    """Return a mail; its Message-ID is the message's own number, however often it goes out."""
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = formatdate(sent)
    mail["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(words)
    return mail
