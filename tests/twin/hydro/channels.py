"""Terrain and water of the verification cases, from their closed formulas."""

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray

from twin.hydro.case import Case, Curve, Edge, Side
from twin.hydro.running import Simulation

G = 9.81
Array = NDArray[np.float64]


def centres(length: float, cell: float) -> Array:
    return np.arange(cell / 2, length, cell)


def line(values: Array) -> Array:
    """A channel of one row."""
    return np.asarray(values, float)[None, :]


def finished(case: Case, *, threads: int = 1) -> Simulation:
    simulation = Simulation(case, threads=threads)
    for _share, _state in simulation.reports(every=case.duration):
        pass
    return simulation


def entering(wave: Callable[..., Array], *, cell: float) -> tuple[Array, Array]:
    """A wave that moves on unchanged, an hour after it entered a channel of 5 km at 1 m/s: depths computed, and as its formula says."""
    x, speed, manning, time = centres(5000, cell), 1.0, 0.03, 3600.0
    times = np.arange(0.0, time + 1, 5.0)
    level = Curve(tuple(times), tuple(wave(speed * times, speed=speed, manning=manning)))
    case = Case(line(0 * x), cell, time, manning, edges=(Edge(Side.WEST, level=level),))
    return finished(case).result().depth[0], wave(speed * time - x, speed=speed, manning=manning)


def rmse(a: Array, b: Array) -> float:
    return float(np.sqrt(np.mean((a - b) ** 2)))


def hunter(behind: Array, *, speed: float, manning: float) -> Array:
    """Depth so far behind the front of a wave that moves on without changing (Hunter et al. 2005): friction and slope alone."""
    return (7 / 3 * manning**2 * speed**2 * np.maximum(behind, 0.0)) ** (3 / 7)


def inertial_wave(behind: Array, *, speed: float, manning: float) -> Array:
    """The same with local inertia, without advection: ut - x = [3/7 h^(7/3) - 3/4 (u^2/g) h^(4/3)] / (n^2 u^2), for h >= 1.75 u^2/g."""
    depths = np.linspace(1.75 * speed**2 / G, 20.0, 200001)
    way = (3 / 7 * depths ** (7 / 3) - 3 / 4 * speed**2 / G * depths ** (4 / 3)) / (manning**2 * speed**2)
    return np.where(behind < 0, 0.0, np.interp(behind, way, depths))


def macdonald(x: Array) -> tuple[Array, Array]:
    """Bed and depth of MacDonald's long subcritical channel: 1000 m, 2 m2/s, n = 0.033 (SWASHES 1.05, 3.2.1)."""
    length, flow, manning = 1000.0, 2.0, 0.033

    def depth(at: Array) -> Array:
        return (4 / G) ** (1 / 3) * (1 + 0.5 * np.exp(-16 * (at / length - 0.5) ** 2))

    fine = np.linspace(0, length, 100001)
    h = depth(fine)
    slope = (flow**2 / (G * h**3) - 1) * np.gradient(h, fine) - manning**2 * flow**2 / h ** (10 / 3)
    bed = np.concatenate([[0.0], np.cumsum((slope[1:] + slope[:-1]) / 2 * np.diff(fine))])
    return np.interp(x, fine, bed - bed[-1]), depth(x)


def ritter(x: Array, *, time: float, dam: float, high: float) -> Array:
    c = np.sqrt(G * high)
    way = x - dam
    return np.where(
        way < -c * time, high, np.where(way > 2 * c * time, 0.0, 4 / (9 * G) * (c - way / (2 * time)) ** 2)
    )


def stoker(x: Array, *, time: float, dam: float, high: float, low: float) -> Array:
    cl, cr = np.sqrt(G * high), np.sqrt(G * low)
    cm, step = (cl + cr) / 2, 0.25 * (cl - cr)
    for _ in range(60):  # bisection of Stoker's equation for the celerity between rarefaction and shock
        value = -8 * cr**2 * cm**2 * (cl - cm) ** 2 + (cm**2 - cr**2) ** 2 * (cm**2 + cr**2)
        cm, step = (cm - step if value > 0 else cm + step), step / 2
    tail, head = dam - time * cl, dam + time * (2 * cl - 3 * cm)
    shock = dam + time * 2 * cm**2 * (cl - cm) / (cm**2 - cr**2)
    fan = 4 / (9 * G) * (cl - (x - dam) / (2 * time)) ** 2
    return np.where(x < tail, high, np.where(x < head, fan, np.where(x < shock, cm**2 / G, low)))


def thacker(x: Array, *, time: float) -> tuple[Array, Array]:
    """Bed and depth of a plane surface that swings in a parabola of 4 m: a = 1 m, h0 = 0.5 m (SWASHES 1.05, 4.1.1)."""
    a, h0, length, b = 1.0, 0.5, 4.0, 0.5 / 1.0
    bed = h0 * ((x - length / 2) ** 2 / a**2 - 1)
    omega = np.sqrt(2 * G * h0) / a
    away = (x - length / 2) / a + b / np.sqrt(2 * G * h0) * np.sqrt(2 * G * h0) * np.cos(omega * time)
    return bed, np.maximum(-h0 * (away**2 - 1), 0.0)
