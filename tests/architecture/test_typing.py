"""What people type is read in one place: every form's text as `domain.text` reads it, and required means entered."""

import inspect
import re
from importlib import import_module
from pathlib import Path

import pytest
from flask_wtf import FlaskForm
from wtforms import StringField
from wtforms.fields.core import UnboundField

from placement.web.forms.entered import Entered
from tests.conftest import ROOT

WEB = ROOT / "placement" / "web"


def forms():
    """Return every form class of the product."""
    found = {}
    for path in sorted(WEB.rglob("*.py")):
        module = import_module(".".join(path.relative_to(ROOT).with_suffix("").parts).removesuffix(".__init__"))
        for name, kind in inspect.getmembers(module, inspect.isclass):
            if issubclass(kind, FlaskForm) and kind.__module__.startswith("placement."):
                found[f"{kind.__module__}.{name}"] = kind
    return found


FORMS = forms()


def texts(form):
    """Return the name and filters of every field of a form that takes text, a password apart."""
    for name in dir(form):
        field = getattr(form, name)
        if isinstance(field, UnboundField) and field.field_class.__name__ in ("StringField", "TextAreaField"):
            filters = field.kwargs.get("filters") or (field.args[2] if len(field.args) > 2 else ())
            yield name, filters


@pytest.mark.parametrize("name", FORMS)
def test_every_text_of_a_form_is_read_in_one_place(name):
    for field, filters in texts(FORMS[name]):
        assert filters, f"{name}.{field} is made past placement.web.forms.fields"
        assert [read("\u00a0Ann\u00a0") for read in filters] == ["Ann"]
        with pytest.raises(ValueError, match="hidden character"):
            filters[0]("Ann\u202eOther")


def test_some_forms_have_texts_and_one_that_reads_past_it_is_seen():
    assert sum(1 for form in FORMS.values() for _ in texts(form)) >= 15

    class Past(FlaskForm):
        name = StringField("Name")

    assert list(texts(Past)) == [("name", ())]


def test_nothing_required_is_judged_before_it_is_read():
    """WTForms' own validators look at what was sent: a no-break space is a name to one and a date to the other."""
    asking = [
        str(path.relative_to(ROOT))
        for path in WEB.rglob("*.py")
        if re.search(r"\b(InputRequired|DataRequired)\b", path.read_text())
    ]
    assert asking == []
    assert Entered("Enter a name").message


def test_no_page_strips_text_by_itself():
    pages = [
        path for path in Path(WEB / "pages").rglob("*.py") if re.search(r"request\.\w+.*\.strip\(", path.read_text())
    ]
    assert pages == []
