"""The floors of the house, and what every file in it must have."""

import ast
import re
import subprocess
import sys
from pathlib import Path

import pytest
from importlinter.cli import lint_imports
from jinja2 import Environment, nodes

from placement.domain.kinds import KINDS

ROOT = Path(__file__).resolve().parents[2]
# In parts, so that this file does not name them.
REGISTRIES = [
    ".".join(parts)
    for parts in (("pypi", "org"), ("pythonhosted", "org"), ("registry", "npmjs"), ("npmjs", "com"), ("yarnpkg", "com"))
]
HOME = re.compile(rf"(?<![\w.])/(?:{'home'}|Users)/\w+|(?<![\w.])/{'root'}/|[A-Z]:\\Users\\")
INDEX = re.compile(r"--(?:extra-)?index-url|^\s*registry\s*=|\"resolved\"\s*:", re.MULTILINE)


TEMPLATE = re.compile(r"\w+/[\w/]+\.html")


def tracked():
    """Return every file of the repository, or of the folder where there is no repository."""
    listed = subprocess.run(["git", "ls-files", "-z"], cwd=ROOT, capture_output=True, check=False)
    if listed.returncode == 0 and listed.stdout:
        names = listed.stdout.decode().split("\0")
        return [ROOT / name for name in names if name and (ROOT / name).is_file()]
    folders = ("placement", "migrations", "templates", "static", "tests", "docs", "benchmarks", "tools")
    files = [path for folder in folders for path in (ROOT / folder).rglob("*") if path.is_file()]
    return [path for path in (*files, *ROOT.glob("*")) if path.is_file() and "vendor" not in path.parts]


TEXTS = {"", ".py", ".html", ".css", ".js", ".md", ".cfg", ".toml", ".txt", ".in", ".json", ".ini", ".mako", ".sh"}
MODULES = [path for path in tracked() if path.suffix == ".py"]


def named(path):
    return str(path.relative_to(ROOT))


def test_imports_keep_to_the_contracts_of_setup_cfg(monkeypatch, capsys):
    monkeypatch.chdir(ROOT)
    assert lint_imports(no_cache=True) == 0, capsys.readouterr().out


