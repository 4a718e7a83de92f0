"""The numbers of the scheme. They need nothing compiled, so that an estimate is cheap."""

VERSION = (
    "hydro 1"  # another one with whatever changes a result: stored answers and checkpoints are of one version
)
GRAVITY = 9.81  # m/s2
THETA = 0.8  # weight of a face's own flow against its two neighbours'
COURANT = 0.6  # of dt sqrt(g h) / dx; in two dimensions 0.95 sqrt(theta / 2) is the limit, 0.7 lets a lake at rest grow waves
SHALLOWEST = 0.1  # m; the step is never longer than with so much water
SHALLOW = 1e-5  # m; below it nothing flows
POURED = 0.1  # m that an inflow adds to a cell in one step at most
EVERY = 8  # steps between rains and maxima; water gets one cell further in each, and tiles are woken one tile ahead
SPEED_COUNTS = 0.05  # m; thinner films are fast on paper only
BAND, TILE = 16, 16  # rows and columns of a tile, the unit that is skipped while it is dry
RING = (
    3  # rows and columns round the grid: the outer two are wall, the inner one may hold water of a boundary
)
HALO = 5  # rows of its neighbours that a block reads: two above, three below
WALL = 1e6  # m; no water stands above it
ENOUGH = 20000  # cells for which it pays to wake another thread
