"""How a message leaves: a port that sends one mail or says why not. Console in development, SMTP in earnest."""

from __future__ import annotations

import contextlib
import smtplib
import ssl
import sys
from dataclasses import dataclass, field
from email.message import EmailMessage
from email.utils import formatdate
from typing import Protocol, TextIO

WAIT = 10.0  # seconds for a server to answer


class NotSent(Exception):
    """A mail was not taken: `code` says why, `is_for_ever` whether it is of no use to try again.

    `is_servers`: it has to do with the server or with our account there, so that any other mail would fare the same.
    """

    def __init__(self, code: str, *, is_for_ever: bool = False, is_servers: bool = False) -> None:
        super().__init__(code)
        self.code, self.is_for_ever, self.is_servers = code[:40], is_for_ever, is_servers


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
    password: str = field(default="", repr=False)
    is_tls: bool = True

    def send(self, mail: EmailMessage) -> None:
        """Hand it over. A 5xx answer to an address or a mail is for ever; one to us or to the sender is the server's.

        A connection that ends in the middle of a mail is that mail's own: it may be what the server dies of.
        """
        try:
            server = self._ready()
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(f"unreachable_{type(error).__name__}", is_servers=True) from None
        try:
            server.send_message(mail)
        except smtplib.SMTPSenderRefused as error:
            raise NotSent(f"sender_{error.smtp_code}", is_servers=True) from None
        except smtplib.SMTPRecipientsRefused as error:
            code = next((code for code, _ in error.recipients.values()), 553)  # 553: there was no address at all
            raise _refused("recipient", code) from None
        except smtplib.SMTPDataError as error:
            raise _refused("mail", error.smtp_code) from None
        except smtplib.SMTPNotSupportedError:
            raise NotSent("address_not_supported", is_for_ever=True) from None
        except (smtplib.SMTPException, OSError) as error:
            raise NotSent(f"cut_off_{type(error).__name__}") from None
        finally:  # what the server says to a farewell changes nothing: the mail has been taken, or it has not
            with contextlib.suppress(smtplib.SMTPException, OSError):
                server.quit()
            server.close()

    def _ready(self) -> smtplib.SMTP:
        server = smtplib.SMTP(self.host, self.port, timeout=WAIT)
        try:
            if self.is_tls:
                server.starttls(context=ssl.create_default_context())
            if self.user:
                server.login(self.user, self.password)
        except BaseException:
            server.close()
            raise
        return server


def _refused(what: str, code: int) -> NotSent:
    """Return what an answer to an address or a mail means; 421 is a server that is just closing."""
    return NotSent(f"{what}_{code}", is_for_ever=code >= 500, is_servers=code == 421)


def mail_of(*, number: str, sender: str, to: str, subject: str, words: str, sent: float) -> EmailMessage:
    """Return a mail; its Message-ID is the message's own number, however often it goes out.

    Raises ValueError without an address, or for what cannot stand in a header.
    """
    if "@" not in to:  # some versions of `smtplib` hand a mail to nobody over, and call it sent
        raise ValueError("a mail needs an address")
    mail = EmailMessage()
    mail["From"], mail["To"], mail["Subject"] = sender, to, subject
    mail["Date"] = formatdate(sent)
    mail["Message-ID"] = f"<{number}@{sender.rpartition('@')[2]}>"
    mail["Auto-Submitted"] = "auto-generated"
    mail.set_content(words)
    return mail
