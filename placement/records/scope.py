"""What a session sees is narrowed here, once, before any question is sent.

The scope is set where a session is opened (`sessions.py`). A council's session sees its own rows, and the services that
it can place people in. What must count everybody, whoever asks, says so with EVERY_COUNCIL: places taken by another
council's people are taken.
"""

from __future__ import annotations

from typing import Any

from sqlalchemy import event, inspect, or_, select
from sqlalchemy.orm import MANYTOONE, ORMExecuteState, Session, UOWTransaction, sessionmaker, with_loader_criteria

from placement.domain.councils import COVENTRY
from placement.records.councils import OfCouncil, ServiceCouncil, scope_of
from placement.records.providers import Provider, Service


def narrow(factory: sessionmaker[Session]) -> None:
    """Put the scope on every session of a factory."""
    event.listen(factory, "do_orm_execute", _narrow)
    event.listen(factory, "before_flush", _stamp)


def _narrow(asked: ORMExecuteState) -> None:
    council = scope_of(asked.session)
    if council is None or asked.execution_options.get("every_council"):
        return
    if asked.is_column_load or asked.is_relationship_load:  # of rows that were narrowed when they were asked for
        return
    if asked.is_select or asked.is_update or asked.is_delete:
        asked.statement = asked.statement.options(*_criteria(council))


def _criteria(council: str) -> list[Any]:
    placeable = select(ServiceCouncil.service_id).where(ServiceCouncil.council == council)
    known = select(Service.provider_id).where(Service.id.in_(placeable))
    return [
        with_loader_criteria(OfCouncil, lambda table: table.council == council, include_aliases=True),
        with_loader_criteria(Service, Service.id.in_(placeable), include_aliases=True, propagate_to_loaders=False),
        with_loader_criteria(
            Provider,
            or_(Provider.keeper == council, Provider.id.in_(known)),
            include_aliases=True,
            propagate_to_loaders=False,  # where somebody lives is told, whatever has become of the service since
        ),
    ]


def _stamp(session: Session, _context: UOWTransaction, _instances: object) -> None:
    """New rows belong to the session's council, and where it works for all, to that of the row they hang on.

    Raises ValueError for a row of another council: it would not be seen.
    """
    council = scope_of(session)
    for row in list(session.new):
        if isinstance(row, OfCouncil):
            _belong(row, "council", council or _inherited(session, row), council)
        elif isinstance(row, Provider):
            _belong(row, "keeper", council, council)
        elif isinstance(row, Service) and not row.councils:
            row.councils.append(ServiceCouncil(council=council or COVENTRY.code))


def _belong(row: Any, column: str, own: str | None, council: str | None) -> None:
    if getattr(row, column) is None:
        setattr(row, column, own or COVENTRY.code)
    elif council is not None and getattr(row, column) != council:
        raise ValueError(f"a {type(row).__name__} of another council")


def _inherited(session: Session, row: OfCouncil) -> str | None:
    """Return the council of the first row of a council that this one points at: a provider's no is its referral's."""
    mapper = inspect(type(row))
    for relation in mapper.relationships:
        above = relation.mapper.class_
        if relation.direction is not MANYTOONE or not issubclass(above, OfCouncil):
            continue
        (column,) = relation.local_columns
        number = getattr(row, mapper.get_property_by_column(column).key)
        parent = getattr(row, relation.key) or (session.get(above, number) if number is not None else None)
        if parent is not None:
            return parent.council or _inherited(session, parent)
    return None
