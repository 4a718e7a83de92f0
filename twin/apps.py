from django.apps import AppConfig

from twin.celery import app as celery_app

__all__ = ["TwinConfig", "celery_app"]


class TwinConfig(AppConfig):
    name = "twin"
