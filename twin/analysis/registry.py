"""The use cases there are: each folder of twin/usecases with a module `usecase` that says USE_CASE."""

from collections.abc import Mapping
from functools import cache
from importlib import import_module
from importlib.util import find_spec
from pkgutil import iter_modules

from twin.analysis.usecase import UseCase

PACKAGE = "twin.usecases"


@cache
def use_cases() -> Mapping[str, UseCase]:
    """By short name, which is the folder's with dashes, in alphabetical order."""
    found = {}
    for module in sorted(iter_modules(import_module(PACKAGE).__path__), key=lambda each: each.name):
        name = f"{PACKAGE}.{module.name}.usecase"
        if module.ispkg and find_spec(name) is not None:
            use_case: UseCase = import_module(name).USE_CASE
            found[use_case.slug] = use_case
    return found


def find(slug: str) -> UseCase | None:
    return use_cases().get(slug)
