"""The sections of the benchmark: each is a module with a `run(quick)` that returns its findings."""

from __future__ import annotations

from importlib import import_module
from typing import Any

SECTIONS = (
    "day",
    "side-rules",
    "region",
    "quarter",
    "records",
    "country",
    "pas",
    "online",
    "answered",
    "stability",
    "explanations",
    "values",
    "waves",
    "forgetful",
    "growth",
)
"""In the order of the document."""


def run(name: str, quick: bool) -> dict[str, Any]:
    """Run a section and return its findings as JSON values. Imports it here: naming sections loads no solver."""
    module = import_module(f"benchmarks.sections.{name.replace('-', '_')}")
    found: dict[str, Any] = module.run(quick).to_dict()
    return found
