"""Is the German catalogue complete? ``python -m scripts.catalogue`` lists what is missing, fuzzy or malformed.

The source strings are English, so German is the only catalogue; `locale/libraries` overrides texts of libraries. ``--update`` brings new strings into the file for the
translator; without it the check works on a copy and changes nothing. Needs gettext's programs.
"""

import argparse
import ast
import os
import shutil
import subprocess
import sys
import tempfile
from contextlib import chdir
from pathlib import Path

import django
from django.conf import settings
from django.core.management import call_command

LANGUAGE = "de"
TRANSLATING = {"_", "gettext", "gettext_lazy", "ngettext", "ngettext_lazy", "pgettext", "pgettext_lazy"}
OUTSIDE = [".local", ".venv", "benchmarks", "build", "docs", "frontend", "scripts", "tests"]


def extract(root: Path) -> None:
    """Merge all strings of code and templates below ``root`` into the catalogues of its ``locale`` folder."""
    (root / "locale" / LANGUAGE / "LC_MESSAGES").mkdir(parents=True, exist_ok=True)
    options = {"no_location": True, "no_obsolete": True, "symlinks": True, "verbosity": 0}
    with chdir(root):
        call_command("makemessages", locale=[LANGUAGE], ignore_patterns=OUTSIDE, **options)


def mirror(source: Path, target: Path) -> None:
    """The code as links, the catalogues as copies: makemessages always writes into the ``locale`` beside the code."""
    for folder in source.iterdir():
        if folder.name == "locale":
            shutil.copytree(folder, target / "locale")
        elif folder.is_dir() and folder.name not in OUTSIDE:
            (target / folder.name).symlink_to(folder)


def entries(catalogue: Path, *selection: str) -> list[str]:
    """First lines of the source strings that ``msgattrib`` selects."""
    command = ["msgattrib", "--no-obsolete", "--no-wrap", *selection, str(catalogue)]
    text = subprocess.run(command, check=True, stdout=subprocess.PIPE, text=True).stdout
    return [line.removeprefix("msgid ") for line in text.splitlines() if line.startswith("msgid ")][1:]


def problems(catalogue: Path) -> list[str]:
    if not catalogue.is_file():
        return ["there is no catalogue"]
    found = [f"missing: {text}" for text in entries(catalogue, "--untranslated")]
    found += [f"fuzzy: {text}" for text in entries(catalogue, "--only-fuzzy")]
    compiled = subprocess.run(
        ["msgfmt", "--check", "--output-file=/dev/null", str(catalogue)], stderr=subprocess.PIPE, text=True
    )
    return found + ([compiled.stderr] if compiled.returncode else [])


def unseen(source: Path) -> list[str]:
    """Texts to be translated inside of an f-string, which gettext does not look into."""
    found = []
    for file in source.rglob("*.py"):
        if file.relative_to(source).parts[0] in OUTSIDE:
            continue
        strings = (
            node for node in ast.walk(ast.parse(file.read_text("utf-8"))) if isinstance(node, ast.JoinedStr)
        )
        calls = (part for string in strings for part in ast.walk(string) if isinstance(part, ast.Call))
        named = (call for call in calls if isinstance(call.func, ast.Name) and call.func.id in TRANSLATING)
        found += [f"inside of an f-string: {ast.unparse(call)} ({file.name})" for call in named]
    return found


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--update", action="store_true", help="write new strings into locale/")
    update = parser.parse_args().update
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "twin.settings")
    django.setup()
    source = Path(settings.BASE_DIR)
    with tempfile.TemporaryDirectory() as name:
        root = source if update else Path(name)
        if not update:
            mirror(source, root)
        extract(root)
        found = problems(root / "locale" / LANGUAGE / "LC_MESSAGES" / "django.po")
        found += problems(root / "locale" / "libraries" / LANGUAGE / "LC_MESSAGES" / "django.po")
    found += unseen(source)
    print("\n".join(found[:50]))
    print(f"{len(found)} problems in the {LANGUAGE} catalogue.")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
