"""OGC SensorThings API 1.1 (18-088), reading: what an address asks, which entities there are, how they are written."""
