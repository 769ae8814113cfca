"""Signing in."""

from __future__ import annotations

from wtforms.validators import Length

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
