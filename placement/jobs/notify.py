"""GOV.UK Notify as a port: a council's mails through the service that it may have already.

One template of the council's own, whose subject is ((subject)) and whose text is ((message)), serves every kind. Notify
writes the headers, so that a message's number goes out as its reference and not as the Message-ID.
"""

from __future__ import annotations

import logging
from dataclasses import dataclass, field
from email.message import EmailMessage
from typing import TYPE_CHECKING, Any

from placement.jobs.mail import WAIT, NotSent

if TYPE_CHECKING:
    from notifications_python_client.errors import APIError

# The client writes what the service answered into the log, and that may quote an address.
logging.getLogger("notifications_python_client").setLevel(logging.CRITICAL)


@dataclass(frozen=True, slots=True, kw_only=True)
class Notify:
    """One service of GOV.UK Notify: its API key, and the id of the template."""

    key: str = field(repr=False)
    template: str
    address: str = "https://api.notifications.service.gov.uk"

    def send(self, mail: EmailMessage) -> None:
        """Hand it over. What Notify says of the address is for ever; what it says of us would be so for any other."""
        # Imported with the first mail: whoever sends in another way does not pay for it.
        from notifications_python_client.errors import APIError
        from notifications_python_client.notifications import NotificationsAPIClient

        client: Any = NotificationsAPIClient(  # type: ignore[no-untyped-call]  # the client has no types
            self.key, base_url=self.address, timeout=WAIT
        )
        try:
            client.send_email_notification(
                email_address=mail["To"],
                template_id=self.template,
                personalisation={"subject": mail["Subject"], "message": mail.get_content()},
                reference=mail["Message-ID"].strip("<>").partition("@")[0],
            )
        except APIError as error:
            raise _not_taken(error) from None
        finally:
            client.request_session.close()


def _not_taken(error: APIError) -> NotSent:
    """Return what an answer means (docs.notifications.service.gov.uk/python.html, “error codes”).

    All our mails have one form, so that a 400 that is not about the address is about the template; 403 is about the
    key, 429 about our limits. Neither is any message's fault.
    """
    said = str(error.message)
    if error.status_code == 400 and ("email_address" in said or "this recipient" in said):
        return NotSent("recipient_400", is_for_ever=True)
    return NotSent(f"notify_{error.status_code}", is_servers=True)
