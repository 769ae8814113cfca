"""Adding a person, reading the audit trail, holding places back, and uploading wards."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from flask_wtf.file import FileField, FileRequired
from govuk_frontend_wtf.wtforms_widgets import GovFileInput
from wtforms.validators import Length, NumberRange, Optional, ValidationError

from placement.domain.contacts import is_email
from placement.domain.people import ROLE_LABELS, Role
from placement.planning.price_limits import CAN_WAIT, Costs
from placement.records.providers import Provider
from placement.records.users import Team
from placement.reports.audit_trail import SUBJECTS
from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.shared import SharedForm
from placement.web.forms.typed_form import TypedForm


def _role() -> Any:
    return fields.radios(
        "What does the person do?",
        [(role.value, ROLE_LABELS[role]) for role in Role],
        [Entered("Choose what the person does")],
    )


def _provider() -> Any:
    return fields.select("Provider", [("", "Choose a provider")], hint="Only for somebody who works for one.")


def _password(label: str) -> Any:
    return fields.password(
        label,
        [Entered("Enter a password"), Length(min=8, max=200, message="Enter 8 to 200 characters")],
        hint="At least 8 characters. Tell it to the person in a safe way.",
        look=Look(autocomplete="new-password"),
    )


class RoleForm(SharedForm):
    """What a person does; a provider's person belongs to a provider."""

    bonds = (("role", "provider_id"),)
    role = _role()
    provider_id = _provider()

    def offer(self, providers: Iterable[Provider]) -> None:
        """Fill the list of providers."""
        known = [(str(each.id), each.name) for each in providers]
        self.provider_id.choices = fields.options([("", "Choose a provider"), *known])

    def validate_provider_id(self, field: Any) -> None:
        """A provider's person needs its provider; for anybody else the answer does not count."""
        if self.role.data == Role.PROVIDER and not field.data:
            raise ValidationError("Choose the provider that the person works for")

    @property
    def chosen_provider(self) -> int | None:
        """The provider of a provider's person."""
        return int(self.provider_id.data) if self.role.data == Role.PROVIDER else None


class HandForm(SharedForm):
    """Where somebody of brokerage works, and what they may."""

    team = fields.select("Team", [("", "No team")])
    is_manager = fields.checkbox("May sign off places outside the city")

    def offer(self, teams: Iterable[Team]) -> None:
        """Fill the list of teams."""
        self.team.choices = fields.options([("", "No team"), *((str(each.id), each.name) for each in teams)])


class TeamForm(TypedForm):
    """A team of brokerage."""

    name = fields.text(
        "Name of the team",
        [Entered("Enter a name for the team"), Length(max=60, message="Enter at most 60 characters")],
    )


class ResetForm(TypedForm):
    """Another password for somebody."""

    password = _password("New password")


class UserForm(RoleForm):
    """A person who may sign in; a provider's person belongs to a provider."""

    name = fields.text(
        "Full name", [Entered("Enter the person’s name"), Length(max=120)], look=Look(autocomplete="off")
    )
    email = fields.text(
        "E-mail address",
        [Entered("Enter an e-mail address"), Length(max=254)],
        hint="The person signs in with it.",
        look=Look(type="email", autocomplete="off", spellcheck=False),
    )
    role = _role()
    provider_id = _provider()
    password = fields.password(
        "First password",
        [Optional(), Length(min=8, max=200, message="Enter 8 to 200 characters")],
        hint="Leave it empty to invite the person by e-mail: they say themselves how they sign in. Otherwise at least "
        "8 characters, told to the person in a safe way.",
        look=Look(autocomplete="new-password"),
    )
    send = fields.submit("Add this person")

    def validate_email(self, field: Any) -> None:
        """Refuse what cannot be an address."""
        if not is_email(field.data):
            raise ValidationError("Enter an e-mail address, for example name@example.org")


class AuditForm(TypedForm):
    """Which lines of the audit trail."""

    class Meta:
        csrf = False  # it changes nothing

    subject = fields.select("Kind of record", [("", "Any"), *((name, name.replace("_", " ")) for name in SUBJECTS)])
    number = fields.number("Its number")
    words = fields.text("What happened", [Length(max=60)], hint="For example: reserved")


def _limits() -> dict[str, Any]:
    allowed = [Optional(), NumberRange(min=0, max=100_000, message="Enter a number of points from 0 to 100,000")]
    return {
        kind.slug: fields.number(f"{kind.label}: most points for a stay", allowed, look=Look(width=5))
        for kind in CAN_WAIT
    }


@fields.having(_limits)
class PriceLimitForm(SharedForm):
    """How many points a stay of each kind that can wait may cost; the fields are the kinds' own."""

    send = fields.submit("Save")

    @property
    def limits(self) -> dict[str, int | None]:
        """The limit of each kind, None where the field was left empty."""
        return {kind.slug: self[kind.slug].data for kind in CAN_WAIT}

    def tell(self, costs: Mapping[str, Costs], limits: Mapping[str, int]) -> None:
        """Say beside each field what its referrals cost now, and how many the stored limit holds back."""
        for kind in CAN_WAIT:
            self[kind.slug].description = _told(costs[kind.slug], limits.get(kind.slug))


def _told(costs: Costs, limit: int | None) -> str:
    if not costs.points:
        return "No open referral of this kind has a free place in the city."
    open_now = f"{len(costs.points)} open {'referral has' if len(costs.points) == 1 else 'referrals have'}"
    told = f"{open_now} a free place in the city. Half of them find one for {costs.usual} points or less, "
    told += f"all of them for {costs.points[-1]}."
    return told if limit is None else f"{told} Held back by the limit now: {costs.above(limit)}."


class WardFileForm(TypedForm):
    """A file of ward boundaries."""

    file = FileField(
        "GeoJSON file",
        [FileRequired("Choose a file")],
        description="Ward boundaries of the Office for National Statistics, at most 12 MB.",
        widget=GovFileInput(),
    )
    send = fields.submit("Upload and look at it")
