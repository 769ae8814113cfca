"""GOV.UK widgets for WTForms that know how their field looks, with upstream's faults put right."""

from __future__ import annotations

from typing import Any

from flask import current_app
from govuk_frontend_wtf import wtforms_widgets as gov
from markupsafe import Markup
from wtforms import Field

from placement.web.access import may_change
from placement.web.forms.looks import PLAIN, Look


def _clean(params: dict[str, Any]) -> dict[str, Any]:
    if not (params.get("hint") or {}).get("text"):
        params.pop("hint", None)
    for key in ("required", "items"):
        params.get("attributes", {}).pop(key, None)
    return params


class _Drawn:
    """Draws a field by its look, so that a template only names it.

    govuk-frontend-wtf writes an empty hint, which a screen reader then reads as a pause.
    """

    def __init__(self, look: Look = PLAIN) -> None:
        super().__init__()
        self.look = look

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        return _clean(super().map_gov_params(field, **kwargs, params=self.drawn(field)))  # type: ignore[misc]

    def drawn(self, field: Field) -> dict[str, Any]:
        """Return the component's parameters that the look decides."""
        return self.look.box()


class _Group(_Drawn):
    """Several boxes under one legend, each with a hint if its choice has one."""

    block: str

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        hints = getattr(field, "hints", {})
        for item in kwargs["items"]:
            if item["value"] in hints:
                item["hint"] = {"text": hints[item["value"]]}
        return super().map_gov_params(field, **kwargs)

    def drawn(self, field: Field) -> dict[str, Any]:
        """Return the component's parameters that the look decides."""
        return self.look.group(field.label.text, self.block)


class Text(_Drawn, gov.GovTextInput):
    """One line."""


class Password(_Drawn, gov.GovPasswordInput):
    """A password; never sent back."""


class TextArea(_Drawn, gov.GovTextArea):
    """Several lines."""


class Radios(_Group, gov.GovRadioInput):
    """One of a few."""

    block = "govuk-radios"


class Checkboxes(_Group, gov.GovCheckboxesInput):
    """Some of a few."""

    block = "govuk-checkboxes"


class Checkbox(_Group, gov.GovCheckboxInput):
    """Yes or not."""

    block = "govuk-checkboxes"


class Submit(_Drawn, gov.GovSubmitInput):
    """A button; who may only look has none."""

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        return super().__call__(field, **kwargs) if may_change() else Markup()


class Select(_Drawn, gov.GovSelect):
    """One of many; option groups are refused, because upstream flattens them without a word."""

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        if field.has_groups():
            raise TypeError("option groups are not rendered: use radios or an autocomplete")
        return super().__call__(field, **kwargs)


class ChoiceRow:
    """A question and its few short choices in one row."""

    def __call__(self, field: Any, **_kwargs: Any) -> Markup:
        return Markup(current_app.jinja_env.get_template("fields/choice.html").render(field=field))


class Date(_Drawn, gov.GovDateInput):
    """Day, month and year in three boxes; a missing box must not be a 500."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        raw = field.raw_data
        if raw is not None and len(raw) != 3:
            field.raw_data = ([*raw, "", "", ""])[:3]
        params = super().map_gov_params(field, **kwargs)
        params["items"][0]["id"] = field.id  # the error summary links to the day box
        params["id"] = f"{field.id}-group"
        return params

    def drawn(self, field: Field) -> dict[str, Any]:
        """Return the component's parameters that the look decides."""
        return self.look.group(field.label.text, "govuk-date-input")
