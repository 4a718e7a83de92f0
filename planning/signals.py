"""Notices to packages above that plans changed; whoever listens connects by itself."""

from django.dispatch import Signal

version_imported = Signal()  # plan: with its newest version, which is stored for good
