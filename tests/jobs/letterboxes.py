"""Real mail servers for tests, each with what it refuses."""

from __future__ import annotations

import socket
from email import message_from_bytes
from email.message import Message
from typing import Any

from aiosmtpd.controller import Controller


class Letterbox:
    """A mail server that keeps what it is given.

    Who is `poison` is refused for ever, everybody for now while it is `busy`; `drops` are references at which it ends
    the connection without a word; `to_sender` is what it answers to every sender instead of yes.
    """

    def __init__(self) -> None:
        self.mails: list[Message] = []
        self.poison: set[str] = set()
        self.drops: set[str] = set()
        self.busy, self.to_sender, self.asked = False, "", 0

    async def handle_MAIL(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        self.asked += 1
        if self.to_sender:
            return self.to_sender
        envelope.mail_from = address
        return "250 OK"

    async def handle_RCPT(self, server: Any, session: Any, envelope: Any, address: str, options: Any) -> str:
        if address in self.poison:
            return "550 no such person"
        if self.busy:
            return "451 try again later"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server: Any, session: Any, envelope: Any) -> str:
        mail = message_from_bytes(envelope.content)
        if str(mail["Subject"]).partition(":")[0] in self.drops:
            server.transport.close()
            return "451 never heard"
        self.mails.append(mail)
        return "250 OK"

    @property
    def subjects(self) -> list[tuple[str, str]]:
        """Return to whom and about what, in the order of arrival."""
        return [(str(mail["To"]), str(mail["Subject"]).partition(":")[0]) for mail in self.mails]


def started(letterbox: Letterbox) -> Controller:
    """Start a server on a free port; the caller stops it."""
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    controller = Controller(letterbox, hostname="127.0.0.1", port=port)
    controller.start()
    return controller
