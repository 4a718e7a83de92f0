"""Where delivered files are worked on: `twin.catalogue.formats.__main__`, in a process of its own."""

from tenants.apart import Workshop
from twin.catalogue.formats.refusal import FileRefused

# GDAL's drivers for vectors that pyogrio brings, but for those we read with: some would fetch addresses or other files that a
# file names (OGR_VRT, WFS, HTTP …).
_UNWANTED = (
    "ADBC AIVector AVCBin AVCE00 AmigoCloud CSV CSW Carto DGN DXF EDIGEO EEDA ESRIJSON Elasticsearch GDALG GPSBabel GPX GTFS"
    " GeoJSONSeq GeoRSS HTTP Idrisi JML JSONFG KML LIBKML LVBAG MBTiles MVT MapML MiraMonVector NGW OAPIF ODS OGCAPI OGR_GMT"
    " OGR_PDS OGR_VRT OSM OpenFileGDB PCIDSK PDF PDS4 PGDUMP PLSCENES PMTiles S57 SQLite SXF Selafin TopoJSON VDV VFK VICAR WAsP"
    " WFS XLSX"
).split()
_ENVIRONMENT = {
    "OGR_SKIP": ",".join([*_UNWANTED, "MapInfo File"]),
    "GML_SKIP_RESOLVE_ELEMS": "ALL",  # follows no references
    "SHAPE_RESTORE_SHX": "YES",
    "OGR_GEOJSON_MAX_OBJ_SIZE": "64",  # MB
    "PROJ_NETWORK": "OFF",
    "CPL_LOG": "/dev/null",
}

run = Workshop("twin.catalogue.formats", FileRefused, _ENVIRONMENT).run
