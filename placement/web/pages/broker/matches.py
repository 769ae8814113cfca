"""Ranked matches, comparing some of them, and why not."""

from __future__ import annotations

from collections.abc import Sequence
from typing import TypeVar

from flask import render_template, request
from flask.typing import ResponseReturnValue

from placement.brokerage.changes import WORDS, last_change
from placement.brokerage.referrals import referral as referral_with
from placement.domain.text import readable
from placement.matching.judging.rules import RULE
from placement.planning.asking import answers_so_far
from placement.planning.giving_way import way_of
from placement.planning.shortlists import ListedMatch, RefusedMatch, Shortlist, shortlist
from placement.records.pages import Page, cut
from placement.web.access import current_actor
from placement.web.forms.hidden import ids
from placement.web.pages.broker import blueprint
from placement.web.pages.broker.series import to_series
from placement.web.paging import place
from placement.web.transactions import now, reading

U = TypeVar("U", ListedMatch, RefusedMatch)
SHOWN = 10
NEAR = 5
NEAREST = 15
BESIDE = 4
"""How many places fit beside each other on a page and in a head."""


@blueprint.get("/referrals/<int:referral_id>/matches")
def matches(referral_id: int) -> ResponseReturnValue:
    """Show the best places in order, what nearly fits, and why every other one was not offered."""
    found = referral_with(reading(), referral_id, actor=current_actor())
    if away := to_series(found):
        return away
    every = shortlist(reading(), found, now=now())
    is_all, rule = request.args.get("all") == "1", request.args.get("rule", "")
    words, rule = readable(request.args.get("service", ""))[:80], rule if rule in RULE else ""
    listed = [each for each in every.listed if _is_named(each, words)]
    refused = [each for each in every.refused if (not rule or rule in each.rules) and _is_named(each, words)]
    all_refused = bool(rule or words) or request.args.get("refused") == "all"
    return render_template(
        "broker/matches.html",
        referral=found,
        listed=_page(listed, "listed", is_whole=is_all or bool(words), first=SHOWN),
        is_all=is_all,
        every=every,
        inside=sum(each.is_in_city for each in every.listed),
        near=() if rule or words else every.near[:NEAR],
        refused=_page(refused, "refused", is_whole=all_refused, first=NEAREST),
        all_refused=all_refused,
        rule=RULE[rule] if rule else None,
        words=words,
        said=answers_so_far(reading(), found.kind),
        beside=BESIDE,
        ways={each.unit.id: way_of(each, found.support) for each in every.near[:NEAR]},
        change=last_change(reading(), found),
        change_words=WORDS,
    )


@blueprint.get("/referrals/<int:referral_id>/compare")
def compare(referral_id: int) -> ResponseReturnValue:
    """Show some of the places that fit beside each other; of one that does not fit any more, that it does not."""
    found = referral_with(reading(), referral_id, actor=current_actor())
    if away := to_series(found):
        return away
    every, wanted = shortlist(reading(), found, now=now()), ids(" ".join(request.args.getlist("unit")))
    return render_template(
        "broker/compare.html",
        referral=found,
        beside=[each for each in every.listed if each.unit.id in wanted][:BESIDE],
        gone=_gone(every, wanted),
        left_out=max(0, len(wanted) - BESIDE),
        most=BESIDE,
        said=answers_so_far(reading(), found.kind),
    )


def _gone(every: Shortlist, wanted: Sequence[int]) -> list[RefusedMatch]:
    return [each for each in every.refused if each.unit.id in wanted]


def _is_named(match: ListedMatch | RefusedMatch, words: str) -> bool:
    """Return whether a service, its provider or its postcode has these words in it; no words are in every one."""
    service = match.unit.service
    return any(words.lower() in text.lower() for text in (service.name, service.provider.name, service.postcode))


def _page(found: Sequence[U], of: str, *, is_whole: bool, first: int) -> Page[U]:
    """Return a page of a list by its units' numbers; of one that is not asked for as a whole, its beginning."""
    numbers = [each.unit.id for each in found]
    return cut(found, numbers, at=place(of)) if is_whole else cut(found, numbers, size=first)
