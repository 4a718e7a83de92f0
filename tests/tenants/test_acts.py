"""Every act that the code records has words, and no words stand for acts that nobody records."""

import ast
from collections.abc import Iterator
from pathlib import Path

from django.conf import settings

from tenants import acts

RECORDERS = {"audit", "_record", "_set_roles"}
PACKAGES = ("tenants", "planning", "participation", "twin")


def recorded() -> Iterator[str]:
    """Constants that are handed to a recorder as the act, by place or by name."""
    for file in (file for name in PACKAGES for file in (Path(settings.BASE_DIR) / name).rglob("*.py")):
        for node in ast.walk(ast.parse(file.read_text())):
            if isinstance(node, ast.Call) and ast.unparse(node.func).rpartition(".")[2] in RECORDERS:
                named = [word.value for word in node.keywords if word.arg == "action"]
                yield from (
                    one.value
                    for one in [*node.args[:1], *named]
                    if isinstance(one, ast.Constant) and isinstance(one.value, str)
                )


def test_words_for_every_recorded_act() -> None:
    assert set(recorded()) == set(acts.WORDS)


def test_an_unknown_act_keeps_its_name() -> None:
    assert acts.in_words("paint_fence") == "paint_fence"
