"""The results on disk: a JSON file a section, and its plots beside it, in the folder `benchmarks` of the documents."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any


def write(folder: Path, result: dict[str, Any]) -> None:
    """Write the result of one section and its plots; the JSON keeps their names only."""
    there = folder / "benchmarks"
    there.mkdir(parents=True, exist_ok=True)
    for name, drawing in result["plots"].items():
        (there / name).write_text(drawing, encoding="utf-8")
    kept = {**result, "plots": sorted(result["plots"])}
    text = json.dumps(kept, ensure_ascii=False, indent=1, allow_nan=False)
    (there / f"{result['section']}.json").write_text(text + "\n", encoding="utf-8")


def read(folder: Path) -> dict[str, dict[str, Any]]:
    """Return every result there is, by section."""
    found = [json.loads(path.read_text(encoding="utf-8")) for path in sorted((folder / "benchmarks").glob("*.json"))]
    return {result["section"]: result for result in found}
