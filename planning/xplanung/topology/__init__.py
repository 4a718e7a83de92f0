"""Geometry checks: every object by itself, and the objects of a plan against each other."""
