"""Documents of foreign services, written for the tests in the shape of the standards."""

import json
from collections.abc import Iterable
from typing import Any

WMS_NAMESPACE = 'xmlns="http://www.opengis.net/wms" xmlns:xlink="http://www.w3.org/1999/xlink"'
OWS = 'xmlns:ows="http://www.opengis.net/ows/1.1" xmlns:xlink="http://www.w3.org/1999/xlink"'
GMD = 'xmlns:gmd="http://www.isotc211.org/2005/gmd" xmlns:gco="http://www.isotc211.org/2005/gco"'
MEISSEN = (13.2, 51.0, 13.8, 51.4)


def wms(*layers: str, title: str = "Kartendienst", fees: str = "none", root_name: str = "") -> bytes:
    """WMS 1.3.0 whose root layer has no name unless one is given; layers: see wms_layer."""
    named = f"<Name>{root_name}</Name>" if root_name else ""
    return f"""<?xml version="1.0" encoding="UTF-8"?>
    <WMS_Capabilities version="1.3.0" {WMS_NAMESPACE}><Service><Name>WMS</Name><Title>{title}</Title>
    <Abstract>Karten  der
    Stadt.</Abstract><KeywordList><Keyword>Karte</Keyword></KeywordList>
    <OnlineResource xlink:href="https://stadt.example/"/><ContactInformation><ContactPersonPrimary>
    <ContactOrganization>Stadt Beispiel</ContactOrganization></ContactPersonPrimary>
    <ContactElectronicMailAddress>geo@stadt.example</ContactElectronicMailAddress></ContactInformation>
    <Fees>{fees}</Fees><AccessConstraints>none</AccessConstraints></Service><Capability><Request><GetMap>
    <Format>image/jpeg</Format><Format>image/png</Format><DCPType><HTTP><Get>
    <OnlineResource xlink:href="https://karten.example/wms?MAP=stadt&amp;SERVICE=WMS&amp;"/></Get></HTTP></DCPType></GetMap></Request>
    <Layer>{named}<Title>Alles</Title><CRS>EPSG:4326</CRS><CRS>EPSG:25833</CRS>{box()}{"".join(layers)}</Layer>
    </Capability></WMS_Capabilities>""".encode()


def box(extent: tuple[float, ...] = MEISSEN) -> str:
    sides = ("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude")
    order = (extent[0], extent[1], extent[2], extent[3])
    inner = "".join(f"<{side}>{value}</{side}>" for side, value in zip(sides, order, strict=True))
    return f"<EX_GeographicBoundingBox>{inner}</EX_GeographicBoundingBox>"


def wms_layer(name: str, title: str = "", *inside: str, more: str = "") -> str:
    named = f"<Name>{name}</Name>" if name else ""
    return f"<Layer>{named}<Title>{title or name}</Title>{more}{''.join(inside)}</Layer>"


def wms_old(name: str = "strassen") -> bytes:
    """WMS 1.1.1, with the document type declaration that its standard wants."""
    return f"""<?xml version="1.0" encoding="ISO-8859-1"?>
    <!DOCTYPE WMT_MS_Capabilities SYSTEM "http://schemas.opengis.net/wms/1.1.1/WMS_MS_Capabilities.dtd"
    [<!ELEMENT VendorSpecificCapabilities EMPTY>]>
    <WMT_MS_Capabilities version="1.1.1"><Service><Title>Straßen</Title></Service><Capability><Request><GetMap><Format>image/png</Format>
    </GetMap></Request><Layer><Title>Alles</Title><SRS>EPSG:4326 EPSG:31469</SRS><Layer queryable="1"><Name>{name}</Name><Title>Straßen</Title>
    <LatLonBoundingBox minx="13.2" miny="51" maxx="13.8" maxy="51.4"/></Layer></Layer></Capability></WMT_MS_Capabilities>""".encode("iso-8859-1")  # fmt: skip


def wfs(*types: str, version: str = "2.0.0", title: str = "Objektdienst") -> bytes:
    space = "http://www.opengis.net/wfs/2.0" if version == "2.0.0" else "http://www.opengis.net/wfs"
    return f"""<wfs:WFS_Capabilities version="{version}" xmlns:wfs="{space}" xmlns:app="http://stadt.example/app" {OWS}>
    <ows:ServiceIdentification><ows:Title>{title}</ows:Title><ows:Fees>Datenlizenz Deutschland – Zero – Version 2.0
    (https://www.govdata.de/dl-de/zero-2-0)</ows:Fees></ows:ServiceIdentification>
    <ows:ServiceProvider><ows:ProviderName>Stadt Beispiel</ows:ProviderName></ows:ServiceProvider>
    <ows:OperationsMetadata><ows:Operation name="GetFeature"><ows:Parameter name="outputFormat"><ows:AllowedValues>
    <ows:Value>application/json</ows:Value></ows:AllowedValues></ows:Parameter></ows:Operation></ows:OperationsMetadata>
    <wfs:FeatureTypeList>{"".join(types)}</wfs:FeatureTypeList></wfs:WFS_Capabilities>""".encode()


