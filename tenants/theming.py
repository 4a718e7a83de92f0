"""A town's colour as KERN's theme variables, shifted until it can be read in the light and in the dark look. Pure."""

from collections.abc import Callable
from dataclasses import dataclass

WHITE, BLACK = (255, 255, 255), (0, 0, 0)
LIGHT_GROUND, DARK_GROUND = (
    (246, 247, 249),
    (19, 21, 37),
)  # KERN's neutral-025 and the darkest surface, rounded
ENOUGH = 4.5  # contrast of text, WCAG 2.1 success criterion 1.4.3
Rgb = tuple[int, int, int]


@dataclass(frozen=True)
class Shade:
    """A colour and the one to write on it."""

    ground: Rgb
    text: Rgb


def parse(colour: str) -> Rgb:
    """`#1a4b7a` as numbers. Raises ValueError for anything else."""
    if len(colour) != 7 or colour[0] != "#":
        raise ValueError(colour)
    red, green, blue = (int(colour[at : at + 2], 16) for at in (1, 3, 5))
    return red, green, blue


def name(colour: Rgb) -> str:
    return "#" + "".join(f"{part:02x}" for part in colour)


def luminance(colour: Rgb) -> float:
    """Relative luminance, 0 to 1, as WCAG 2.1 defines it."""
    red, green, blue = (
        part / 255 / 12.92 if part / 255 <= 0.04045 else ((part / 255 + 0.055) / 1.055) ** 2.4
        for part in colour
    )
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def contrast(one: Rgb, other: Rgb) -> float:
    """Contrast ratio, 1 to 21, as WCAG 2.1 defines it."""
    darker, lighter = sorted((luminance(one), luminance(other)))
    return (lighter + 0.05) / (darker + 0.05)


def _towards(colour: Rgb, goal: Rgb, *, until: Callable[[Rgb], bool]) -> Rgb:
    for step in range(101):
        red, green, blue = (
            round(part + (end - part) * step / 100) for part, end in zip(colour, goal, strict=True)
        )
        if until((red, green, blue)):
            return red, green, blue
    return goal


def shade(colour: Rgb, *, dark: bool) -> Shade:
    """The nearest shade of a colour that can be read on the page's ground, and black or white to write on it."""
    ground, goal = (DARK_GROUND, WHITE) if dark else (LIGHT_GROUND, BLACK)
    readable = _towards(colour, goal, until=lambda candidate: contrast(candidate, ground) >= ENOUGH)
    return Shade(ground=readable, text=max((WHITE, BLACK), key=lambda text: contrast(text, readable)))


def is_readable(colour: str) -> bool:
    """Whether a colour can be taken as it is in the light look; else its nearest readable shade is shown."""
    return contrast(parse(colour), LIGHT_GROUND) >= ENOUGH


def _variables(shade: Shade) -> str:
    ground, text = name(shade.ground), name(shade.text)
    return (
        f"--kern-color-action-default:{ground};--kern-color-action-on-default:{text};"
        f"--kern-color-action-visited:{ground};--kern-color-decorative-brand-default:{ground}"
    )


def stylesheet(colour: str) -> str:
    """The style sheet of a town with this colour (`#1a4b7a`), in the way of KERN's own theme examples."""
    base = parse(colour)
    light, dark = _variables(shade(base, dark=False)), _variables(shade(base, dark=True))
    return (
        f"@media (prefers-color-scheme:light){{:root{{{light}}}}}\n@media (prefers-color-scheme:dark){{:root{{{dark}}}}}\n"
        f"[data-kern-theme=light]{{{light}}}\n[data-kern-theme=dark]{{{dark}}}\n"
    )
