"""Delivered files of data -> rows for storing. Pure: knows no framework and no tenant.

Foreign files are opened in a process of their own (`process.run`) with the drivers named there and no others.
"""
