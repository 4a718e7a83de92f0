import gc

from django.apps import AppConfig

from twin.celery import app as celery_app

__all__ = ["TwinConfig", "celery_app"]

# Containers made more than freed until the collector looks at the newest, and how often that until it looks at all of them. Python's
# own (700, 10, 10) has an import look every few milliseconds; half a million containers are some tens of megabytes.
COLLECT_AFTER = (20_000, 5, 5)


class TwinConfig(AppConfig):
    name = "twin"

    def ready(self) -> None:
        """What is loaded by now stays, so the collector need not go through it again and again; the broker's client, too, for which
        the first task that a process sends would wait."""
        celery_app.connection_for_write().get_transport_cls()
        gc.freeze()
        gc.set_threshold(*COLLECT_AFTER)
