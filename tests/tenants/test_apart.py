"""Work in a process of its own: limits, results, refusals, a process that dies."""

import json
import resource
import subprocess
import sys
from pathlib import Path

import pytest

from planning.rasters.refusal import RasterRefused
from tenants.apart import Workshop


def test_memory_and_time_of_the_work_are_limited() -> None:
    """The limits hold in the process that opens foreign files, and not here."""
    script = (
        "import resource; from tenants.apart import serve; from planning.rasters.refusal import RasterRefused\n"
        "limits = lambda: [resource.getrlimit(k)[0] for k in (resource.RLIMIT_AS, resource.RLIMIT_CPU, resource.RLIMIT_FSIZE)]\n"
        "serve({'limits': limits}, rejection=RasterRefused)"
    )
    answer = subprocess.run([sys.executable, "-c", script, "limits", "{}"], capture_output=True, check=True)
    assert json.loads(answer.stdout) == {"result": [4 * 1024**3, 1500, 8 * 1024**3]}
    assert resource.getrlimit(resource.RLIMIT_AS)[0] == resource.RLIM_INFINITY


def test_process_that_dies_is_a_refusal() -> None:
    with pytest.raises(RasterRefused) as error:
        Workshop("planning.rasters", RasterRefused).run("no such job", {}, tell=lambda share: None)
    assert error.value.rule == "raster.failed"


def test_refusal_comes_back_with_its_parameters(tmp_path: Path) -> None:
    arguments = {"source": str(tmp_path / "none.pdf"), "target": "x", "number": 1}
    (tmp_path / "none.pdf").write_bytes(b"%PDF-1.4 no pages")
    with pytest.raises(RasterRefused) as error:
        Workshop("planning.rasters", RasterRefused).run("page", arguments, tell=lambda share: None)
    assert error.value.rule.startswith("raster.")
