"""Signing in, and one's own password."""

from __future__ import annotations

from flask_wtf import FlaskForm
from wtforms.validators import EqualTo, InputRequired, Length

from placement.web.forms import fields
from placement.web.forms.looks import Look

EMAIL = Look(type="email", autocomplete="username", spellcheck=False)


class SignInForm(FlaskForm):
    """E-mail address and password."""

    email = fields.text("E-mail address", [InputRequired("Enter your e-mail address"), Length(max=254)], look=EMAIL)
    password = fields.password(
        "Password", [InputRequired("Enter your password"), Length(max=200)], look=Look(autocomplete="current-password")
    )
    send = fields.submit("Sign in")


class PasswordForm(FlaskForm):
    """The password somebody has, and the one they want."""

    current = fields.password(
        "Your password now",
        [InputRequired("Enter your password"), Length(max=200)],
        look=Look(autocomplete="current-password"),
    )
    password = fields.password(
        "New password",
        [InputRequired("Enter a new password"), Length(min=8, max=200, message="Enter 8 to 200 characters")],
        hint="At least 8 characters. Three words that do not belong together are good. Names are not.",
        look=Look(autocomplete="new-password"),
    )
    again = fields.password(
        "New password once more",
        [InputRequired("Enter the new password once more"), EqualTo("password", "Enter the same password twice")],
        look=Look(autocomplete="new-password"),
    )
    send = fields.submit("Change password")
