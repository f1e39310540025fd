"""The curves of an evaluation as SVG: reliability, and risk against coverage."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

_SIZE, _EDGE = 360, 52
_INK, _GRID, _LINE = "#333", "#ddd", "#1a5fb4"

Points = Sequence[tuple[float, float]]


@dataclass(frozen=True, kw_only=True)
class Axes:
    """A square chart: its title, what its axes are, and how far each reaches."""

    title: str
    across: str
    up: str
    reach: tuple[float, float] = (1.0, 1.0)


def reliability(calibration: dict[str, Any]) -> str:
    """What was said against what share was right, a dot a bin; the broken line is the perfect model."""
    points = [(one["said"], one["right"]) for one in calibration["bins"]]
    axes = Axes(
        title=f"Said and right: {calibration['count']} answers, error {calibration['error']:.3f}"
        f" (perfect: below {calibration['band']:.3f})",
        across="said",
        up="right",
    )
    perfect = _path(axes, [(0.0, 0.0), (1.0, 1.0)], dashed=True)
    return _chart(axes, [perfect, _path(axes, points), *_dots(axes, points)])


def risk_coverage(risks: Sequence[dict[str, Any]]) -> str:
    """The share wrong among the surest answers, from the few surest to all."""
    points = [(one["coverage"], one["risk"]) for one in risks]
    highest = max((risk for _, risk in points), default=0.0)
    axes = Axes(
        title="Wrong among the surest answers",
        across="share of all answers",
        up="wrong",
        reach=(1.0, max(highest * 1.2, 0.05)),
    )
    return _chart(axes, [_path(axes, points), *_dots(axes, points[-1:])])


def _chart(axes: Axes, drawn: Iterable[str]) -> str:
    whole = _SIZE + 2 * _EDGE
    middle, left, bottom = _EDGE + _SIZE / 2, _EDGE, _EDGE + _SIZE
    parts = [
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {whole} {whole}" role="img"'
        f' font-family="sans-serif" font-size="12" fill="{_INK}">',
        f"<title>{axes.title}</title>",
        f'<rect width="{whole}" height="{whole}" fill="#fff"/>',
        f'<text x="{middle}" y="24" text-anchor="middle" font-size="14">{axes.title}</text>',
        *_grid(axes),
        f'<path d="M{left} {_EDGE}V{bottom}H{_EDGE + _SIZE}" fill="none" stroke="{_INK}"/>',
        f'<text x="{middle}" y="{bottom + 36}" text-anchor="middle">{axes.across}</text>',
        f'<text transform="translate(14 {middle}) rotate(-90)" text-anchor="middle">{axes.up}</text>',
        *drawn,
        "</svg>",
    ]
    return "\n".join(parts) + "\n"


def _grid(axes: Axes) -> Iterable[str]:
    for number in range(6):
        share = number / 5
        x, y = _EDGE + share * _SIZE, _EDGE + (1 - share) * _SIZE
        across, up = share * axes.reach[0], share * axes.reach[1]
        yield f'<path d="M{x:.1f} {_EDGE}v{_SIZE}M{_EDGE} {y:.1f}h{_SIZE}" stroke="{_GRID}"/>'
        yield f'<text x="{x:.1f}" y="{_EDGE + _SIZE + 16}" text-anchor="middle">{across:.1f}</text>'
        yield f'<text x="{_EDGE - 6}" y="{y + 4:.1f}" text-anchor="end">{up:.2f}</text>'


def _place(axes: Axes, point: tuple[float, float]) -> tuple[float, float]:
    return _EDGE + point[0] / axes.reach[0] * _SIZE, _EDGE + (1 - point[1] / axes.reach[1]) * _SIZE


def _path(axes: Axes, points: Points, *, dashed: bool = False) -> str:
    places = " ".join(f"{x:.1f},{y:.1f}" for x, y in (_place(axes, point) for point in points))
    style = f'stroke="{_INK}" stroke-dasharray="4 4"' if dashed else f'stroke="{_LINE}" stroke-width="2"'
    return f'<polyline points="{places}" fill="none" {style}/>'


def _dots(axes: Axes, points: Points) -> Iterable[str]:
    for x, y in (_place(axes, point) for point in points):
        yield f'<circle cx="{x:.1f}" cy="{y:.1f}" r="4" fill="{_LINE}"/>'
