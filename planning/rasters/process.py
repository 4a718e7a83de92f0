"""Where foreign pictures are worked on: `planning.rasters.__main__`, in a process of its own."""

from planning.rasters.refusal import RasterRefused
from tenants.apart import Workshop

run = Workshop("planning.rasters", RasterRefused).run
