"""Classes that German guidance judges depths of water by, and their colours."""

DEPTHS = (
    0.05,
    0.10,
    0.50,
    1.00,
)  # m; lower ends for heavy rain (LUBW 2016, BKG): 5-10, 10-50, 50-100, > 100 cm
DEPTH_COLOURS = ("#c6dbef", "#6baed6", "#2171b5", "#08306b")
RIVER_DEPTHS = (0.0, 0.5, 1.0, 2.0, 4.0)  # m; lower ends for rivers (LAWA, maps of the EU flood directive)
RIVER_COLOURS = ("#c6dbef", "#9ecae1", "#6baed6", "#2171b5", "#08306b")
