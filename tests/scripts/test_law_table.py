"""The table of the law's periods in docs is the one in the code."""

from planning.deadlines import RULES
from scripts import law_table


def test_table_of_periods_is_current_and_names_every_rule() -> None:
    page = law_table.page()
    assert law_table.PAGE.read_text(encoding="utf-8") == page
    assert page.count("\n| ") == len(RULES) + 2  # head and line under it
