"""Every look has one place: a component is a macro, a field knows its size, a colour and a rule are written once."""

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
TEMPLATES = ROOT / "templates"
STYLES = {ROOT / "static" / "placement.css": 100, ROOT / "static" / "paper.css": 25}
"""Each stylesheet of ours, and how many rules are read in it at least."""
LONGEST = 120  # characters in a line of a template
TALLEST = 100  # lines in a template
BY_HAND = {
    "a table's head": r"<t(?:able|head|h)\b",
    "a button": r"<button\b[^>]*data-prevent-double-click|<a\b[^>]*\bgovuk-button\b",
    "a summary list": r"<dl\b|govuk-summary-list",
    "details": r"<details class=\"govuk-details|govuk-details__",
    "a field's look": r"params\s*=|[{,]\s*\"(?:label|fieldset|legend|classes|inputmode)\"\s*:",
    "a table of words": r"\{\s*\"[^\"]*\"\s*:\s*\"[^\"]*\"[^}]*\}\s*\[",
}
DECLARATION = re.compile(r"([\w-]+)\s*:\s*([^;]+);")
COLOUR = re.compile(r"#[0-9a-fA-F]{3,8}\b|\brgba?\(")


def by_hand(text):
    """Return what a template writes out that a macro or a field is there for."""
    return [what for what, pattern in BY_HAND.items() if re.search(pattern, text)]


def rules(css):
    """Yield (media, selector, properties) of every rule, one selector at a time."""
    css = re.sub(r"/\*.*?\*/", "", css, flags=re.DOTALL)
    for media, block in re.findall(r"(@media[^{]+)\{((?:[^{}]*\{[^{}]*\})*)\s*\}", css):
        yield from _rules_in(media.strip(), block)
    yield from _rules_in("", re.sub(r"@media[^{]+\{(?:[^{}]*\{[^{}]*\})*\s*\}", "", css))


def _rules_in(media, block):
    for selectors, body in re.findall(r"([^{}]+)\{([^{}]*)\}", block):
        properties = {name for name, _ in DECLARATION.findall(body + ";")}
        for selector in selectors.split(","):
            yield media, " ".join(selector.split()), properties


def said_twice(css):
    """Return every selector that is given a property in two places, or one rule in two: it must be one rule."""
    seen, twice = {}, []
    for media, selector, properties in rules(css):
        known = seen.setdefault((media, selector), set())
        twice += [f"{selector}: {name}" for name in sorted(known & properties)]
        known |= properties
    return twice


def named_twice(css):
    """Return every colour that is written outside the list of names, or has two names."""
    names = re.search(r":root\s*\{([^}]*)\}", css)
    listed = COLOUR.findall(names[1]) if names else []
    return COLOUR.findall(css.replace(names[0], "") if names else css) + [
        each for each in set(listed) if listed.count(each) > 1
    ]


def pages():
    return [path for path in sorted(TEMPLATES.rglob("*.html")) if "macros" not in path.relative_to(TEMPLATES).parts]


def named(path):
    return str(path.relative_to(ROOT))


@pytest.mark.parametrize("path", pages(), ids=named)
def test_a_page_calls_macros_and_names_fields(path):
    assert by_hand(path.read_text()) == []


@pytest.mark.parametrize(
    "written",
    [
        '<th scope="col">Name</th>',
        '<table class="govuk-table">',
        '<a class="govuk-button" href="/">Go</a>',
        '<a href="/" class="govuk-button govuk-button--secondary">Go</a>',
        '<button type="submit" class="govuk-button" data-prevent-double-click="true">Save</button>',
        '<dl class="govuk-summary-list"></dl>',
        '<div class="govuk-summary-list__row"></div>',
        '<details class="govuk-details"></details>',
        '{{ form.name(params={"classes": "govuk-input--width-3"}) }}',
        '{{ input({"id": "a", "label": {"text": "A"}}) }}',
        '{{ radios({"fieldset": {}}) }}',
        '{{ {"any": "anyone", "men": "men only"}[unit.gender] }}',
    ],
)
def test_what_is_written_by_hand_is_seen(written):
    assert by_hand(written)


@pytest.mark.parametrize("path", sorted(TEMPLATES.rglob("*.html")), ids=named)
def test_a_template_can_be_read(path):
    lines = path.read_text().splitlines()
    assert [number for number, line in enumerate(lines, start=1) if len(line) > LONGEST] == []
    assert len(lines) <= TALLEST


@pytest.mark.parametrize("styles", STYLES, ids=named)
def test_no_rule_and_no_colour_is_written_twice(styles):
    css = styles.read_text()
    assert len(list(rules(css))) > STYLES[styles]
    assert said_twice(css) == []
    assert named_twice(css) == []


def test_a_rule_or_colour_that_is_written_twice_is_seen():
    assert said_twice(".a { color: red; } .b, .a { color: blue; margin: 0; }") == [".a: color"]
    assert said_twice("@media print { .a { color: red; } } @media print { .a { color: red; } }") == [".a: color"]
    assert said_twice(".a { color: red; } .a { margin: 0; } @media print { .a { color: blue; } }") == []
    assert named_twice(":root { --a: #fff; } .a { color: #fff; }") == ["#fff"]
    assert named_twice(":root { --a: #fff; --b: #fff; }") == ["#fff"]


def test_every_class_of_ours_that_has_a_rule_is_used():
    used = "".join(
        path.read_text()
        for folder, suffix in ((TEMPLATES, "*.html"), (ROOT / "static", "*.js"), (ROOT / "placement" / "web", "*.py"))
        for path in folder.rglob(suffix)
        if "vendor" not in path.parts
    )
    ours = re.compile(r"\.((?:app-|paper)[\w-]*)")
    found = {name for css in STYLES for _, selector, _ in rules(css.read_text()) for name in ours.findall(selector)}
    made = re.compile(r"^(app-map__(?:area|label|number))--\w+$")  # the band comes from the drawing
    assert [name for name in sorted(found) if made.sub(r"\1--", name) not in used] == []


def test_every_form_that_changes_something_carries_its_marks():
    """Its token and its number are written by `form_marks()`, and by nobody's own hand."""
    forms = re.compile(r'<form\b[^>]*method="post"[^>]*>(.*?)</form>', re.DOTALL)
    bare = re.compile(r'name="csrf_token"|\bcsrf_token\b')
    wrong = []
    for path in sorted(TEMPLATES.rglob("*.html")):
        text = path.read_text()
        carrying = [form for form in forms.findall(text) if "form_marks()" not in form and "carried(" not in form]
        wrong += [named(path)] if carrying or bare.search(text) else []
    assert wrong == []
