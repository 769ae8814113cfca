"""A log-log plot as SVG, and the slope of its points by least squares."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from math import ceil, floor, log10

Points = Sequence[tuple[float, float]]

WIDTH, HEIGHT, MARGIN = 640, 420, 64
COLOURS = ("#1d70b8", "#d4351c", "#00703c", "#4c2c92")


def slope(points: Points) -> float:
    """Return the slope of the straight line nearest to the logarithms of the points: y grows as x to this power."""
    xs, ys = [log10(x) for x, _ in points], [log10(y) for _, y in points]
    middle_x, middle_y = sum(xs) / len(xs), sum(ys) / len(ys)
    along = sum((x - middle_x) * (y - middle_y) for x, y in zip(xs, ys, strict=True))
    return along / sum((x - middle_x) ** 2 for x in xs)


def log_log(title: str, across: str, up: str, series: Mapping[str, Points]) -> str:
    """Return the plot of some named series of positive points, each with its slope in the legend."""
    every = [point for points in series.values() for point in points]
    x_axis, y_axis = _decades([x for x, _ in every]), _decades([y for _, y in every])
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" role="img" font-family="sans-serif">',
        f"<title>{title}</title>",
        f'<rect width="{WIDTH}" height="{HEIGHT}" fill="#ffffff"/>',
        f'<text x="{MARGIN}" y="28" font-size="16">{title}</text>',
        f'<text x="{WIDTH / 2}" y="{HEIGHT - 12}" font-size="13" text-anchor="middle">{across}</text>',
        f'<text transform="translate(16 {HEIGHT / 2}) rotate(-90)" font-size="13" text-anchor="middle">{up}</text>',
        *_grid(x_axis, y_axis),
    ]
    for index, (name, points) in enumerate(series.items()):
        parts += _line(name, points, COLOURS[index % len(COLOURS)], index, x_axis, y_axis)
    return "\n".join([*parts, "</svg>", ""])


Axis = tuple[int, int]
"""The first and the last power of ten."""


def _decades(values: Sequence[float]) -> Axis:
    first = floor(log10(min(values)))
    return first, max(first + 1, ceil(log10(max(values))))


def _place(value: float, axis: Axis) -> float:
    return (log10(value) - axis[0]) / (axis[1] - axis[0])


def _x(value: float, axis: Axis) -> float:
    return round(MARGIN + _place(value, axis) * (WIDTH - 2 * MARGIN), 1)


def _y(value: float, axis: Axis) -> float:
    return round(HEIGHT - MARGIN - _place(value, axis) * (HEIGHT - 2 * MARGIN), 1)


def _grid(x_axis: Axis, y_axis: Axis) -> list[str]:
    parts = []
    for power in range(x_axis[0], x_axis[1] + 1):
        x = _x(10.0**power, x_axis)
        parts.append(f'<path d="M{x} {MARGIN}V{HEIGHT - MARGIN}" stroke="#cccccc"/>')
        parts.append(
            f'<text x="{x}" y="{HEIGHT - MARGIN + 18}" font-size="12" text-anchor="middle">{_tick(power)}</text>'
        )
    for power in range(y_axis[0], y_axis[1] + 1):
        y = _y(10.0**power, y_axis)
        parts.append(f'<path d="M{MARGIN} {y}H{WIDTH - MARGIN}" stroke="#cccccc"/>')
        parts.append(f'<text x="{MARGIN - 8}" y="{y + 4}" font-size="12" text-anchor="end">{_tick(power)}</text>')
    return parts


def _tick(power: int) -> str:
    return f"{10**power:,}" if power >= 0 else f"{10.0**power:g}"


def _line(name: str, points: Points, colour: str, index: int, x_axis: Axis, y_axis: Axis) -> list[str]:
    places = [(_x(x, x_axis), _y(y, y_axis)) for x, y in points]
    path = "M" + "L".join(f"{x} {y}" for x, y in places)
    height = MARGIN + 18 + 18 * index
    return [
        f'<path d="{path}" fill="none" stroke="{colour}" stroke-width="2"/>',
        *(f'<circle cx="{x}" cy="{y}" r="3.5" fill="{colour}"/>' for x, y in places),
        f'<text x="{MARGIN + 10}" y="{height}" font-size="13" fill="{colour}">{name}: slope {slope(points):.2f}</text>',
    ]
