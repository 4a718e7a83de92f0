"""CQL2 is read as the standard's own examples say, and nothing a stranger writes breaks the reader."""

import json
from pathlib import Path
from typing import Any

import pytest

from twin.ogc.cql2.errors import FilterRefused
from twin.ogc.cql2.reading import read


def stem(path: Path) -> str:
    return path.stem.partition("-alt")[0]


def test_every_example_of_the_standard_is_read_alike_from_text_and_json(shared_data: Path) -> None:
    folder = shared_data / "catalogue" / "cql2"
    expected = {path.stem: json.loads(path.read_text()) for path in (folder / "json").glob("*.json")}
    texts = sorted((folder / "text").glob("*.txt"))
    read_as = {path.stem: read(path.read_text(), language="cql2-text") for path in texts}
    pairs = [path.stem for path in texts if stem(path) in expected]
    wrong = {name for name in pairs if read_as[name] != expected[stem(Path(name))]}
    # example 54 names the same moment with and without its zero microseconds
    assert (len(texts), len(pairs), wrong) == (80, 53, {"example54"})
    for tree in expected.values():
        assert read(json.dumps(tree), language="cql2-json") == tree


@pytest.mark.parametrize(
    ("text", "tree"),
    [
        ("a=1 AND b=2 OR c=3", {"op": "or", "args": [{"op": "and", "args": ["a1", "b2"]}, "c3"]}),
        ("a=1 AND (b=2 OR c=3)", {"op": "and", "args": ["a1", {"op": "or", "args": ["b2", "c3"]}]}),
    ],
)
def test_and_binds_before_or(text: str, tree: Any) -> None:
    def short(node: Any) -> Any:
        if node["op"] == "=":
            return f"{node['args'][0]['property']}{node['args'][1]}"
        return {"op": node["op"], "args": [short(one) for one in node["args"]]}

    assert short(read(text, language="cql2-text")) == tree


@pytest.mark.parametrize(
    "text",
    [
        "",
        "   ",
        "name =",
        "name = 'Linde",
        "name LIKE",
        "= 5",
        "(name = 'a'",
        "name = 'a')",
        "name = 'a' name",
        "POINT(1)",
        "POLYGON((1 2, 3))",
        "S_INTERSECTS(geometry, POINT(1 2)",
        "DATE()",
        "name = 'a'; DROP TABLE catalogue_feature",
        "name = $1",
        "1e999 = nummer",
        "\0",
        "NOT " * 500 + "TRUE",
        "(" * 1000 + "TRUE" + ")" * 1000,
        "casei(" * 1000 + "name" + ")" * 1000,
        "-" * 5000 + "1 = nummer",
        "name = '" + "\\'" * 4000,
        "name IN (" + ",".join(["'a'"] * 20_000) + ")",
    ],
)
def test_text_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(FilterRefused):
        read(text, language="cql2-text")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "{",
        "[" * 1000 + "]" * 1000,
        '{"op":"not","args":[' * 700 + "true" + "]}" * 700,
        '{"op":"=","args":[{"property":"nummer"},NaN]}',
        '{"op":"=","args":[{"property":"nummer"},1e999]}',
        json.dumps({"op": "in", "args": [{"property": "nummer"}, list(range(3900))]})[:16_001],
    ],
)
def test_json_that_cannot_be_read_is_refused(text: str) -> None:
    with pytest.raises(FilterRefused):
        read(text, language="cql2-json")
