"""Bringing a provider to the market: which location, what is missing, who is invited, and who asks to join."""

from __future__ import annotations

from typing import Any

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms.validators import Length, ValidationError

from placement.domain.contacts import LONGEST_TELEPHONE, is_telephone
from placement.domain.services import SERVICE_TYPES
from placement.market.onboarding import location_id
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.provider import ContactForm
from placement.web.forms.team import FirstForm
from placement.web.forms.typed_form import TypedForm

ID_HINT = "It stands on the certificate of registration and on the CQC’s website, for example 1-123456789."
_ID_LOOK = Look(width=20, autocomplete="off", spellcheck=False)


def _number(label: str, validators: Any = ()) -> Any:
    return fields.text(label, [*validators, Length(max=40)], hint=ID_HINT, look=_ID_LOOK)


def _require_id(field: Any) -> None:
    if field.data and not location_id(field.data):
        raise ValidationError("Enter a location ID, for example 1-123456789")


class LocationForm(TypedForm):
    """Which location."""

    class Meta:
        """It asks for a page and changes nothing: it is sent as an address."""

        csrf = False

    location = _number("CQC location ID", [Entered("Enter a location ID")])

    def validate_location(self, field: Any) -> None:
        """Refuse what cannot be an ID."""
        _require_id(field)


class LocationFileForm(TypedForm):
    """A file of the CQC that names the location."""

    file = FileField(
        "File of the CQC",
        [FileRequired("Choose a file")],
        description="The location’s record (JSON), or a directory (CSV), from the CQC’s website",
        widget=GovFileInput(),
    )


class ByHandForm(TypedForm):
    """A service that the CQC's files do not tell of."""

    organisation = fields.text("Organisation", [Entered("Enter the organisation’s name"), Length(max=200)])
    name = fields.text("Service", [Entered("Enter the service’s name"), Length(max=200)])
    service_type = fields.select(
        "Type of service",
        [("", "Choose a type"), *((each.slug, each.label) for each in SERVICE_TYPES)],
        [Entered("Choose the type of service")],
    )
    postcode = fields.text("Postcode", [Entered("Enter the postcode"), Length(max=10)], look=Look(width=10))
    number = _number("CQC location ID, if there is one")

    def validate_number(self, field: Any) -> None:
        """Refuse what cannot be an ID."""
        _require_id(field)


class MissingForm(ContactForm):
    """What the register does not know of a service: places where it has none, and the organisation's name."""

    organisation = fields.text(
        "Name of the organisation",
        [Entered("Enter the organisation’s name"), Length(max=200)],
        hint="The file has its number alone.",
    )
    places = fields.number(
        "How many places does it have?",
        [Entered("Enter how many places it has")],
        hint="Those that it is built for. Nothing is free until the provider says so.",
        look=Look(width=4),
    )


class JoinForm(FirstForm):
    """Who asks to join, and for which organisation."""

    organisation = fields.text("Organisation", [Entered("Enter the organisation’s name"), Length(max=200)])
    telephone = fields.text(
        "Telephone number",
        [Entered("Enter a telephone number"), Length(max=LONGEST_TELEPHONE)],
        hint="The council may ring you, to know that it is you.",
        look=Look(width=20, type="tel", autocomplete="tel"),
    )

    def validate_telephone(self, field: Any) -> None:
        """Refuse what cannot be a number."""
        if not is_telephone(field.data):
            raise ValidationError("Enter a telephone number, for example 024 7655 0100")
