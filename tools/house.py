"""Measure the house: floors and circles of imports, sizes, and names that stand for two things.

`python tools/house.py [--checkout FOLDER]` prints one line a figure, so that two versions can be laid side by side.
"""

from __future__ import annotations

import argparse
import ast
import re
import sys
from collections import Counter, defaultdict
from collections.abc import Iterator
from pathlib import Path
from statistics import median

import grimp

ROOMS = ("placement", "placement.matching")


def floors(package: str, root: str) -> tuple[int, int]:
    """Return how many floors the modules of a package stand on, one above all that it imports, and how many circles.

    Modules that import each other in a circle stand on one floor.
    """
    graph = grimp.build_graph(root)
    inside = {name for name in graph.modules if name.startswith(f"{package}.")}
    below = {name: graph.find_modules_directly_imported_by(name) & inside for name in inside}
    groups = list(_circles(below))
    group_of = {name: number for number, group in enumerate(groups) for name in group}
    height: dict[int, int] = {}

    def rise(number: int) -> int:
        if number not in height:
            under = {group_of[each] for name in groups[number] for each in below[name]} - {number}
            height[number] = 1 + max((rise(each) for each in under), default=0)
        return height[number]

    return max((rise(number) for number in range(len(groups))), default=0), sum(len(group) > 1 for group in groups)


def rooms(package: str, root: str) -> tuple[int, int]:
    """Return the floors and circles of the rooms directly inside a package, each taken as one."""
    graph = grimp.build_graph(root)
    for child in graph.find_children(package):
        graph.squash_module(child)
    below = {
        name: graph.find_modules_directly_imported_by(name) & graph.find_children(package)
        for name in graph.find_children(package)
    }
    groups = list(_circles(below))
    height: dict[str, int] = {}

    def rise(name: str, seen: frozenset[str] = frozenset()) -> int:
        if name not in height:
            under = below[name] - seen - {name}
            height[name] = 1 + max((rise(each, seen | {name}) for each in under), default=0)
        return height[name]

    return max(map(rise, below), default=0), sum(len(group) > 1 for group in groups)


def _circles(below: dict[str, set[str]]) -> Iterator[set[str]]:
    """Yield the strongly connected groups of a graph (Tarjan 1972)."""
    index: dict[str, int] = {}
    low: dict[str, int] = {}
    stack: list[str] = []

    def visit(name: str) -> Iterator[set[str]]:
        index[name] = low[name] = len(index)
        stack.append(name)
        for other in sorted(below[name]):
            if other not in index:
                yield from visit(other)
                low[name] = min(low[name], low[other])
            elif other in stack:
                low[name] = min(low[name], index[other])
        if low[name] == index[name]:
            group = set()
            while name not in group:
                group.add(stack.pop())
            yield group

    for name in sorted(below):
        if name not in index:
            yield from visit(name)


def names(folder: Path) -> dict[str, list[str]]:
    """Return every class name of the product that is defined in more than one module."""
    found: defaultdict[str, list[str]] = defaultdict(list)
    for path in sorted(folder.rglob("*.py")):
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(str(path.relative_to(folder.parent)))
    return {name: where for name, where in found.items() if len(where) > 1}


def sizes(folder: Path) -> Iterator[str]:
    """Yield the sizes of files and functions."""
    lines = {path: len(path.read_text().splitlines()) for path in folder.rglob("*.py")}
    lengths = [
        node.end_lineno - node.lineno + 1
        for path in lines
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.end_lineno
    ]
    yield f"modules: {len(lines)}, lines {sum(lines.values()):,}"
    yield f"lines of a module: {median(lines.values()):.0f} in the middle, {max(lines.values())} at most"
    yield f"lines of a function: {median(lengths):.0f} in the middle, {max(lengths)} at most"


def markup(folder: Path) -> Iterator[str]:
    """Yield how much of a page is written by hand outside the macros."""
    pages = {path: path.read_text() for path in folder.rglob("*.html") if "macros" not in path.parts}
    counted = Counter[str]()
    for text in pages.values():
        counted["hand-written th"] += len(re.findall(r"<th[ >]", text))
        counted["hand-written link buttons"] += len(re.findall(r"<a [^>]*class=\"govuk-button", text))
        counted["hand-written summary rows"] += text.count("govuk-summary-list__row")
        counted["label or fieldset dictionaries"] += len(re.findall(r'\{"(?:label|fieldset)":', text))
        counted["lines over 200 characters"] += sum(len(line) > 200 for line in text.splitlines())
    yield from (f"{what}: {count}" for what, count in counted.items())


def main() -> None:
    """Print every figure of a checkout."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else "")
    parser.add_argument("--checkout", type=Path, default=Path(__file__).parents[1])
    home = parser.parse_args().checkout.resolve()
    sys.path.insert(0, str(home))
    for package in ROOMS:
        print("{}: {} floors of modules, {} circles".format(package, *floors(package, "placement")))
        print("{}: {} floors of rooms, {} circles".format(package, *rooms(package, "placement")))
    for line in (*sizes(home / "placement"), *markup(home / "templates")):
        print(line)
    twice = names(home / "placement")
    print(f"class names that stand twice: {len(twice)}")
    for name, where in sorted(twice.items()):
        print(f"  {name}: {', '.join(where)}")


if __name__ == "__main__":
    main()
