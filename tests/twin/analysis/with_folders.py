"""Loaded by the worker that the tests start: it finds the tests' folder, too (`celery --include`)."""

from tests.twin.analysis.conftest import FOLDERS
from twin import usecases
from twin.analysis import execution, registry

usecases.__path__.append(FOLDERS)
registry.use_cases.cache_clear()
execution.KEEP_EVERY = 0.2
