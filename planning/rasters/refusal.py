"""What a plan picture is refused for; the words are the caller's."""

from tenants.apart import Rejected


class RasterRefused(Rejected):
    """Nothing can be made of the picture."""

    area = "raster"
