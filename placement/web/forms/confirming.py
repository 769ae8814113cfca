"""Asking before something unusual is done: the questions on the page, and which of them came back confirmed."""

from __future__ import annotations

from flask import request

from placement.web.forms.typed_form import TypedForm


class NothingAskedForm(TypedForm):
    """A button alone: nothing is asked, and its token is looked at."""


MOST_CONFIRMED, LONGEST_KEY = 200, 2_000


def confirmed() -> frozenset[str]:
    """Return the keys of the questions that the form sent back: those that the page asked and somebody went on from."""
    return frozenset(key[:LONGEST_KEY] for key in request.form.getlist("confirmed")[:MOST_CONFIRMED])
