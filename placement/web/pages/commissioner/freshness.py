"""How fresh the numbers are: the share, week by week, whose are stale, and reminding them."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass

from flask import flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue

from placement.domain.text import amount
from placement.market.freshness import ServiceFreshness, stale
from placement.market.reminders import Chased, Reachable, chase, reach
from placement.records.pages import cut
from placement.reports.freshness import fresh_shares
from placement.web.access import current_actor
from placement.web.forms.hidden import ids
from placement.web.pages.commissioner import blueprint
from placement.web.paging import place
from placement.web.transactions import committing, now, reading


@dataclass(frozen=True, slots=True, kw_only=True)
class StaleRow:
    """One service whose numbers should be confirmed, and whom a reminder reaches there."""

    known: ServiceFreshness
    reach: Reachable


Narrowed = Callable[[StaleRow], bool]
TABS: Mapping[str, tuple[str, Narrowed]] = {
    "": ("All", lambda row: True),
    "silent": ("Reminders stopped", lambda row: row.known.silent_since is not None),
    "asked": ("Asked for a place now", lambda row: row.known.is_wanted),
    "doubtful": ("In doubt", lambda row: row.known.doubted_at is not None),
    "never": ("Never reported", lambda row: row.known.oldest is None),
    "unreachable": ("Not reached by e-mail", lambda row: not row.reach.people),
}


@blueprint.get("/freshness")
def freshness() -> ResponseReturnValue:
    """Show what share of the numbers is fresh, and the services whose are not, the most pressing first."""
    show, rows = _show(request.args.get("show", "")), _rows()
    found = [row for row in rows if TABS[show][1](row)]
    shares = fresh_shares(reading(), now=now())
    return render_template(
        "commissioner/freshness.html",
        shares=shares,
        share=shares[-1],
        page=cut(found, [row.known.service.id for row in found], at=place()),
        reachable=sum(bool(row.reach.people) for row in found),
        show=show,
        tabs=[(slug, label, sum(has(row) for row in rows)) for slug, (label, has) in TABS.items()],
    )


@blueprint.post("/freshness/reminders")
def remind() -> ResponseReturnValue:
    """Remind the ticked services, or all of the list."""
    show = _show(request.form.get("show", ""))
    chosen: Sequence[int] = ids(" ".join(request.form.getlist("service")))
    if request.form.get("all") == "1":
        chosen = [row.known.service.id for row in _rows() if TABS[show][1](row)]
    if not chosen:
        flash("Tick the services first.")
        return redirect(url_for("commissioner.freshness", show=show or None))
    with committing() as unit:
        done = chase(unit, chosen, by=current_actor(), now=now())
    flash(_told(done))
    return redirect(url_for("commissioner.freshness", show=show or None))


def _show(wanted: str) -> str:
    return wanted if wanted in TABS else ""


def _rows() -> list[StaleRow]:
    """Return the services to confirm: those that have stopped answering, then those asked now, then the oldest."""
    known = stale(reading(), now=now())
    reached = reach(reading(), [row.service for row in known])
    rows = [StaleRow(known=row, reach=reached[row.service.id]) for row in known]
    return sorted(rows, key=_pressing)


def _pressing(row: StaleRow) -> tuple[bool, bool, bool, float]:
    each = row.known
    age = -each.oldest.reported_at.timestamp() if each.oldest else 0.0
    return each.silent_since is None, not each.is_wanted, each.doubted_at is None, -age


def _told(done: Chased) -> str:
    """Return what was sent, what will be, and who cannot be reached."""
    parts = (
        (done.now, "{} reminded now."),
        (done.later, "{} will be reminded in the morning, if the numbers are still old then: everybody there has had "
                     "today’s e-mail, or it is night."),
        (done.unreachable, "{} cannot be reached by e-mail: ring them. They stand under “Not reached by e-mail”."),
    )  # fmt: skip
    said = [words.format(amount(len(some), "service")) for some, words in parts if some]
    return " ".join(said) or "Nobody is reminded: these numbers have been confirmed meanwhile."
