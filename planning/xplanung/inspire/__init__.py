"""A plan as INSPIRE Planned Land Use 4.0 (GML). Pure: the table of what becomes what, and the writer."""
