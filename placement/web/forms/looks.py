"""How a field is drawn: how large its label is, how wide it is, which keyboard a phone brings up for it."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True, kw_only=True)
class Look:
    """What is said about a field beside its question; what is left out is as the design system has it."""

    size: str = ""  # of the label or legend: s, m or l
    is_heading: bool = False  # the legend is the heading of its page
    is_small: bool = False  # small boxes or radios
    is_inline: bool = False  # radios beside each other
    in_columns: bool = False  # boxes in two columns where there is room
    width: int = 0  # in characters
    rows: int = 0
    type: str = ""
    inputmode: str = ""
    autocomplete: str = ""
    spellcheck: bool = True
    prefix: str = ""
    suffix: str = ""

    def box(self) -> dict[str, Any]:
        """Return the parameters of something that is typed into: a label, a width, a keyboard."""
        said = {
            "label": {"classes": f"govuk-label--{self.size}"} if self.size else {},
            "classes": f"govuk-input--width-{self.width}" if self.width else "",
            "rows": self.rows,
            "type": self.type,
            "inputmode": self.inputmode,
            "autocomplete": self.autocomplete,
            "prefix": {"text": self.prefix} if self.prefix else {},
            "suffix": {"text": self.suffix} if self.suffix else {},
        }
        return {name: value for name, value in said.items() if value} | (
            {} if self.spellcheck else {"spellcheck": False}
        )

    def group(self, legend: str, block: str) -> dict[str, Any]:
        """Return the parameters of a group of boxes under a legend; `block` is the component's class."""
        classes = (
            f"{block}--small" if self.is_small else "",
            f"{block}--inline" if self.is_inline else "",
            "app-columns" if self.in_columns else "",
        )
        drawn: dict[str, Any] = {"classes": " ".join(filter(None, classes))} if any(classes) else {}
        if self.size:
            heading = {"isPageHeading": True} if self.is_heading else {}
            drawn["fieldset"] = {
                "legend": {"text": legend, "classes": f"govuk-fieldset__legend--{self.size}", **heading}
            }
        return drawn


PLAIN, SMALL, MEDIUM = Look(), Look(size="s"), Look(size="m")
