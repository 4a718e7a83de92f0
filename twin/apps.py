import gc

from django.apps import AppConfig

from twin.celery import app as celery_app

__all__ = ["TwinConfig", "celery_app"]

COLLECT_AFTER = 50_000  # new objects; Python's own 700 has a big import look for cycles every few milliseconds


class TwinConfig(AppConfig):
    name = "twin"

    def ready(self) -> None:
        """What is loaded by now stays, so the collector need not go through it again and again."""
        gc.freeze()
        gc.set_threshold(COLLECT_AFTER, *gc.get_threshold()[1:])
