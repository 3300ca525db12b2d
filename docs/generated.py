"""How the scripts of this folder write their pages; with `--check` they only compare."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from pathlib import Path


def write_or_check(pages: Mapping[Path, str]) -> int:
    """The exit code: with `--check` in the arguments 1 where a page is not current; its name is printed."""
    if "--check" not in sys.argv[1:]:
        for path, text in pages.items():
            path.write_text(text, encoding="utf-8", newline="\n")
        return 0
    stale = [path for path, text in pages.items() if not path.is_file() or path.read_text("utf-8") != text]
    for path in stale:
        print(f"{path.name} is not current: run python {sys.argv[0]}")
    return 1 if stale else 0
