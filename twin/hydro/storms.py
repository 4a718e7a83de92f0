"""Design storms: how a depth of rain from a table such as KOSTRA-DWD is spread over its duration."""

from collections.abc import Mapping

import numpy as np

from twin.hydro.case import Curve, Rain
from twin.hydro.errors import BadCurve

STEP = 5  # minutes, the shortest duration of KOSTRA-DWD


def block(depth: float, minutes: float) -> Rain:
    """depth mm in so many minutes, equally strong all the time."""
    return Rain(Curve((0.0, minutes * 60.0), (0.0, depth)))


def euler2(depths: Mapping[int, float], minutes: int) -> Rain:
    """The model storm Euler type II of so many minutes, a multiple of five.

    depths: mm by duration in minutes, all of one return period, as a column of KOSTRA-DWD; between two durations it rises straight.
    Steps of five minutes are as strong as the table's increments. The strongest begins at 0.3 of the duration, rounded down to five
    minutes; before it come the next strongest, rising towards it; the rest follows it, falling. Source: DWA-A 118 (2006), 5.2.2.1, put
    in own words from secondary sources: to be checked against the sheet.
    Raises BadCurve if the table doesn't reach over the duration or its depths don't rise, or for a duration of no whole steps."""
    if minutes < STEP or minutes % STEP:
        raise BadCurve(f"A storm lasts a multiple of {STEP} minutes, not {minutes}.")
    durations = sorted(depths)
    if not durations or durations[0] > STEP or durations[-1] < minutes:
        raise BadCurve(f"The table must have depths from {STEP} to {minutes} minutes.")
    table = np.array([depths[each] for each in durations], float)
    if not np.isfinite(table).all() or table[0] < 0 or (np.diff(table) < 0).any():
        raise BadCurve("The depths of the table do not rise with the duration.")
    ends = np.arange(STEP, minutes + 1, STEP)
    falling = np.sort(np.diff(np.interp(ends, durations, table), prepend=0.0))[::-1]
    before = int(0.3 * minutes) // STEP
    steps = np.concatenate([falling[1 : before + 1][::-1], falling[:1], falling[before + 1 :]])
    fallen = np.concatenate([[0.0], np.cumsum(steps)])
    return Rain(
        Curve(tuple(float(t) for t in np.arange(len(fallen)) * STEP * 60), tuple(float(v) for v in fallen))
    )
