"""Signing in, and one's own password."""

from __future__ import annotations

from typing import Any

from wtforms.validators import EqualTo, Length

from placement.web.forms import fields
from placement.web.forms.entered import Entered
from placement.web.forms.looks import Look
from placement.web.forms.typed_form import TypedForm

EMAIL = Look(type="email", autocomplete="username", spellcheck=False)


class SignInForm(TypedForm):
    """E-mail address and password."""

    email = fields.text("E-mail address", [Entered("Enter your e-mail address"), Length(max=254)], look=EMAIL)
    password = fields.password(
        "Password", [Entered("Enter your password"), Length(max=200)], look=Look(autocomplete="current-password")
    )
    send = fields.submit("Sign in")


class LinkForm(TypedForm):
    """Where a link to sign in is sent to."""

    email = fields.text("E-mail address", [Entered("Enter your e-mail address"), Length(max=254)], look=EMAIL)
    send = fields.submit("E-mail me a link")


class NewLinkForm(TypedForm):
    """To which e-mail address a new link is to be sent."""

    email = fields.text(
        "Your e-mail address",
        [Entered("Enter your e-mail address"), Length(max=254, message="Enter at most 254 characters")],
        look=EMAIL,
    )
    send = fields.submit("Send me a new link")


class ProofForm(TypedForm):
    """The password of who is signed in, once more."""

    password = fields.password(
        "Your password",
        [Entered("Enter your password"), Length(max=200)],
        look=Look(autocomplete="current-password"),
    )


def _code(hint: str) -> Any:
    look = Look(width=20, autocomplete="one-time-code", spellcheck=False)
    return fields.text("Code", [Entered("Enter the code"), Length(max=40)], hint=hint, look=look)


class FirstCodeForm(TypedForm):
    """The code with which the second step is turned on."""

    code = _code("The six figures that your phone shows now.")


class CodeForm(TypedForm):
    """A code of the second step."""

    code = _code("The six figures that your phone shows now, or one of your codes on paper.")


class PasswordForm(TypedForm):
    """The password somebody has, and the one they want."""

    current = fields.password(
        "Your password now",
        [Entered("Enter your password"), Length(max=200)],
        look=Look(autocomplete="current-password"),
    )
    password = fields.password(
        "New password",
        [Entered("Enter a new password"), Length(min=8, max=200, message="Enter 8 to 200 characters")],
        hint="At least 8 characters. Three words that do not belong together are good. Names are not.",
        look=Look(autocomplete="new-password"),
    )
    again = fields.password(
        "New password once more",
        [Entered("Enter the new password once more"), EqualTo("password", "Enter the same password twice")],
        look=Look(autocomplete="new-password"),
    )
    send = fields.submit("Change password")
