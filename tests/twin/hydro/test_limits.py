"""What the scheme leaves out, in numbers: without advection it misses these solutions by about so much.

The bounds are two-sided: an answer that came much closer would mean that something else is computed than is documented."""

import numpy as np
import pytest

from tests.twin.hydro.channels import centres, entering, finished, hunter, line, ritter, rmse, stoker, thacker
from twin.hydro.case import Case


@pytest.mark.parametrize(("cell", "least", "most"), [(25.0, 0.02, 0.08), (5.0, 0.04, 0.10)])
def test_hunters_wave_without_inertia(cell: float, least: float, most: float) -> None:
    depth, wanted = entering(hunter, cell=cell)
    assert least < rmse(depth, wanted) < most


def test_ritters_dam_break_on_dry_ground() -> None:
    x = centres(10, 0.05)
    still = np.where(x < 5, 0.005, 0.0)
    broken = finished(Case(line(0 * x), 0.05, 6, 0.0, depth=line(still), double=True)).result()
    wanted = ritter(x, time=6, dam=5, high=0.005)
    assert 0.02 < np.abs(broken.depth[0] - wanted).sum() / wanted.sum() < 0.2
    assert broken.balance.volume == pytest.approx(0.005 * 5 * 0.05, rel=1e-12)


def test_stokers_dam_break_on_wet_ground() -> None:
    x = centres(10, 0.05)
    still = np.where(x < 5, 0.005, 0.001)
    broken = finished(Case(line(0 * x), 0.05, 6, 0.0, depth=line(still), double=True)).result()
    wanted = stoker(x, time=6, dam=5, high=0.005, low=0.001)
    assert 0.01 < np.abs(broken.depth[0] - wanted).sum() / wanted.sum() < 0.2


def test_thackers_swinging_surface() -> None:
    x, time = centres(4, 0.02), 10.0303
    bed, start = thacker(x, time=0)
    swung = finished(Case(line(bed), 0.02, time, 0.0, depth=line(start), double=True)).result()
    wanted = thacker(x, time=time)[1]
    assert 0.02 < np.abs(swung.depth[0] - wanted).sum() / wanted.sum() < 1.5
