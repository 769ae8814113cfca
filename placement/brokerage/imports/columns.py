"""The columns of a file of referrals: a row each. Template, reading, errors and the page's own table read this one."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from placement.domain.carers import CARERS
from placement.domain.contacts import is_telephone
from placement.domain.errors import Invalid
from placement.domain.features import FEATURES
from placement.domain.funding import FUNDINGS
from placement.domain.kinds import KINDS
from placement.domain.legal import LEGAL_STATUSES
from placement.domain.people import GENDER_LABELS, Gender
from placement.domain.risks import RISK
from placement.domain.services import SERVICE_TYPES, TypeWish
from placement.domain.text import code, plain
from placement.domain.typed import pence, whole_number

LONGEST_REFERENCE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportColumn:
    """One column: its heading, what stands in it, an example, and how a cell is read (Invalid says what to mend)."""

    name: str
    says: str
    example: str
    read: Callable[[str], Any]
    is_needed: bool = False


def _words(longest: int) -> Callable[[str], str]:
    def read(cell: str) -> str:
        words = plain(cell)
        if len(words) > longest:
            raise Invalid(f"Enter at most {longest} characters")
        return words

    return read


def _day(cell: str) -> date:
    for pattern in ("%Y-%m-%d", "%d/%m/%Y", "%d-%m-%Y", "%d.%m.%Y"):
        try:
            return datetime.strptime(cell.strip(), pattern).date()
        except ValueError:
            continue
    raise Invalid("Enter a date such as 2027-03-27 or 27/03/2027")


def _number(cell: str) -> int:
    found = whole_number(cell)
    if found is None or found < 1:
        raise Invalid("Enter a whole number above 0")
    return found


def _miles(cell: str) -> float:
    try:
        found = float(cell)
    except ValueError:
        found = -1
    if not 0 < found <= 500:
        raise Invalid("Enter a number of miles above 0 and up to 500")
    return found


def _money(cell: str) -> int:
    found = pence(cell)
    if not found:
        raise Invalid("Enter an amount of pounds above 0, such as 1250 or 1,250.50")
    return found


def _one_of(table: Mapping[str, str]) -> Callable[[str], str]:
    known = {key.casefold(): slug for slug, label in table.items() for key in (slug, label)}

    def read(cell: str) -> str:
        found = known.get(cell.strip().casefold())
        if found is None:
            raise Invalid(f"Enter one of: {', '.join(table)}")
        return found

    return read


def _some_of(table: Mapping[str, str], of: str = "needs") -> Callable[[str], list[str]]:
    one = _one_of(table)

    def read(cell: str) -> list[str]:
        names = [each.strip() for each in cell.replace("\n", "|").split("|") if each.strip()]
        try:
            return [one(each) for each in names]
        except Invalid:
            raise Invalid(f"Enter names from the list of {of}, with | between them") from None

    return read


def _gender(cell: str) -> Gender:
    return Gender(_one_of({gender.value: label for gender, label in GENDER_LABELS.items()})(cell))


def _telephone(cell: str) -> str:
    words = plain(cell)
    if not is_telephone(words):
        raise Invalid("Enter a telephone number, for example 024 7655 0100")
    return words


def _yes(cell: str) -> bool:
    found = {"yes": True, "no": False}.get(cell.strip().casefold())
    if found is None:
        raise Invalid("Enter yes or no")
    return found


NONE = "none"
_TYPES = {row.slug: row.label for row in SERVICE_TYPES}
_NEEDS = {feature.slug: feature.label for feature in FEATURES}
COLUMNS = (
    ImportColumn(name="reference", says="Your own reference of this referral: the same one is imported once",
                 example="EXT-0001", read=_words(LONGEST_REFERENCE), is_needed=True),
    ImportColumn(name="kind", says=f"One of {', '.join(kind.slug for kind in KINDS)}", example=KINDS[-1].slug,
                 read=_one_of({kind.slug: kind.label for kind in KINDS}), is_needed=True),
    ImportColumn(name="case_number", says="The number from the case management system", example="C-1001", read=code,
                 is_needed=True),
    ImportColumn(name="name", says="Full name", example="Full Name", read=_words(160), is_needed=True),
    ImportColumn(name="born_on", says="Date of birth", example="1961-03-27", read=_day, is_needed=True),
    ImportColumn(name="gender", says="woman, man or other. Empty: not recorded", example="woman", read=_gender),
    ImportColumn(name="postcode", says="Home postcode. Empty: no fixed address", example="CV1 5RR", read=_words(12)),
    ImportColumn(name="essential", says="Essential needs, with | between them", example="autism | pbs",
                 read=_some_of(_NEEDS)),
    ImportColumn(name="desirable", says="Desirable needs", example="garden", read=_some_of(_NEEDS)),
    ImportColumn(name="unknown", says="Needs that are not known", example="", read=_some_of(_NEEDS)),
    ImportColumn(name="near_postcode", says="Postcode that distance counts from. Empty: it does not count",
                 example="CV1 5RR", read=_words(12)),
    ImportColumn(name="max_miles", says="Furthest distance in miles", example="8", read=_miles),
    ImportColumn(name="earliest_on", says="First possible start", example="2027-03-01", read=_day),
    ImportColumn(name="latest_on", says="Latest possible start", example="2027-03-14", read=_day),
    ImportColumn(name="nights", says="Nights of the stay. Empty: no end date", example="", read=_number),
    ImportColumn(name="persons_words", says="What the person wants", example="", read=_words(4000)),
    ImportColumn(name="funding", says=f"One of {', '.join(row.slug for row in FUNDINGS)}", example="council",
                 read=_one_of({row.slug: row.label for row in FUNDINGS})),
    ImportColumn(name="types_only", says="Types of service of which it must be one, with | between them", example="",
                 read=_some_of(_TYPES, "types of service")),
    ImportColumn(name="types_wanted", says="Types of service that are wished for", example="supported_living",
                 read=_some_of(_TYPES, "types of service")),
    ImportColumn(name="types_ruled_out", says="Types of service that are ruled out", example="",
                 read=_some_of(_TYPES, "types of service")),
    ImportColumn(name="risks", says=f"Risks, with | between them, or none. Of {', '.join(RISK)}", example="falls",
                 read=_some_of({NONE: "None"} | {slug: row.label for slug, row in RISK.items()}, "risks")),
    ImportColumn(name="legal_status",
                 says=f"Legal status, with | between, or none. Of {', '.join(row.slug for row in LEGAL_STATUSES)}",
                 example="dols",
                 read=_some_of({NONE: "None"} | {row.slug: row.label for row in LEGAL_STATUSES}, "legal statuses")),
    ImportColumn(name="lives_alone", says="yes where the person must have a home to themselves", example="no",
                 read=_yes),
    ImportColumn(name="referrer_team", says="Team that refers. Providers do not see it",
                 example="Hospital social work", read=_words(120)),
    ImportColumn(name="referrer_role", says="Role of the referrer", example="social worker", read=_words(80)),
    ImportColumn(name="referrer_telephone", says="Telephone of the referrer", example="024 7655 0100",
                 read=_telephone),
    ImportColumn(name="hospital", says="Hospital where the person waits", example="", read=_words(120)),
    ImportColumn(name="ward", says="Ward in the hospital", example="", read=_words(80)),
    ImportColumn(name="carer", says=f"Who cares now: one of {', '.join(row.slug for row in CARERS)}", example="parent",
                 read=_one_of({row.slug: row.label for row in CARERS})),
    ImportColumn(name="carer_until_on", says="Until when the carer can go on. Empty: no end", example="", read=_day),
    ImportColumn(name="weekly_limit", says="Most that may be paid a week, in pounds", example="1250", read=_money),
)  # fmt: skip
TYPE_COLUMNS: Mapping[str, TypeWish] = {
    "types_only": TypeWish.ONLY, "types_wanted": TypeWish.WANTED, "types_ruled_out": TypeWish.RULED_OUT,
}  # fmt: skip
COLUMN = {column.name: column for column in COLUMNS}
