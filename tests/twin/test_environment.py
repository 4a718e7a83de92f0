import os
import subprocess
import sys
from pathlib import Path

import pytest

from twin import environment

ROOT = Path(environment.__file__).resolve().parent.parent
SECRET = "p4ssw0rd"


def test_manual_shows_the_table_of_variables() -> None:
    manual = (ROOT / "docs" / "betrieb.md").read_text()
    assert environment.as_markdown() in manual, (
        "paste the output of `python -m twin.environment` into docs/betrieb.md"
    )


def test_read_gives_a_value_for_every_variable() -> None:
    values = environment.read({})
    assert set(values) == {variable.name for variable in environment.TABLE}
    assert (values["KZ_PORT"], values["KZ_DEBUG"]) == (8000, False)


def test_a_command_refuses_with_a_sentence_and_no_trace() -> None:
    command = [sys.executable, "manage.py", "check"]
    done = subprocess.run(command, cwd=ROOT, env={**os.environ, "KZ_PROT": "1"}, capture_output=True, text=True, check=False)  # fmt: skip
    assert done.returncode == 1
    assert "KZ_PROT: unknown" in done.stderr
    assert "Traceback" not in done.stderr


def test_read_names_an_unknown_variable() -> None:
    with pytest.raises(environment.ConfigurationError, match="KZ_PROT: unknown"):
        environment.read({"KZ_PROT": "8001"})


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("KZ_PORT", "eight"),
        ("KZ_PORT", "-1"),
        ("KZ_DEBUG", "maybe"),
        ("KZ_BASE_URL", "ftp://example.de"),
        ("KZ_LOG_LEVEL", "LOUD"),
        ("DATABASE_URL", "mysql://host/name"),
        ("REDIS_URL", "localhost:6379"),
        ("REDIS_URL", "redis://host/two"),
    ],
)
def test_read_names_a_malformed_value(name: str, text: str) -> None:
    with pytest.raises(environment.ConfigurationError, match=f"{name}: malformed"):
        environment.read({name: text})


def test_read_names_all_problems_at_once_and_shows_no_secret() -> None:
    with pytest.raises(environment.ConfigurationError) as caught:
        environment.read({"KZ_PORT": "x", "KZ_WHAT": "1", "DATABASE_URL": f"mysql://user:{SECRET}@host/name"})
    assert [name for name in ("KZ_PORT", "KZ_WHAT", "DATABASE_URL") if name not in str(caught.value)] == []
    assert SECRET not in str(caught.value)


@pytest.mark.parametrize(
    ("address", "tasks", "cache"),
    [
        ("redis://host:6379", "redis://host:6379/0", "redis://host:6379/1"),
        ("rediss://:word@host/4", "rediss://:word@host/4", "rediss://:word@host/5"),
        (
            "unix:///run/redis.sock",
            "redis+socket:///run/redis.sock?virtual_host=0",
            "unix:///run/redis.sock?db=1",
        ),
        (
            "unix:///run/redis.sock?db=2",
            "redis+socket:///run/redis.sock?virtual_host=2",
            "unix:///run/redis.sock?db=3",
        ),
    ],
)
def test_tasks_and_cache_have_a_database_each(address: str, tasks: str, cache: str) -> None:
    assert environment.redis_databases(address) == (tasks, cache)


@pytest.mark.parametrize(
    "text",
    [
        "https://key:secret@host/bucket",
        "s3://host/bucket",
        "s3://key:secret@host",
        "s3://key:secret@host/bucket?tls=perhaps",
        "s3://key:secret@host/bucket?acl=public",
        "s3://key:secret@host:port/bucket",
    ],
)
def test_malformed_address_is_refused_without_showing_it(text: str) -> None:
    with pytest.raises(environment.ConfigurationError) as refused:
        environment.read({"KZ_FILES_URL": text})
    assert "KZ_FILES_URL" in str(refused.value)
    assert "secret" not in str(refused.value)
