"""What was compiled of other sources is never loaded."""

from pathlib import Path

from twin.hydro import compiling


def test_each_state_of_the_sources_has_a_folder_of_its_own(tmp_path: Path) -> None:
    base, sources = tmp_path / "kept", tmp_path / "hydro"
    base.mkdir()
    sources.mkdir()
    (sources / "kernel.py").write_text("a = 1")
    (sources / "upkeep.py").write_text("b = 1")
    first = compiling.folder(base, sources)
    first.mkdir()
    (base / "other").mkdir()  # not ours
    assert compiling.folder(base, sources) == first
    (sources / "kernel.py").write_text("a = 2")
    assert compiling.folder(base, sources) != first
    assert [one.name for one in base.iterdir()] == ["other"]


def test_numba_keeps_it_there() -> None:
    wanted = compiling.folder(Path(compiling.SETTINGS.CACHE_DIR).parent, Path(compiling.__file__).parent)
    assert str(wanted) == compiling.SETTINGS.CACHE_DIR
