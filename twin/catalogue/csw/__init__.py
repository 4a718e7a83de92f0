"""Catalogue Service for the Web 2.0.2 (OGC 07-006r1) over public records: pure parts; the view puts them together."""