def wfs_type(name: str, title: str = "", *, crs: str = "urn:ogc:def:crs:EPSG::25833") -> str:
    return f"""<wfs:FeatureType><wfs:Name>{name}</wfs:Name><wfs:Title>{title or name}</wfs:Title><wfs:DefaultCRS>{crs}</wfs:DefaultCRS>
    <ows:WGS84BoundingBox><ows:LowerCorner>13.2 51.0</ows:LowerCorner><ows:UpperCorner>13.8 51.4</ows:UpperCorner></ows:WGS84BoundingBox>
    </wfs:FeatureType>"""


def wmts(template: str = "https://kacheln.example/{TileMatrix}/{TileCol}/{TileRow}.jpg", *, crs: str = "urn:ogc:def:crs:EPSG:6.18:3:25833", legend: str = "") -> bytes:  # fmt: skip
    """Two levels of 256 pixels a tile: 400 m and 200 m a tile, the finer one first."""
    levels = "".join(
        f"""<TileMatrix><ows:Identifier>{name}</ows:Identifier><ScaleDenominator>{metres / 256 / 0.00028}</ScaleDenominator>
        <TopLeftCorner>384000 5669000</TopLeftCorner><TileWidth>256</TileWidth><TileHeight>256</TileHeight><MatrixWidth>{count}</MatrixWidth>
        <MatrixHeight>{count}</MatrixHeight></TileMatrix>"""
        for name, metres, count in (("nah", 200, 20), ("fern", 400, 10))
    )
    said = f'<LegendURL format="image/png" xlink:href="{legend}"/>' if legend else ""
    link = f'<ResourceURL format="image/jpeg" resourceType="tile" template="{template}"/>' if template else ""
    return f"""<Capabilities version="1.0.0" xmlns="http://www.opengis.net/wmts/1.0" {OWS}>
    <ows:ServiceIdentification><ows:Title>Kacheln</ows:Title></ows:ServiceIdentification><Contents><Layer><ows:Title>Luftbild</ows:Title>
    <ows:WGS84BoundingBox><ows:LowerCorner>13.2 51.0</ows:LowerCorner><ows:UpperCorner>13.8 51.4</ows:UpperCorner></ows:WGS84BoundingBox>
    <ows:Identifier>dop</ows:Identifier><Style isDefault="true"><ows:Identifier>normal</ows:Identifier>{said}</Style><Format>image/jpeg</Format>
    <TileMatrixSetLink><TileMatrixSet>utm33</TileMatrixSet></TileMatrixSetLink>{link}</Layer>
    <TileMatrixSet><ows:Identifier>utm33</ows:Identifier><ows:SupportedCRS>{crs}</ows:SupportedCRS>{levels}
    </TileMatrixSet></Contents></Capabilities>""".encode()


def records(*inside: str, total: int | None = None, following: int = 0) -> bytes:
    """A page of a CSW; following: position of the next record, 0 after the last."""
    return f"""<csw:GetRecordsResponse xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" {GMD}><csw:SearchStatus timestamp="2026-01-27T13:15:08"/>
    <csw:SearchResults numberOfRecordsMatched="{len(inside) if total is None else total}" numberOfRecordsReturned="{len(inside)}"
    nextRecord="{following}">{"".join(inside)}</csw:SearchResults></csw:GetRecordsResponse>""".encode()


def record(identifier: str, title: str) -> str:
    """ISO 19139, no more than what is asked of it here."""

    def said(tag: str, text: str) -> str:
        return f"<gmd:{tag}><gco:CharacterString>{text}</gco:CharacterString></gmd:{tag}>"

    sides = zip(("westBoundLongitude", "southBoundLatitude", "eastBoundLongitude", "northBoundLatitude"), MEISSEN, strict=True)  # fmt: skip
    place = "".join(f"<gmd:{side}><gco:Decimal>{value}</gco:Decimal></gmd:{side}>" for side, value in sides)
    terms = json.dumps({"id": "dl-by-de/2.0", "name": "Datenlizenz Deutschland Namensnennung 2.0", "url": "https://www.govdata.de/dl-de/by-2-0", "quelle": "Stadt Beispiel"})  # fmt: skip
    return f"""<gmd:MD_Metadata {GMD}>{said("fileIdentifier", identifier)}<gmd:hierarchyLevel><gmd:MD_ScopeCode codeListValue="dataset"/>
    </gmd:hierarchyLevel><gmd:identificationInfo><gmd:MD_DataIdentification><gmd:citation><gmd:CI_Citation>{said("title", title)}<gmd:date>
    <gmd:CI_Date><gmd:date><gco:Date>2024-05-06</gco:Date></gmd:date><gmd:dateType><gmd:CI_DateTypeCode codeListValue="publication"/>
    </gmd:dateType></gmd:CI_Date></gmd:date></gmd:CI_Citation></gmd:citation>{said("abstract", "Alle Bäume.")}<gmd:descriptiveKeywords>
    <gmd:MD_Keywords>{said("keyword", "Umweltüberwachung")}<gmd:thesaurusName><gmd:CI_Citation>{said("title", "GEMET - INSPIRE themes, version 1.0")}
    </gmd:CI_Citation></gmd:thesaurusName></gmd:MD_Keywords></gmd:descriptiveKeywords><gmd:resourceConstraints><gmd:MD_LegalConstraints>
    {said("otherConstraints", terms)}</gmd:MD_LegalConstraints></gmd:resourceConstraints><gmd:topicCategory><gmd:MD_TopicCategoryCode>
    environment</gmd:MD_TopicCategoryCode></gmd:topicCategory><gmd:extent><gmd:EX_Extent><gmd:geographicElement>
    <gmd:EX_GeographicBoundingBox>{place}</gmd:EX_GeographicBoundingBox></gmd:geographicElement></gmd:EX_Extent></gmd:extent>
    </gmd:MD_DataIdentification></gmd:identificationInfo><gmd:distributionInfo><gmd:MD_Distribution><gmd:transferOptions>
    <gmd:MD_DigitalTransferOptions><gmd:onLine><gmd:CI_OnlineResource><gmd:linkage><gmd:URL>https://stadt.example/baeume.csv</gmd:URL>
    </gmd:linkage><gmd:function><gmd:CI_OnLineFunctionCode codeListValue="download"/></gmd:function></gmd:CI_OnlineResource></gmd:onLine>
    </gmd:MD_DigitalTransferOptions></gmd:transferOptions></gmd:MD_Distribution></gmd:distributionInfo></gmd:MD_Metadata>"""