def imported(path):
    """Return the top names of everything a module imports, wherever in it."""
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            yield from (alias.name.split(".")[0] for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            yield node.module.split(".")[0]


def test_the_words_of_the_trade_need_the_standard_library_and_a_calendar():
    needed = {name for path in MODULES if named(path).startswith("placement/domain/") for name in imported(path)}

    assert needed - sys.stdlib_module_names == {"placement", "holidays"}


def test_every_module_says_what_it_is_for():
    silent = [
        named(path)
        for path in MODULES
        if path.parts[len(ROOT.parts)] in ("placement", "migrations", "tools", "benchmarks", "wsgi.py")
        and not ast.get_docstring(ast.parse(path.read_text()))
    ]
    assert silent == []


def test_no_file_names_a_package_registry_or_a_folder_of_somebodys_machine():
    wrong = []
    for path in tracked():
        if path.suffix in TEXTS and path.stat().st_size < 5_000_000:
            text = path.read_text(errors="replace")
            wrong += [(named(path), host) for host in REGISTRIES if host in text]
            patterns = [HOME] if path.suffix == ".py" else [HOME, INDEX]
            wrong += [(named(path), found.group()) for found in (each.search(text) for each in patterns) if found]
            if len(ROOT.parts) > 2 and f"{ROOT}/" in text:
                wrong.append((named(path), str(ROOT)))
    assert wrong == []


def test_no_module_has_a_name_that_says_nothing():
    empty = {"utils", "util", "helpers", "common", "misc", "manager", "data", "info"}
    assert [named(path) for path in MODULES if path.stem in empty] == []


def test_every_module_of_the_engine_has_its_mirror_among_the_tests_and_its_room_there():
    engine, tests = ROOT / "placement" / "matching", ROOT / "tests" / "matching"
    modules = [path.relative_to(engine) for path in engine.rglob("*.py")]
    mirrors = [
        path if path.name == "__init__.py" else path.with_name(f"test_{path.name}")
        for path in modules
        if (engine / path).read_text().strip()
    ]

    assert len(mirrors) > 50
    assert [str(path) for path in sorted(mirrors) if not (tests / path).is_file()] == []


def test_the_engine_can_be_imported_without_the_web():
    code = (
        "import sys, placement.matching.tiers.solving, placement.planning.runs, placement.brokerage.placements;"
        "print([name for name in sys.modules if name.split('.')[0] in ('flask', 'wtforms', 'werkzeug')])"
    )
    python = ROOT / ".venv" / "bin" / "python"
    ran = subprocess.run([python, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True)
    assert ran.stdout.strip() == "[]"


def rendered():
    """Return every template that a page names, by module."""
    found = {}
    for path in sorted((ROOT / "placement" / "web").rglob("*.py")):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.Constant) and isinstance(node.value, str) and TEMPLATE.fullmatch(node.value):
                found.setdefault(node.value, []).append(named(path))
    return found


def referred(text):
    """Return every template that a template extends, includes or imports."""
    tree = Environment(autoescape=True).parse(text)
    kinds = (nodes.Extends, nodes.Include, nodes.Import, nodes.FromImport)
    return [each.template.value for each in tree.find_all(kinds) if isinstance(each.template, nodes.Const)]


def test_every_template_that_is_named_is_there_and_every_one_that_is_there_is_named():
    folder = ROOT / "templates"
    there = {str(path.relative_to(folder)) for path in folder.rglob("*.html")}
    by_templates = {name for path in folder.rglob("*.html") for name in referred(path.read_text())}
    by_pages = set(rendered())

    assert {name for name in by_pages | by_templates if name.split("/")[0] != "govuk_frontend_jinja"} - there == set()
    assert there - by_pages - by_templates == set()


@pytest.mark.parametrize("role", ["broker", "provider", "commissioner", "admin"])
def test_pages_of_a_role_name_templates_of_their_own_role_only(role):
    own = {name: paths for name, paths in rendered().items() if any(f"pages/{role}/" in path for path in paths)}
    assert own
    assert [name for name in own if name.split("/")[0] != role] == []


def test_templates_hold_no_script_and_no_style_of_their_own():
    for path in (ROOT / "templates").rglob("*.html"):
        text = path.read_text()
        assert not re.search(r"<script(?![^>]*(?:src=|nonce=))", text), named(path)
        assert not re.search(r"<style|\sstyle=|\son(?:click|load|change|submit|input)=|javascript:", text), named(path)
        assert not re.search(r"[^'\"\s]\s*\|\s*safe\b", text), f"{named(path)}: nothing but our own words is trusted"


def test_the_commit_belongs_to_the_page_and_to_nobody_below():
    for path in MODULES:
        if named(path).startswith(
            ("placement/records/", "placement/market/", "placement/brokerage/", "placement/web/pages")
        ):
            called = {
                node.func.attr
                for node in ast.walk(ast.parse(path.read_text()))
                if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute)
            }
            assert "commit" not in called, named(path)


def words_of(text):
    """Return every string that a module writes out."""
    tree = ast.parse(text)
    return {node.value for node in ast.walk(tree) if isinstance(node, ast.Constant) and isinstance(node.value, str)}


def test_a_kind_of_referral_is_one_row_and_nothing_else_asks_for_its_name():
    slugs = {kind.slug for kind in KINDS}
    own = (
        "placement/domain/kinds.py",
        "placement/demo/",
        "placement/matching/judging/points.py",
    )  # points: the engine's own
    product = [path for path in MODULES if named(path).startswith("placement/") and not named(path).startswith(own)]
    asking = {named(path): found for path in product if (found := words_of(path.read_text()) & slugs)}
    templates = {
        named(path): found
        for path in (ROOT / "templates").rglob("*.html")
        if (found := set(re.findall(r"[\"']([a-z_]+)[\"']", path.read_text())) & slugs)
    }

    assert asking == templates == {}
    assert words_of('if kind.slug == "crisis": pass') & slugs == {"crisis"}
