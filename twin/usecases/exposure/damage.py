"""Damage to homes by depth: the curve of the Joint Research Centre for Europe. Pure."""

import numpy as np

from twin.analysis.water import Depths, Numbers

# Huizinga, de Moel, Szewczyk: Global flood depth-damage functions, JRC105688, 2017: residential buildings, Europe
DEPTHS = (0.0, 0.5, 1.0, 1.5, 2.0, 3.0, 4.0, 5.0, 6.0)  # m
FACTORS = (0.0, 0.25, 0.40, 0.50, 0.60, 0.75, 0.85, 0.95, 1.0)  # of the most that can be lost
RANGE = ("low", "middle", "high")
MOST = 1450  # EUR/m², Germany, prices of 2010


def factor(depths: Depths) -> Numbers:
    """Share of what can be lost. depths: m, NaN counts as dry; straight between the points, 1 from 6 m on."""
    found: Numbers = np.interp(np.nan_to_num(depths, nan=0.0), DEPTHS, FACTORS)
    return found


def rough(euros: float) -> float:
    """Two digits: more would say what nobody knows."""
    return float(f"{float(euros):.2g}")
