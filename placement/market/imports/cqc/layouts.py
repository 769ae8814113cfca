"""The column maps of CQC's delimited files. A new or renamed column is a change to a table here and nothing else."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase as fnmatch

from placement.market.imports.cqc.rows import OVERALL, Source
from placement.market.imports.cqc.tables import column_name
from placement.market.imports.cqc.terms import STATUSES


@dataclass(frozen=True, slots=True, kw_only=True)
class Layout:
    """One kind of file: how it is recognised and which column holds what.

    `service_types` and `bands` name a column with a list in it or, ending in `*`, the beginning of columns that hold Y
    or nothing. `whole_address` are the columns that may hold all of an address. `is_day_first` is the order of dates
    with slashes where the file itself does not settle it.

    Two kinds of file may have the same columns and mean the opposite. `absent` are the columns that a file of this kind
    does not have, with `*` for any words. `status` is what its status column may say, and whether that is registered.
    `unsaid` is whether a row is registered that has neither a status nor an end; None where such a row says nothing of
    it, and `must_say` where such a row cannot be believed.
    """

    source: Source
    label: str
    wanted: tuple[str, ...]
    columns: Mapping[str, str]
    address: tuple[str, ...] = ()
    whole_address: tuple[str, ...] = ("Address", "Location Address", "Full address", "Postal address")
    sector: tuple[str, ...] = ()
    service_types: str = ""
    bands: str = ""
    ratings: Mapping[str, str] = field(default_factory=dict)
    is_day_first: bool = False
    absent: tuple[str, ...] = ()
    status: Mapping[str, bool] = field(default_factory=lambda: STATUSES)
    unsaid: bool | None = True
    must_say: bool = False

    def contradiction(self, names: Iterable[str]) -> str:
        """Return the first column of a header that a file of this kind does not have, or nothing."""
        mapped = set(map(column_name, self.columns.values()))
        others = [" ".join(name.split()) for name in names if column_name(name) not in mapped]
        return next((each for each in others if any(fnmatch(column_name(each), one) for one in self.absent)), "")


# Columns that speak of an end. A layout that does not read one cannot know what its rows mean.
ENDINGS = (
    "*location*end date*",
    "provider hsca end date",
    "*de-activ*",
    "*deactiv*",
    "*de-regist*",
    "*deregist*",
    "location status",
    "status",
    "*registration status*",
    "*closed on*",
    "*closure date*",
)

HSCA_LOCATIONS = Layout(
    source=Source.HSCA_LOCATIONS,
    label="HSCA active locations",
    wanted=("Location ID", "Location HSCA start date", "Location Postal Code", "Provider ID"),
    columns={
        "location_id": "Location ID",
        "name": "Location Name",
        "provider_id": "Provider ID",
        "provider_name": "Provider Name",
        "postcode": "Location Postal Code",
        "local_authority": "Location Local Authority",
        "status": "Location Status",
        "registered_on": "Location HSCA start date",
        "is_care_home": "Care home?",
        "is_dormant": "Dormant (Y/N)",
        "is_dual": "Location Dual Registered",
        "primary_id": "Primary ID (Dual registration locations)",
        "beds": "Care homes beds",
        "published_on": "Publication Date",
        "is_inherited": "Inherited Rating (Y/N)",
    },
    address=("Location Street Address", "Location Address Line 2", "Location City", "Location County"),
    sector=("Location Type/Sector", "Location Primary Inspection Category"),
    service_types="Service type - *",
    bands="Service user band - *",
    ratings={OVERALL: "Location Latest Overall Rating"},
    is_day_first=True,
    absent=ENDINGS,
)

HSCA_ENDED = replace(
    HSCA_LOCATIONS,
    source=Source.HSCA_ENDED,
    label="HSCA deactivated locations",
    wanted=("Location ID", "Location HSCA End Date", "Location Postal Code", "Provider ID"),
    columns={
        **HSCA_LOCATIONS.columns,
        "deregistered_on": "Location HSCA End Date",
        "beds": "Care homes beds at point location de-activated",
    },
    absent=(),
    unsaid=None,
    must_say=True,
)

WIDE_DIRECTORY = Layout(
    source=Source.WIDE_DIRECTORY,
    label="CQC directory, wide export",
    wanted=("Location ID", "Service Types", "Service users supported", "Provider ID"),
    columns={
        "location_id": "Location ID",
        "name": "Location Name",
        "provider_id": "Provider ID",
        "provider_name": "Provider Name",
        "local_authority": "Location Local Authority",
        "registered_on": "Location HSCA start date",
        "status": "Location Status",
        "deregistered_on": "Location HSCA end date",
        "is_dormant": "Dormant",
        "beds": "Care homes beds",
        "published_on": "Publication Date",
    },
    whole_address=(),  # it has no postcodes, without which an address is nobody's
    sector=("Primary inspection category",),
    service_types="Service Types",
    bands="Service users supported",
    ratings={
        OVERALL: "Location Latest Overall Rating",
        "safe": "Location safe rating",
        "effective": "Location effective rating",
        "caring": "Location caring rating",
        "responsive": "Location responsive rating",
        "well_led": "Location well-led rating",
    },
    absent=ENDINGS,
)

CARE_DIRECTORY = Layout(
    source=Source.CARE_DIRECTORY,
    label="CQC care directory with filters",
    wanted=("CQC Location ID (for office use only)", "Specialisms/services", "Service types"),
    columns={
        "location_id": "CQC Location ID (for office use only)",
        "name": "Name",
        "provider_id": "CQC Provider ID (for office use only)",
        "provider_name": "Provider name",
        "postcode": "Postcode",
        "local_authority": "Local authority",
        "status": "Location Status",
    },
    address=("Address 1", "Address 2", "Town/City", "County"),
    service_types="Service types",
    bands="Specialisms/services",
    absent=ENDINGS,
)

LATEST_RATINGS = Layout(
    source=Source.RATINGS,
    label="CQC latest ratings",
    wanted=("Location ID", "Service / Population Group", "Domain", "Latest Rating"),
    columns={
        "location_id": "Location ID",
        "name": "Location Name",
        "provider_id": "Provider ID",
        "provider_name": "Provider Name",
        "postcode": "Location Post Code",
        "local_authority": "Location Local Authority",
        "status": "Location Status",
        "group": "Service / Population Group",
        "domain": "Domain",
        "words": "Latest Rating",
        "published_on": "Publication Date",
        "is_inherited": "Inherited Rating (Y/N)",
    },
    address=("Location Street Address", "Location Address Line 2", "Location City"),
    sector=("Location Type", "Location Primary Inspection Category"),
    absent=ENDINGS,
    unsaid=None,  # it says what is rated, and keeps ratings of what is registered no longer
)

# The order in which a header is compared: the first whose columns are all there and that none contradicts.
LAYOUTS = (LATEST_RATINGS, CARE_DIRECTORY, HSCA_LOCATIONS, HSCA_ENDED, WIDE_DIRECTORY)
