"""Loaded before the settings (pyproject.toml): each of several test processes has Redis databases of its own.

Databases of PostgreSQL and ports are pytest-django's business, folders pytest's.
"""

import os

number = os.environ.get("PYTEST_XDIST_WORKER", "").removeprefix("gw")
server = os.environ.get("REDIS_URL", "")
if number and server:
    own = 2 * (int(number) + 1)
    os.environ["REDIS_URL"] = (
        f"{server}?db={own}" if server.startswith("unix:") else f"{server.rstrip('/')}/{own}"
    )
