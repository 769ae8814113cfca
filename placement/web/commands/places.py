"""`flask geography` and `flask demo` over this copy's records."""

from __future__ import annotations

import click
from flask_migrate import upgrade
from sqlalchemy import inspect

from placement.domain.clocks import today
from placement.domain.people import SYSTEM
from placement.geography.gazetteer import Gazetteer, build_gazetteer
from placement.geography.wards import WardSet
from placement.records.ward_sets import gazetteer_for, save_ward_set
from placement.web.commands.demo import build_group as build_demo
from placement.web.commands.geography import build_group
from placement.web.extensions import config, store


def _gazetteer() -> Gazetteer:
    settings = config()
    if not inspect(store().engine).has_table("ward_set"):  # a copy that has never been started can still be asked
        return build_gazetteer(on=today(settings.clock()))
    with store().reading() as session:
        return gazetteer_for(
            session,
            on=today(settings.clock()),
            geocoder=settings.geocoder,
            geocoder_options=settings.geocoder_options,
        )


def _save(ward_set: WardSet) -> None:
    upgrade()
    with store().writing() as session:
        save_ward_set(session, ward_set, by=SYSTEM, now=config().clock())


geography: click.Group = build_group(_gazetteer, _save)
demo: click.Group = build_demo(store, _gazetteer, lambda: config().clock())