def csw(url: str = "https://katalog.example/csw") -> bytes:
    return f"""<csw:Capabilities version="2.0.2" xmlns:csw="http://www.opengis.net/cat/csw/2.0.2" {OWS}><ows:ServiceIdentification>
    <ows:Title>Katalog</ows:Title></ows:ServiceIdentification><ows:OperationsMetadata><ows:Operation name="GetRecords"><ows:DCP><ows:HTTP>
    <ows:Get xlink:href="{url}"/></ows:HTTP></ows:DCP></ows:Operation></ows:OperationsMetadata></csw:Capabilities>""".encode()


def landing(url: str = "https://api.example") -> dict[str, Any]:
    return {"title": "Geodaten", "links": [{"rel": "data", "type": "text/html", "href": f"{url}/seite"}, {"rel": "data", "type": "application/json", "href": f"{url}/collections?f=json"}]}  # fmt: skip


def collections(*names: str) -> dict[str, Any]:
    return {
        "links": [],
        "collections": [
            {
                "id": name,
                "title": name.title(),
                "extent": {"spatial": {"bbox": [list(MEISSEN)]}},
                "crs": ["http://www.opengis.net/def/crs/EPSG/0/25833"],
                "links": [{"rel": "items", "type": "application/geo+json", "href": f"{name}/items"}],
            }
            for name in names
        ],
    }


def turtle(names: Iterable[str], *, following: str = "") -> bytes:
    """A catalogue of DCAT-AP.de."""
    page = f"<https://daten.example/seite> hydra:nextPage <{following}> ." if following else ""
    datasets = "".join(
        f"""<https://daten.example/{name}> a dcat:Dataset ; dct:title "{name.title()}"@de, "Trees"@en ; dct:description "Daten" ;
        dcat:theme <http://publications.europa.eu/resource/authority/data-theme/ENVI> ; dct:publisher [ a foaf:Organization ; foaf:name "Stadt Beispiel" ] ;
        dcat:distribution [ a dcat:Distribution ; dcat:accessURL <https://daten.example/{name}.csv> ; dct:license <http://dcat-ap.de/def/licenses/cc-zero> ] .
        """
        for name in names
    )
    return f"""@prefix dcat: <http://www.w3.org/ns/dcat#> . @prefix dct: <http://purl.org/dc/terms/> . @prefix foaf: <http://xmlns.com/foaf/0.1/> .
    @prefix hydra: <http://www.w3.org/ns/hydra/core#> . <https://daten.example/> a dcat:Catalog ; dct:title "Daten der Stadt" . {page} {datasets}""".encode()


def arcgis() -> dict[str, Any]:
    """extent in Web Mercator, as ArcGIS numbers it."""
    space = {"wkid": 102100}
    extent = {"xmin": 1_469_417, "ymin": 6_621_294, "xmax": 1_536_209, "ymax": 6_691_876, "spatialReference": space}  # fmt: skip
    rows = [{"id": 0, "name": "Ordner", "subLayerIds": [1], "parentLayerId": -1}, {"id": 1, "name": "Bäume", "parentLayerId": 0, "subLayerIds": None}]  # fmt: skip
    return {"currentVersion": 10.91, "serviceDescription": "Bäume der Stadt", "layers": rows, "fullExtent": extent, "spatialReference": space}  # fmt: skip


def sensorthings(url: str) -> dict[str, Any]:
    return {"value": [{"name": name, "url": f"{url}/{name}"} for name in ("Things", "Datastreams")]}
