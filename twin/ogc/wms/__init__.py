"""Web Map Service 1.3.0 (OGC 06-042): requests, and pictures of datasets and plans as SVG, made PNG by the library that draws plans."""
