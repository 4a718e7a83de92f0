"""Plan information (Auskunft): what applies at a point or on a parcel, out of public plans alone."""
