"""A trend as a small picture: where its points and lines lie. Pure; the page writes the SVG.

Percentages run from 0 below to 100 above, weeks from left to right. Weeks with too few cases leave a
gap: no line is drawn over what is not known.
"""

from dataclasses import dataclass

from calltaker.quality.trends import Trend

WIDTH, HEIGHT, MARGIN = 260, 72, 8


@dataclass(frozen=True, slots=True)
class Dot:
    """One week's percentage at its place, in the picture's units."""

    x: float
    y: float
    percent: int


@dataclass(frozen=True, slots=True)
class Picture:
    """The dots, the lines between neighbouring ones (`x,y x,y ...`), and one sentence on them."""

    dots: tuple[Dot, ...]
    lines: tuple[str, ...]
    sentence: str


def draw(trend: Trend, name: str) -> Picture:
    """Place a trend's weeks; `name` is what the picture is of."""
    runs: list[list[Dot]] = [[]]
    last = max(len(trend.weeks) - 1, 1)
    for number, (_, figure) in enumerate(trend.weeks):
        percent = figure.percent
        if percent is None:
            runs.append([])
            continue
        x = MARGIN + (WIDTH - 2 * MARGIN) * number / last
        runs[-1].append(Dot(round(x, 1), height_of(percent), percent))
    lines = tuple(" ".join(f"{dot.x},{dot.y}" for dot in run) for run in runs if len(run) > 1)
    dots = tuple(dot for run in runs for dot in run)
    return Picture(dots, lines, _sentence(name, dots, trend))


def height_of(percent: int) -> float:
    """Where a percentage lies in the picture, from above."""
    return round(MARGIN + (HEIGHT - 2 * MARGIN) * (100 - percent) / 100, 1)


def _sentence(name: str, dots: tuple[Dot, ...], trend: Trend) -> str:
    if not dots:
        return f"{name}: no week has enough cases to be shown."
    shown = f"{len(dots)} of {len(trend.weeks)} weeks are shown"
    if len(dots) == 1:
        return f"{name}: {dots[0].percent} % in one week; {shown}."
    return f"{name}: from {dots[0].percent} % to {dots[-1].percent} %; {shown}."
