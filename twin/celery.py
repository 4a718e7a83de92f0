"""Celery application; imported by twin/apps.py so that shared tasks bind to it."""

import os
import time
from typing import Any

from celery import Celery
from celery.schedules import crontab
from celery.signals import heartbeat_sent, worker_init
from django.core.cache import cache

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twin.settings")

HEARTBEAT = "worker-heartbeat"  # cache key: time of the worker's last sign of life, seconds since 1970; see twin/health.py

app = Celery("twin")
app.config_from_object("django.conf:settings", namespace="CELERY")
app.autodiscover_tasks()
app.conf.beat_schedule = {
    "sweep": {"task": "tenants.tasks.sweep", "schedule": 30.0},
    "watch-services": {"task": "twin.catalogue.tasks.watch", "schedule": 60.0},
    "poll-gauges": {"task": "twin.sensors.tasks.poll_due", "schedule": 60.0},
    "spread-visibility": {"task": "twin.sensors.tasks.spread_all", "schedule": crontab(hour=3, minute=15)},
    "refresh-datasets": {"task": "twin.catalogue.tasks.refresh_due", "schedule": 300.0},
    "tidy-probes": {"task": "twin.catalogue.tasks.tidy_probes", "schedule": crontab(hour=3, minute=50)},
    "remove-orphans": {"task": "tenants.tasks.remove_orphans", "schedule": crontab(hour=3, minute=10)},
    "tidy-uploads": {"task": "twin.catalogue.tasks.tidy_uploads", "schedule": crontab(hour=3, minute=20)},
    "tidy-checkpoints": {"task": "twin.analysis.tasks.tidy", "schedule": crontab(hour=3, minute=40)},
    "tell-lost-inputs": {"task": "twin.analysis.tasks.tell_lost", "schedule": crontab(hour=4, minute=20)},
    "remind-workflows": {
        "task": "twin.analysis.tasks.remind",
        "schedule": crontab(day_of_week="mon-fri", hour=6, minute=15),
    },
    "remind-moderators": {
        "task": "participation.tasks.remind_moderators",
        "schedule": crontab(day_of_week="mon-fri", hour="7-16", minute=5),
    },
    "standings": {"task": "planning.tasks.refresh_standings", "schedule": crontab(hour=0, minute=20)},
    "purge-submitters": {"task": "participation.tasks.purge", "schedule": crontab(hour=3, minute=30)},
    "indicators": {"task": "twin.indicators.tasks.take_nightly", "schedule": crontab(hour=2, minute=30)},
}


@worker_init.connect
def refuse_weak_login(**kwargs: Any) -> None:
    from tenants.rls import refuse_weak_login as refuse  # noqa: PLC0415 - apps are loaded only when the worker starts

    refuse()


@heartbeat_sent.connect
def note_heartbeat(**kwargs: Any) -> None:
    """Celery sends one every two seconds, also while all its processes are busy."""
    cache.set(HEARTBEAT, time.time(), timeout=None)
