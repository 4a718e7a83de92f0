"""The table of Planzeichen in docs is the one in the code."""

from planning.planzeichen.catalogue import SYMBOLS
from planning.planzeichen.lettering import MEASURES
from scripts import symbol_table


def test_table_of_symbols_is_current_and_names_every_one() -> None:
    page = symbol_table.page()
    assert symbol_table.PAGE.read_text(encoding="utf-8") == page
    assert symbol_table.table().count("\n| ") == len(SYMBOLS) + len(MEASURES) + 1  # the line under the head
