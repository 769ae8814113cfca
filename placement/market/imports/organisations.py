"""Which providers an import adds, names anew, or recognises as one that somebody added without its CQC id."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Mapping, Set
from datetime import date

from placement.market.imports.changes import Action, Note, RegisterChange, differences
from placement.market.imports.cqc.combine import Combined
from placement.market.imports.facts import LONGEST
from placement.market.imports.register import Register, StoredProvider

UNNAMED = "CQC provider {}"
PROVIDER_ENDED = "The provider's registration ended{}, and {} still listed"


def provider_changes(
    register: Register, combined: Combined, runs: Mapping[str, Set[int | None]]
) -> tuple[RegisterChange, ...]:
    """Return what becomes of providers; `runs` holds, for each CQC id of one, the rows whose services it now runs.

    A row that has no CQC id yet is taken to be the organisation if all its services in the files are of that one.
    """
    names = provider_names(combined)
    known = {each.cqc_id: each for each in register.providers.values() if each.cqc_id}
    adopted = _adopted(register, {cqc_id: rows for cqc_id, rows in runs.items() if cqc_id not in known})
    changes = []
    for cqc_id in sorted({*runs, *(names.keys() & known.keys())}):
        stored = known.get(cqc_id) or adopted.get(cqc_id)
        changes.append(_change(cqc_id, names.get(cqc_id, ""), stored))
    return tuple(change for change in changes if change.fields)


def ended_providers(register: Register, combined: Combined, on: date) -> list[Note]:
    """Return a note for each provider whose registration has ended and whose services are still listed."""
    listed: dict[str, int] = defaultdict(int)
    for service in register.services.values():
        listed[service.values["provider"] or ""] += bool(service.values["is_listed"])
    notes = []
    for key, provider in combined.providers.items():
        ended_on = provider.deregistered_on
        has_ended = ended_on <= on if ended_on else provider.is_registered is False
        if has_ended and listed[key]:
            services = "1 of its services is" if listed[key] == 1 else f"{listed[key]} of its services are"
            words = PROVIDER_ENDED.format(f" on {ended_on.isoformat()}" if ended_on else "", services)
            notes.append(Note(cqc_id=key, words=words, file="", row=0))
    return notes


def provider_names(combined: Combined) -> dict[str, str]:
    """Return the name of every provider that the files name."""
    names: dict[str, str] = {}
    for location in combined.locations.values():
        if location.provider_id and location.provider_name:
            names.setdefault(location.provider_id, location.provider_name)
    names |= {provider_id: provider.name for provider_id, provider in combined.providers.items()}
    return {provider_id: name[: LONGEST["name"]] for provider_id, name in names.items()}


def _adopted(register: Register, runs: Mapping[str, Set[int | None]]) -> dict[str, StoredProvider]:
    claims: dict[int, set[str]] = defaultdict(set)
    for cqc_id, rows in runs.items():
        for row_id in rows:
            if row_id is not None and register.providers[row_id].cqc_id is None:
                claims[row_id].add(cqc_id)
    adopted: dict[str, StoredProvider] = {}
    for row_id, ids in sorted(claims.items()):
        if len(ids) == 1:
            adopted.setdefault(min(ids), register.providers[row_id])
    return adopted


def _change(cqc_id: str, name: str, stored: StoredProvider | None) -> RegisterChange:
    old = {"cqc_id": stored.cqc_id, "name": stored.name} if stored else {}
    name = name or (stored.name if stored else UNNAMED.format(cqc_id))
    return RegisterChange(
        action=Action.UPDATED if stored else Action.ADDED,
        subject="provider",
        cqc_id=cqc_id,
        name=name,
        row_id=stored.row_id if stored else None,
        fields=differences(old, {"cqc_id": cqc_id, "name": name}),
    )
