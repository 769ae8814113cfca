"""Settings, all from the environment; every command of every copy honours the same few names.

PORT, DATABASE_URL and PLACEMENT_HOME (the folder of everything the product writes) let copies run side by side.
"""

from __future__ import annotations

import os
import secrets
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from placement.domain.councils import COUNCIL, COUNCILS, COVENTRY, Council
from placement.geography.fallback import OPTIONS_SETTING, SERVICE_SETTING
from placement.jobs.sending import Mailing
from placement.records.files import FILES
from placement.web.mailing import mailing_from

MOST_MEGABYTES = 11  # of a file: a request as a whole may have 12
ROOT = Path(__file__).resolve().parents[2]


def utc_now() -> datetime:
    """Return the present instant."""
    return datetime.now(UTC)


@dataclass(frozen=True, slots=True, kw_only=True)
class Config:
    """What one running copy needs to know."""

    home: Path
    database_url: str = field(repr=False)
    port: int = 8000
    host: str = "127.0.0.1"
    secret_key: str = field(repr=False)
    is_https: bool = False
    proxies: int = 0
    hosts: tuple[str, ...] = ()
    """The names that this copy answers to; none: any."""
    council: Council = COVENTRY
    geocoder: str = ""
    geocoder_options: str = ""
    tile_url: str = ""
    idle: timedelta = timedelta(minutes=30)
    longest_sign_in: timedelta = timedelta(hours=12)
    clock: Callable[[], datetime] = field(default=utc_now)
    template_cache: Path | None = None
    is_default_home: bool = False
    file_megabytes: int = 10
    """The size of the largest file that can be kept with a referral."""
    mailing: Mailing | None = field(default_factory=Mailing)
    """How mail goes out; None: not at all, and messages wait."""

    @property
    def files(self) -> Path:
        """The folder of the files that are kept with referrals."""
        return self.home / FILES


def from_environment(environment: Mapping[str, str] = os.environ) -> Config:
    """Read the settings; make the home folder and its secret on first use.

    Raises SystemExit with a sentence if PORT is not a port.
    """
    home = Path(environment.get("PLACEMENT_HOME") or ROOT / "instance").resolve()
    default = ROOT / "instance"
    home.mkdir(parents=True, exist_ok=True)
    port = _port(environment.get("PORT") or "8000")
    return Config(
        home=home,
        database_url=environment.get("DATABASE_URL") or f"sqlite:///{home / 'placement.db'}",
        port=port,
        host=environment.get("PLACEMENT_HOST") or "127.0.0.1",
        secret_key=environment.get("PLACEMENT_SECRET_KEY") or _kept_secret(home / "secret_key"),
        is_https=environment.get("PLACEMENT_HTTPS") == "1",
        proxies=_proxies(environment.get("PLACEMENT_PROXIES") or "0"),
        hosts=_hosts(environment),
        council=_council(environment.get("PLACEMENT_COUNCIL") or COVENTRY.code),
        geocoder=environment.get(SERVICE_SETTING, ""),
        geocoder_options=environment.get(OPTIONS_SETTING, ""),
        tile_url=environment.get("PLACEMENT_TILE_URL", ""),
        template_cache=_folder(home / "templates"),
        file_megabytes=_megabytes(environment.get("PLACEMENT_FILE_MB") or "10"),
        mailing=mailing_from(environment, port=port),
        is_default_home=home == default.resolve() and not environment.get("DATABASE_URL"),
    )


def _folder(path: Path) -> Path | None:
    """Return a folder that only makes things faster, or None where it cannot be made."""
    try:
        path.mkdir(exist_ok=True)
    except OSError:
        return None
    return path


def _proxies(text: str) -> int:
    if text not in {"0", "1", "2", "3"}:
        raise SystemExit(f"PLACEMENT_PROXIES must be the number of proxies in front, from 0 to 3, not “{text}”.")
    return int(text)


def _megabytes(text: str) -> int:
    if not (text.isascii() and text.isdigit() and 1 <= int(text) <= MOST_MEGABYTES):
        raise SystemExit(f"PLACEMENT_FILE_MB must be a number of megabytes from 1 to {MOST_MEGABYTES}, not “{text}”.")
    return int(text)


def _hosts(environment: Mapping[str, str]) -> tuple[str, ...]:
    """Return the names to answer to: those of PLACEMENT_HOSTS, else this machine's own unless it listens to others."""
    if named := environment.get("PLACEMENT_HOSTS", "").replace(",", " ").split():
        return tuple(named)
    host = environment.get("PLACEMENT_HOST") or "127.0.0.1"
    return () if host in {"0.0.0.0", "::"} else ("localhost", "127.0.0.1", "[::1]", host)


def _port(text: str) -> int:
    if not text.isdigit() or not 0 < int(text) < 65536:
        raise SystemExit(f"PORT must be a number from 1 to 65535, not “{text}”.")
    return int(text)


def _council(code: str) -> Council:
    if code not in COUNCIL:
        known = ", ".join(f"{council.code} ({council.place})" for council in COUNCILS)
        raise SystemExit(f"PLACEMENT_COUNCIL must be the code of a council, one of {known}; not “{code}”.")
    return COUNCIL[code]


def _kept_secret(path: Path) -> str:
    """Return the secret of this home, made once; two processes starting together agree on one."""
    try:
        with open(path, "x", opener=lambda name, flags: os.open(name, flags, 0o600)) as file:
            file.write(secrets.token_urlsafe(48))
    except FileExistsError:
        pass
    kept = path.read_text().strip()
    if len(kept) < 32:
        raise SystemExit(f"The secret in {path} is too short. Delete the file to have a new one made.")
    return kept
