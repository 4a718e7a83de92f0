"""Web Feature Service 2.0 (OGC 09-025r2), Basic WFS: requests, filters (FES 2.0, OGC 09-026r2) and features as GML 3.2."""
