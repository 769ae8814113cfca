"""National Grid (OSGB36) easting and northing → WGS 84 latitude and longitude.

The seven-parameter Helmert transformation of "A guide to coordinate systems in Great Britain" (Ordnance Survey, annexes
B and C), done by PROJ: within about 5 m of the exact OSTN15 grid anywhere, and at most 6 cm from the published
positions of 498 Coventry postcodes. A postcode's point is itself rounded to 1 m.

The steps are spelt out, because PROJ's own choice between the two systems depends on the grid files that a machine
happens to have, and a stored point must not.
"""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from pyproj import Transformer

_AIRY, _GRS80 = "+a=6377563.396 +b=6356256.909", "+a=6378137 +b=6356752.3141"  # semi-axes in metres
_PARTS_PER_MILLION = -20.4894
_TURN = (0.1502, 0.2470, 0.8421)  # seconds of arc; PROJ scales the turn too and the guide does not, so it is unscaled
_RX, _RY, _RZ = (seconds / (1 + _PARTS_PER_MILLION / 1e6) for seconds in _TURN)
_STEPS = (
    f"+inv +proj=tmerc +lat_0=49 +lon_0=-2 +k=0.9996012717 +x_0=400000 +y_0=-100000 {_AIRY}",
    "+proj=push +v_3",  # the height that the shift brings about is not wanted
    f"+proj=cart {_AIRY}",
    f"+proj=helmert +x=446.448 +y=-125.157 +z=542.060 +rx={_RX:.9f} +ry={_RY:.9f} +rz={_RZ:.9f} "
    f"+s={_PARTS_PER_MILLION} +convention=position_vector",
    f"+inv +proj=cart {_GRS80}",
    "+proj=pop +v_3",
    "+proj=unitconvert +xy_in=rad +xy_out=deg",
)


def to_wgs84(easting: float, northing: float) -> tuple[float, float]:
    """Return (latitude, longitude) in degrees, WGS 84, of a National Grid position in metres."""
    lon, lat = _transformer().transform(easting, northing)
    return lat, lon


@lru_cache(maxsize=1)
def _transformer() -> Transformer:
    """Return the transformation, made once a process; threads may share it."""
    from pyproj import Transformer  # here: 0.13 s and 26 MB, and the solver's process never asks

    return Transformer.from_pipeline(" +step ".join(("+proj=pipeline", *_STEPS)))
