"""The page about the upgrade is that of the code."""

from scripts.upgrade_table import PAGE, page


def test_the_page_is_current() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
