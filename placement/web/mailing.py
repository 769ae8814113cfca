"""How this copy sends its mail, from the environment: a mail server, GOV.UK Notify, or in development the console."""

from __future__ import annotations

import re
from collections.abc import Mapping

from placement.jobs.mail import Console, Smtp
from placement.jobs.notify import Notify
from placement.jobs.sending import Mailing

_ADDRESS = re.compile(r"https?://[^/\s]+")
_SENDER = re.compile(r"[^@\s]+@[^@\s]+")
_ID = r"[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}"
_TEMPLATE, _KEY = re.compile(_ID), re.compile(rf"\S+-{_ID}-{_ID}")


def mailing_from(environment: Mapping[str, str], *, port: int) -> Mailing | None:
    """Read the settings. Raises SystemExit with a sentence for one that cannot be used.

    With neither a mail server nor Notify, mails are printed; behind https, where the console is a log and whoever reads
    it would hold the links, nothing is sent and None returned. Where something is sent, PLACEMENT_URL is needed: the
    links of a mail have to lead here from anywhere.
    """
    smtp, notify = environment.get("PLACEMENT_SMTP_HOST", ""), environment.get("PLACEMENT_NOTIFY_KEY", "")
    if smtp and notify:
        raise SystemExit("Set PLACEMENT_SMTP_HOST or PLACEMENT_NOTIFY_KEY, not both: mail goes out in one way.")
    if not smtp and not notify and environment.get("PLACEMENT_HTTPS") == "1":
        return None
    goes_out = bool(smtp or notify)
    address = (environment.get("PLACEMENT_URL") or ("" if goes_out else f"http://127.0.0.1:{port}")).rstrip("/")
    if not _ADDRESS.fullmatch(address):
        raise SystemExit(f"PLACEMENT_URL must be where this copy is reached, such as https://…, not “{address}”.")
    sender = environment.get("PLACEMENT_MAIL_FROM") or ("" if smtp else "placement@localhost")
    if not _SENDER.fullmatch(sender):
        raise SystemExit(f"PLACEMENT_MAIL_FROM must be an e-mail address, not “{sender}”.")
    way = _smtp(environment, smtp) if smtp else _notify(environment, notify) if notify else Console()
    return Mailing(port=way, sender=sender, address=address)


def _smtp(environment: Mapping[str, str], host: str) -> Smtp:
    number = environment.get("PLACEMENT_SMTP_PORT") or "587"
    if not number.isdigit() or not 0 < int(number) < 65536:
        raise SystemExit(f"PLACEMENT_SMTP_PORT must be a number from 1 to 65535, not “{number}”.")
    return Smtp(
        host=host,
        port=int(number),
        user=environment.get("PLACEMENT_SMTP_USER", ""),
        password=environment.get("PLACEMENT_SMTP_PASSWORD", ""),
        is_tls=environment.get("PLACEMENT_SMTP_TLS", "1") != "0",
    )


def _notify(environment: Mapping[str, str], key: str) -> Notify:
    template = environment.get("PLACEMENT_NOTIFY_TEMPLATE", "")
    if not _KEY.fullmatch(key):
        raise SystemExit("PLACEMENT_NOTIFY_KEY must be an API key of GOV.UK Notify: a name and two ids, with hyphens.")
    if not _TEMPLATE.fullmatch(template):
        raise SystemExit(f"PLACEMENT_NOTIFY_TEMPLATE must be the id of a template of Notify, not “{template}”.")
    return Notify(key=key, template=template)
