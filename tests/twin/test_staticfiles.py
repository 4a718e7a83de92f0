from pathlib import Path

import brotli
from django.conf import LazySettings
from django.contrib.staticfiles.storage import staticfiles_storage
from django.core.management import call_command

BACKEND = "twin.staticfiles.StaticFiles"


def test_collected_files_carry_their_hash_and_are_compressed(settings: LazySettings, tmp_path: Path) -> None:
    source, target = tmp_path / "source", tmp_path / "target"
    source.mkdir()
    (source / "page.css").write_text("main { margin: 0 }\n" * 200)
    settings.STATICFILES_DIRS = [source]
    settings.STATICFILES_FINDERS = ["django.contrib.staticfiles.finders.FileSystemFinder"]
    settings.STATIC_ROOT = target
    settings.STORAGES = {**settings.STORAGES, "staticfiles": {"BACKEND": BACKEND}}

    call_command("collectstatic", interactive=False, verbosity=0)

    name = Path(staticfiles_storage.url("page.css")).name
    assert name != "page.css"
    assert brotli.decompress((target / f"{name}.br").read_bytes()) == (target / name).read_bytes()
    assert (target / f"{name}.gz").stat().st_size < 200
