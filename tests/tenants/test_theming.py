import pytest

from tenants import theming
from tenants.theming import DARK_GROUND, ENOUGH, LIGHT_GROUND, contrast, is_readable, parse, shade, stylesheet

# WCAG 2.1's own examples: black on white is 21; the well-known pair of greys around the 4.5 limit.
KNOWN = (
    ("#000000", "#ffffff", 21.0),
    ("#767676", "#ffffff", 4.54),
    ("#777777", "#ffffff", 4.48),
    ("#ff0000", "#ffffff", 4.0),
)


@pytest.mark.parametrize(("one", "other", "ratio"), KNOWN)
def test_contrast_equals_published_figures(one: str, other: str, ratio: float) -> None:
    assert contrast(parse(one), parse(other)) == pytest.approx(ratio, abs=0.01)
    assert contrast(parse(other), parse(one)) == contrast(parse(one), parse(other))


@pytest.mark.parametrize(
    "colour", ["#ffff00", "#000000", "#ffffff", "#1a4b7a", "#9b1c31", "#00ff00", "#7f7f7f"]
)
def test_shade_can_be_read_in_both_looks(colour: str) -> None:
    for dark, ground in ((False, LIGHT_GROUND), (True, DARK_GROUND)):
        found = shade(parse(colour), dark=dark)
        assert contrast(found.ground, ground) >= ENOUGH
        assert contrast(found.text, found.ground) >= ENOUGH


def test_shade_keeps_a_readable_colour() -> None:
    assert theming.name(shade(parse("#1a4b7a"), dark=False).ground) == "#1a4b7a"


def test_is_readable_refuses_yellow() -> None:
    assert is_readable("#1a4b7a") is True
    assert is_readable("#ffff00") is False


@pytest.mark.parametrize("colour", ["red", "#12345", "#gggggg", "#123;}*{x", ""])
def test_stylesheet_takes_nothing_but_a_colour(colour: str) -> None:
    with pytest.raises(ValueError):
        stylesheet(colour)


def test_stylesheet_sets_both_looks_for_system_and_choice() -> None:
    lines = stylesheet("#1a4b7a").splitlines()
    assert [line.split("{")[0] for line in lines] == [
        "@media (prefers-color-scheme:light)",
        "@media (prefers-color-scheme:dark)",
        "[data-kern-theme=light]",
        "[data-kern-theme=dark]",
    ]
    assert (
        "--kern-color-action-default:#1a4b7a" in lines[0]
        and "--kern-color-action-default:#1a4b7a" in lines[2]
    )
