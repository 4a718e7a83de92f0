"""CQL2 (OGC 21-065r2): text and JSON -> one tree -> SQL with parameters. Knows no framework.

The tree is CQL2 JSON itself: {"op": …, "args": […]}, {"property": …}, {"date": …}, {"timestamp": …}, {"interval": […]},
{"bbox": […]}, GeoJSON geometries, and plain values.
"""
