"""How this copy sends its mail, from the environment: printed on the console unless a mail server is named."""

from __future__ import annotations

import re
from collections.abc import Mapping

from placement.jobs.mail import Console, Smtp
from placement.jobs.sending import Mailing

_ADDRESS = re.compile(r"https?://[^/\s]+")
_SENDER = re.compile(r"[^@\s]+@[^@\s]+")


def mailing_from(environment: Mapping[str, str], *, port: int) -> Mailing:
    """Read the settings. Raises SystemExit with a sentence for one that cannot be used.

    With a mail server PLACEMENT_URL and PLACEMENT_MAIL_FROM are needed: the links of a mail have to lead here from
    anywhere, and an answer to it has to reach somebody.
    """
    host = environment.get("PLACEMENT_SMTP_HOST", "")
    address = (environment.get("PLACEMENT_URL") or ("" if host else f"http://127.0.0.1:{port}")).rstrip("/")
    sender = environment.get("PLACEMENT_MAIL_FROM") or ("" if host else "placement@localhost")
    if not _ADDRESS.fullmatch(address):
        raise SystemExit(f"PLACEMENT_URL must be where this copy is reached, such as https://…, not “{address}”.")
    if not _SENDER.fullmatch(sender):
        raise SystemExit(f"PLACEMENT_MAIL_FROM must be an e-mail address, not “{sender}”.")
    if not host:
        return Mailing(port=Console(), sender=sender, address=address)
    number = environment.get("PLACEMENT_SMTP_PORT") or "587"
    if not number.isdigit() or not 0 < int(number) < 65536:
        raise SystemExit(f"PLACEMENT_SMTP_PORT must be a number from 1 to 65535, not “{number}”.")
    server = Smtp(
        host=host,
        port=int(number),
        user=environment.get("PLACEMENT_SMTP_USER", ""),
        password=environment.get("PLACEMENT_SMTP_PASSWORD", ""),
        is_tls=environment.get("PLACEMENT_SMTP_TLS", "1") != "0",
    )
    return Mailing(port=server, sender=sender, address=address)
