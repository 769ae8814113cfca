"""One word, one thing: a reader knows a class from its name alone."""

import ast
from collections import defaultdict

from tests.conftest import ROOT


def classes(paths):
    """Return the modules of each public class of the product, by its name."""
    found = defaultdict(list)
    for path in paths:
        for node in ast.parse(path.read_text()).body:
            if isinstance(node, ast.ClassDef) and not node.name.startswith("_"):
                found[node.name].append(str(path.relative_to(ROOT)))
    return found


def test_no_class_name_stands_for_two_things():
    known = classes(sorted((ROOT / "placement").rglob("*.py")))

    assert len(known) > 300
    assert {name: where for name, where in known.items() if len(where) > 1} == {}


def test_every_class_in_the_glossary_is_there():
    text = (ROOT / "docs" / "words.md").read_text()
    named = {words.rsplit(".", 1)[-1] for cell in text.split("`")[1::2] for words in [cell] if words[:1].isalpha()}
    known = classes((ROOT / "placement").rglob("*.py"))
    wanted = {name for name in named if name[:1].isupper() and not name.isupper()}

    assert len(wanted) > 25
    assert wanted - set(known) - {"ON_HOLD", "DEFERRED", "RESERVED"} == set()
