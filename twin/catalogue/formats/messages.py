"""What notes and refusals say, in English; a user interface translates MESSAGES[rule] and fills in the parameters."""

from collections.abc import Mapping

from planning.xplanung.findings import MESSAGES as _OF_PLANS


def _(text: str) -> str:
    """Marks a text for the catalogue of whoever shows it. Nothing is translated here: this package knows no framework."""
    return text


MESSAGES: Mapping[str, str] = {
    **{rule: text for rule, text in _OF_PLANS.items() if rule.startswith("archive.")},
    # The file as a whole
    "file.empty": _OF_PLANS["file.empty"],
    "file.failed": _("The file could not be read: the program that reads it broke off. It is probably damaged; export it again."),
    "file.memory": _("The file needs more memory than is allowed. Split it, or deliver it as GeoPackage."),
    "file.too_slow": _("Reading the file took longer than %(minutes)s minutes and was given up. Split it, or deliver it as GeoPackage."),
    "file.kind": _("This kind of file is not read. Deliver a GeoPackage, a zipped Shapefile, GeoJSON, FlatGeobuf, GML, CSV, XLSX, GeoTIFF or XYZ."),
    "file.html": _("This is a web page, not data. The download probably gave an error page; fetch the file again."),
    "file.plan": _("This is an XPlanGML plan. Plans are imported under “Plans”."),
    "file.old_office": _("This is a file of an old Excel (.xls). Save it as .xlsx or .csv."),
    "file.damaged": _("The file is damaged or not what it seems. Export it again. The reading program says: %(reason)s"),
    "file.no_geopackage": _("This is an SQLite database, but no GeoPackage. Export the data as GeoPackage."),
    "file.no_layers": _("The file has no layer with data. Views in a GeoPackage are not read; save them as tables."),
    "file.no_layer": _("The file has no layer “%(name)s”. It has: %(names)s."),
    "file.layers": _("The file has several layers (%(names)s). Say which one is meant."),
    "file.several": _("The zip archive holds several data files (%(names)s). Deliver each in an archive of its own."),
    "file.archive": _("The zip archive holds no file that is read. A Shapefile needs .shp, .shx, .dbf and .prj."),
    "file.bare_shapes": _("This is the .shp of a Shapefile alone. Pack .shp, .shx, .dbf and .prj together into a zip archive."),
    "file.no_dbf": _("The Shapefile lacks its .dbf with the attributes (%(name)s). Pack .shp, .shx, .dbf and .prj together."),
    "file.bodies": _("The layer holds bodies (PolyhedralSurface, TIN), which are read from GML alone. Export it as areas (MultiPolygon) or as CityGML."),
    "file.document": _("This is a document or a picture (%(kind)s), not data. Deliver the table or the layer that it was made from."),
    "file.nas": _("NAS files need GDAL's program ogr2ogr on the server, which is not installed. Deliver the data as GeoPackage."),
    "file.no_grid": _("The points do not lie on a regular grid (%(reason)s). A list of points is read as CSV with a line of headings."),
    "file.raster_to_features": _("The file is a raster, but the dataset holds features. Deliver it as a dataset of its own."),
    "file.features_to_raster": _("The dataset holds a raster, but the file has none. Deliver it as a dataset of its own."),
    # Rasters
    "raster.pixels": _("The raster has %(count)s million pixels; at most %(limit)s million are allowed. Split it, or make its pixels larger."),
    "raster.bands": _("The raster has %(count)s bands of the kind %(kind)s. Up to %(limit)s bands of one kind of number are read: whole numbers or decimals, up to 32 bits or decimals of 64."),
    "raster.block": _("The raster is packed in pieces of more than %(limit)s MB. Save it as a tiled GeoTIFF."),
    "raster.no_place": _("The raster does not say where it lies. Save it as GeoTIFF with its place."),
    "raster.tiles_kind": _("“%(name)s” is no tile that can be joined with others: those are files of one kind (XYZ, ASCII grid, GeoTIFF) with one band, north up, with square cells."),
    "raster.tiles_step": _("The tiles have cells of different size: “%(name)s” of %(step)s, “%(other)s” of %(other_step)s. Deliver each size as a dataset of its own."),
    "raster.tiles_beside": _("The cells of “%(name)s” lie between those of the other tiles. Have the tiles written on one grid, or deliver this one as a dataset of its own."),
    "raster.tiles_system": _("The tiles “%(name)s” and “%(other)s” have different coordinate reference systems. Deliver each as a dataset of its own."),
    "raster.overlap": _("Where tiles overlap, %(count)s cells have different values in them; those of the file that comes first by its name were taken."),
    "raster.empty": _("No pixel of the raster holds a value."),
    "raster.odd": _("%(percent)s %% of the pixels hold the value %(value)s, far from nearly all others. If it stands for “no value”, declare it as such in the file (nodata) and deliver it anew: else it is computed with."),
    "raster.gaps": _("%(percent)s %% of the pixels hold no value."),
    "raster.warped": _("The raster was moved from %(system)s onto a grid in the twin's reference system; between pixels, values are interpolated where they are measured ones."),
    "file.columns": _("The table has %(count)s columns; at most %(limit)s are allowed."),
    "file.rows": _("The table has more than %(limit)s rows. Split it, or deliver it as GeoPackage."),
    "file.csv": _("Line %(line)s of the table can't be read (%(reason)s). Probably a quotation mark is not closed."),
    "file.csv_cell": _("A cell in or before line %(line)s of the table has more than %(limit)s characters. Probably a quotation mark is not closed."),
    "file.csv_width": _("Line %(line)s has %(count)s cells, but the header names %(width)s columns. Put texts that contain the separator into quotation marks, and delete lines above the header."),
    "file.one_coordinate": _("Name both columns with coordinates, easting and northing."),
    "file.unplaced": _("No columns with coordinates were chosen, so no row has a place. “%(x)s” and “%(y)s” are called like some: deliver the file anew with them if they are."),
    "file.no_column": _("There is no attribute “%(name)s” in the file."),
    "file.not_by_address": _("By their address only the rows of a table are placed (CSV, XLSX), and of one without columns with coordinates. Leave out one or the other."),
    "file.no_addresses": _("Nothing can be placed by address: no town has imported its addresses yet. They are imported under “Plans”, “Addresses”, or by manage.py import_addresses."),
    "file.no_system": _("The file does not say which coordinate reference system it uses, and none that is known leads into the county. Choose it."),
    "file.no_system_proposed": _("The file does not say which coordinate reference system it uses. By its place it is EPSG:%(srid)s; choose that."),
    "file.no_system_swapped": _("The file does not say which coordinate reference system it uses. By its place it is EPSG:%(srid)s with the coordinates the other way round (northing first); choose that and swap them."),
    "file.system": _("The coordinate reference system “%(system)s” is not known. Choose another."),
    "file.elsewhere": _("In %(system)s most of the data lie outside the county. Check the coordinate reference system, or say that they belong there."),
    "file.elsewhere_proposed": _("In %(system)s most of the data lie outside the county; in EPSG:%(srid)s they lie in it. Choose that."),
    "file.elsewhere_swapped": _("In %(system)s most of the data lie outside the county. Latitude and longitude (northing and easting) are probably the other way round: choose EPSG:%(srid)s and swap them."),
    "file.nothing_kept": _("No row of the file could be taken. The report says why."),
    # Geometry
    "geometry.broken": _("The geometry can't be read. Draw it anew or export the file again."),
    "geometry.not_finite": _("Coordinates are no numbers, or lie where the coordinate reference system does not reach."),
    "geometry.heights": _("Heights of the geometry are kept in the file and not in the dataset."),
    "geometry.body": _("This is a body. What it covers, seen from above, was taken; its heights are kept in the file and not in the dataset."),
    "geometry.repaired": _("The geometry was not valid and was repaired. Look whether it is what is meant, and correct it in the source."),
    "geometry.lost": _("The geometry is not valid and could not be repaired. Correct it in the source."),
    "geometry.none": _("There is no geometry; the row can be found in the table alone."),
    "geometry.outside": _("This lies outside the county. Check its coordinates."),
    "geometry.mixed": _("The layer mixes kinds of geometry (%(kinds)s). That is allowed, but many programs show one kind alone."),
    # Addresses
    "address.unknown": _("No town's addresses have this street. Correct the spelling, or have the town's addresses imported anew. Until then the row has no place."),
    "address.no_house": _("The street is known, but not with this house number, or not in this place. Correct the address, or have the town's addresses imported anew. Until then the row has no place."),
    "address.several": _("Several places have this address. Add the postcode or the place, also as a column. Until then the row has no place."),
    # Rows
    "row.twice": _("The same row stands in the file more than once; it was taken once."),
    "row.width": _("The line has more cells than the header names columns. Put texts that contain the separator into quotation marks."),
    "key.empty": _("The attribute that names each feature is empty. Fill it in."),
    "key.twice": _("The attribute that names each feature has the same value as in a row before. Each value may occur once."),
    # Attributes
    "attribute.reserved": _("The name of this attribute has a meaning of its own in the interfaces; there it is called “%(name)s”."),
    "attribute.duplicate": _("Two attributes have the same name; the second one is called “%(name)s”."),
    # Declared formats
    "format.columns": _("The data format asks for attributes that the file does not have: %(names)s. The template of the format has them all."),
    "format.type": _("The value is not of the kind that the data format asks for (%(type)s). Correct it."),
    "format.required": _("The data format asks for a value here. Fill it in."),
    "format.choice": _("The value is none of those that the data format allows: %(choices)s."),
    "format.geometry": _("The geometry is not of the kind that the data format asks for (%(wanted)s)."),
    "format.no_geometry": _("There is no geometry, but the data format asks for one (%(wanted)s)."),
}  # fmt: skip
