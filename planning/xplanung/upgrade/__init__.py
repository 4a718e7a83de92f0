"""Upgrade XPlanGML 4.0 to 5.4 to 6.0: what the standard's tables say is copied, what changed stands in table.py."""
