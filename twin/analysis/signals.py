"""Notices to packages above; whoever listens connects by itself."""

from django.dispatch import Signal

workflow_moved = (
    Signal()
)  # tenant: one of whose workflows began, went on or was removed; sent within the transaction
