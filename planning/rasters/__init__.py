"""Plan pictures: opened with bounded memory, placed on the ground, made into a Cloud Optimized GeoTIFF, cut into tiles. Pure.

What reads foreign files runs in a process of its own (`process.run`), so that a file that makes a library crash, or eats memory
and time, ends that process and not the worker.
"""
