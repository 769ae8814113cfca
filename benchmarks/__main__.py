"""`python -m benchmarks [SECTION…] [--quick] [--into FOLDER]`: measure, write the JSON files, render the document."""

from __future__ import annotations

import argparse
import sys
import tempfile
from pathlib import Path

from benchmarks.fresh import PieceFailed, fresh
from benchmarks.machine import machine, versions
from benchmarks.report import render
from benchmarks.results import read, write
from benchmarks.sections import SECTIONS, run


def main(arguments: list[str]) -> int:
    """Run the sections named, all if none is, one after the other; return 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks", description=__doc__)
    parser.add_argument("sections", nargs="*", metavar="SECTION", help=", ".join(SECTIONS))
    parser.add_argument("--quick", action="store_true", help="small sizes: shows that all works, measures nothing")
    parser.add_argument("--into", type=Path, help="the folder for the document; docs, or a new one with --quick")
    given = parser.parse_args(arguments)
    unknown = sorted(set(given.sections) - set(SECTIONS))
    if unknown:
        parser.error(f"no such section: {', '.join(unknown)}")
    folder: Path = given.into or Path(tempfile.mkdtemp() if given.quick else "docs")
    failed = [name for name in given.sections or SECTIONS if not _measured(name, given.quick, folder)]
    document = folder / "benchmarks.md"
    document.write_text(render(read(folder)), encoding="utf-8")
    print(f"Wrote {document}")
    return 1 if failed else 0


def _measured(name: str, quick: bool, folder: Path) -> bool:
    print(f"{name} …", flush=True)
    try:
        ran = fresh(run, name=name, quick=quick)
    except PieceFailed as error:
        print(f"{name}: {error}", file=sys.stderr)
        return False
    command = f"python -m benchmarks {name}{' --quick' if quick else ''}"
    context = {"section": name, "quick": quick, "command": command, "machine": machine(), "versions": versions()}
    write(folder, {**context, "seconds": round(ran.wall, 1), **ran.value})
    return True


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
