"""Work on foreign files in a process of its own, with limits of memory and time; it can be ended at any moment.

A file that makes a library crash, or eats memory or time, ends that process and not the worker. The process is `python -m tenants.apart
MODULE JOB ARGUMENTS`, whose module calls `serve`; it writes lines of JSON: {"share": …} while it works, then {"result": …} or
{"refused": rule, "params": …}.
"""

import json
import os
import resource
import runpy
import select
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, ClassVar

SECONDS = 1800  # then it is given up
_COMPUTING = 1500  # seconds of computing
_MEMORY = 4 * 1024**3  # bytes of address space, libraries included
_FILE = 8 * 1024**3  # bytes of one written file
_LOOK = 0.5  # seconds between two looks at whether somebody cancelled
_CHUNK = 1 << 16
_ROOT = Path(__file__).resolve().parents[1]  # where our packages lie
# Threads would each take address space, which is limited; the work is not arithmetic.
_ENVIRONMENT = {"OPENBLAS_NUM_THREADS": "1", "OMP_NUM_THREADS": "1", "PYTHONWARNINGS": "ignore"}
_parent = os.getppid()


class Rejected(Exception):
    """Base: nothing can be made of the file. rule: its name, which begins with `area`; params: what the sentence about it needs."""

    area: ClassVar[str]

    def __init__(self, rule: str, **params: str | int | float) -> None:
        super().__init__(rule)
        self.rule = rule
        self.params: Mapping[str, str | int | float] = params


@dataclass(frozen=True)
class Workshop:
    """Where a package's foreign files are worked on. module: what `python -m` starts; rejection: what a refusal is raised as."""

    module: str
    rejection: type[Rejected]
    environment: Mapping[str, str] = field(default_factory=dict)

    def run(self, job: str, arguments: Mapping[str, Any], *, tell: Callable[[float], None]) -> dict[str, Any]:
        """Do a job and return its result. tell: called with the share done, at least twice a second; what it raises ends the
        process. Raises the rejection, with rule AREA.failed where the process died."""
        with subprocess.Popen(  # noqa: S603 - our own module, no shell
            [sys.executable, "-m", "tenants.apart", self.module, job, json.dumps(arguments)],
            stdout=subprocess.PIPE,
            env={**os.environ, **_ENVIRONMENT, **self.environment},
            cwd=_ROOT,
        ) as process:
            try:
                return self._result(self._follow(process, tell))
            finally:
                process.kill()

    def _follow(self, process: "subprocess.Popen[bytes]", tell: Callable[[float], None]) -> Mapping[str, Any]:
        """The last line that the process wrote."""
        assert process.stdout is not None  # noqa: S101 - PIPE
        last = time.monotonic() + SECONDS
        share, pending = 0.0, b""
        answer: dict[str, Any] = {}
        while time.monotonic() < last:
            ready, _, _ = select.select([process.stdout], [], [], _LOOK)
            if ready:
                chunk = os.read(process.stdout.fileno(), _CHUNK)
                if not chunk:
                    return answer
                *lines, pending = (pending + chunk).split(b"\n")
                for line in lines:
                    answer = json.loads(line)
                    share = answer.get("share", share)
            tell(share)
        raise self.rejection(f"{self.rejection.area}.too_slow", minutes=SECONDS // 60)

    def _result(self, answer: Mapping[str, Any]) -> dict[str, Any]:
        if "result" in answer:
            found: dict[str, Any] = answer["result"]
            return found
        if "refused" in answer:
            raise self.rejection(answer["refused"], **answer["params"])
        raise self.rejection(f"{self.rejection.area}.failed")


# --- inside the process


def tell(share: float) -> None:
    """Say how much is done; ends the process where nobody waits for it."""
    if os.getppid() != _parent:
        sys.exit(1)
    _say(share=share)


def serve(jobs: Mapping[str, Callable[..., Any]], *, rejection: type[Rejected]) -> None:
    """Do the job that the command line names, within limits."""
    job, arguments = sys.argv[1:]
    for kind, limit in ((resource.RLIMIT_AS, _MEMORY), (resource.RLIMIT_FSIZE, _FILE), (resource.RLIMIT_CPU, _COMPUTING), (resource.RLIMIT_CORE, 0)):  # fmt: skip
        resource.setrlimit(kind, (limit, limit))
    try:
        result = jobs[job](**json.loads(arguments))
    except rejection as rejected:
        _say(refused=rejected.rule, params=dict(rejected.params))
    except MemoryError:
        _say(refused=f"{rejection.area}.memory", params={})
    else:
        _say(result=result)


def _say(**line: Any) -> None:
    sys.stdout.write(json.dumps(line) + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    # rasterio would load it, a quarter of what the process does before it begins; nobody reads from buckets here
    sys.modules["boto3"] = None  # type: ignore[assignment]
    runpy.run_module(sys.argv.pop(1), run_name="__main__")
