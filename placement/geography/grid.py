"""National Grid (OSGB36) easting and northing → WGS 84 latitude and longitude.

The seven-parameter Helmert transformation of "A guide to coordinate systems in Great Britain" (Ordnance Survey, annexes
B and C): within about 5 m of the exact OSTN15 grid anywhere, and the same as pyproj gives where no grid files are
installed (6 cm apart at most over 498 Coventry postcodes). A postcode's point is itself rounded to 1 m.
"""

from __future__ import annotations

from math import atan2, cos, degrees, hypot, radians, sin, sqrt, tan

_AIRY, _GRS80 = (6377563.396, 6356256.909), (6378137.0, 6356752.3141)  # semi-axes in metres
_SCALE = 0.9996012717
_ORIGIN_LAT, _ORIGIN_LON = radians(49), radians(-2)
_ORIGIN_EAST, _ORIGIN_NORTH = 400_000.0, -100_000.0
_SHIFT = (446.448, -125.157, 542.060)  # metres, OSGB36 → WGS 84
_TURN = tuple(radians(seconds / 3600) for seconds in (0.1502, 0.2470, 0.8421))
_GROWTH = 1 - 20.4894e-6


def to_wgs84(easting: float, northing: float) -> tuple[float, float]:
    """Return (latitude, longitude) in degrees, WGS 84, of a National Grid position in metres."""
    x, y, z = _cartesian(*_unproject(easting, northing))
    (tx, ty, tz), (rx, ry, rz) = _SHIFT, _TURN
    turned = (
        tx + _GROWTH * x - rz * y + ry * z,
        ty + rz * x + _GROWTH * y - rx * z,
        tz - ry * x + rx * y + _GROWTH * z,
    )
    lat, lon = _geodetic(*turned)
    return degrees(lat), degrees(lon)


def _unproject(easting: float, northing: float) -> tuple[float, float]:
    """Return OSGB36 latitude and longitude in radians: the guide's annex C.2."""
    a, b = _AIRY[0] * _SCALE, _AIRY[1] * _SCALE
    e2 = 1 - (b / a) ** 2
    lat = (northing - _ORIGIN_NORTH) / a + _ORIGIN_LAT
    while abs(rest := northing - _ORIGIN_NORTH - _meridian_arc(lat)) >= 1e-5:
        lat += rest / a
    nu = a / sqrt(1 - e2 * sin(lat) ** 2)
    rho = nu * (1 - e2) / (1 - e2 * sin(lat) ** 2)
    t, eta2, x = tan(lat), nu / rho - 1, (easting - _ORIGIN_EAST) / nu
    lat_out = lat - t * nu / rho * (
        x**2 / 2 - x**4 / 24 * (5 + 3 * t**2 + eta2 - 9 * t**2 * eta2) + x**6 / 720 * (61 + 90 * t**2 + 45 * t**4)
    )
    lon_out = _ORIGIN_LON + (
        x
        - x**3 / 6 * (nu / rho + 2 * t**2)
        + x**5 / 120 * (5 + 28 * t**2 + 24 * t**4)
        - x**7 / 5040 * (61 + 662 * t**2 + 1320 * t**4 + 720 * t**6)
    ) / cos(lat)
    return lat_out, lon_out


def _meridian_arc(lat: float) -> float:
    a, b = _AIRY[0] * _SCALE, _AIRY[1] * _SCALE
    n = (a - b) / (a + b)
    less, more = lat - _ORIGIN_LAT, lat + _ORIGIN_LAT
    return b * (
        (1 + n + 5 / 4 * (n**2 + n**3)) * less
        - (3 * n + 3 * n**2 + 21 / 8 * n**3) * sin(less) * cos(more)
        + 15 / 8 * (n**2 + n**3) * sin(2 * less) * cos(2 * more)
        - 35 / 24 * n**3 * sin(3 * less) * cos(3 * more)
    )


def _cartesian(lat: float, lon: float) -> tuple[float, float, float]:
    a, b = _AIRY
    e2 = 1 - (b / a) ** 2
    nu = a / sqrt(1 - e2 * sin(lat) ** 2)
    return nu * cos(lat) * cos(lon), nu * cos(lat) * sin(lon), nu * (1 - e2) * sin(lat)


def _geodetic(x: float, y: float, z: float) -> tuple[float, float]:
    a, b = _GRS80
    e2 = 1 - (b / a) ** 2
    p = hypot(x, y)
    lat = atan2(z, p * (1 - e2))
    for _ in range(6):  # converges to well under a millimetre
        lat = atan2(z + e2 * a / sqrt(1 - e2 * sin(lat) ** 2) * sin(lat), p)
    return lat, atan2(y, x)
