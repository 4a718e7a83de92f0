"""Does a plan apply? Every answer, and the days on both sides of each limit."""

from datetime import date

import pytest

from planning.auskunft.validity import Known, Validity, validity

DAY = date(2026, 6, 15)
BEFORE, AFTER = date(2026, 6, 14), date(2026, 6, 16)
IN, WAY, ENDED, UNCLEAR = Validity.IN_FORCE, Validity.UNDER_WAY, Validity.ENDED, Validity.UNCLEAR


@pytest.mark.parametrize(
    ("known", "expected"),
    [
        (Known("BP", "4000"), IN),
        (Known("BP", "4500"), IN),
        (Known("BP", "45001"), IN),
        (Known("FP", "4500"), UNCLEAR),  # no such code
        (Known("BP", "3000", since=DAY), IN),
        (Known("BP", "3000", since=AFTER), WAY),
        (Known("BP", "4000", since=AFTER), WAY),
        (Known("BP", "", since=BEFORE), IN),
        (Known("BP", "2400", since=BEFORE), UNCLEAR),  # displayed, yet in force: it contradicts itself
        (Known("BP", "3000"), WAY),
        (Known("BP", "1000"), WAY),
        (Known("BP", "2250"), WAY),
        (Known("BP", "4000", until=DAY), IN),  # its last day
        (Known("BP", "4000", until=BEFORE), ENDED),
        (Known("BP", "5000"), ENDED),
        (Known("BP", "50000", since=BEFORE), ENDED),
        (Known("BP", "1500"), ENDED),
        (
            Known("RP", "5000"),
            UNCLEAR,
        ),  # Allgemeine Planungsabsicht: not the Untergegangen of a Bebauungsplan
        (Known("RP", "6000"), ENDED),
        (Known("LP", "6000"), IN),
        (Known("SO"), UNCLEAR),
        (Known("SO", since=BEFORE), IN),
        (Known("SO", area_code="3000"), IN),
        (Known("SO", area_code="1000"), WAY),
        (Known("SO", area_code="4000"), ENDED),
        (Known("BP"), UNCLEAR),
    ],
)
def test_validity_on_a_day(known: Known, expected: Validity) -> None:
    assert validity(known, on=DAY) is expected
