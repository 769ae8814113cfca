"""GOV.UK widgets for WTForms, with upstream's faults put right."""

from __future__ import annotations

from typing import Any

from govuk_frontend_wtf import wtforms_widgets as gov
from wtforms import Field


def _clean(params: dict[str, Any]) -> dict[str, Any]:
    if not (params.get("hint") or {}).get("text"):
        params.pop("hint", None)
    for key in ("required", "items"):
        params.get("attributes", {}).pop(key, None)
    return params


class _NoEmptyHint:
    """govuk-frontend-wtf writes an empty hint, which a screen reader then reads as a pause."""

    def map_gov_params(self, field: Field, **kwargs: Any) -> dict[str, Any]:
        return _clean(super().map_gov_params(field, **kwargs))  # type: ignore[misc]


class Text(_NoEmptyHint, gov.GovTextInput):
    """One line."""


class Password(_NoEmptyHint, gov.GovPasswordInput):
    """A password; never sent back."""


class TextArea(_NoEmptyHint, gov.GovTextArea):
    """Several lines."""


class Radios(_NoEmptyHint, gov.GovRadioInput):
    """One of a few."""


class Checkboxes(_NoEmptyHint, gov.GovCheckboxesInput):
    """Some of a few."""


class Checkbox(_NoEmptyHint, gov.GovCheckboxInput):
    """Yes or not."""


class Submit(_NoEmptyHint, gov.GovSubmitInput):
    """A button."""


class Select(_NoEmptyHint, gov.GovSelect):
    """One of many; option groups are refused, because upstream flattens them without a word."""

    def __call__(self, field: Any, **kwargs: Any) -> Any:
        if field.has_groups():
            raise TypeError("option groups are not rendered: use radios or an autocomplete")
        return super().__call__(field, **kwargs)


class Date(_NoEmptyHint, gov.GovDateInput):
    """Day, month and year in three boxes; a missing box must not be a 500."""

    def map_gov_params(self, field: Any, **kwargs: Any) -> dict[str, Any]:
        raw = field.raw_data
        if raw is not None and len(raw) != 3:
            field.raw_data = ([*raw, "", "", ""])[:3]
        params = super().map_gov_params(field, **kwargs)
        params["items"][0]["id"] = field.id  # the error summary links to the day box
        params["id"] = f"{field.id}-group"
        return params
