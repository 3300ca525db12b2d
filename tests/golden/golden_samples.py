"""The samples beside this file: what each is read as, and how `inspect` tells it.

    python tests/golden/golden_samples.py [--overwrite] [SAMPLE ...]

writes what is missing; what is there and differs stays, and is named, unless --overwrite says so. A sample is
a folder `platform.layout` or `platform.layout.variant` with the files of one run (and format.yaml, where it
needs one).
"""

from __future__ import annotations

import argparse
import contextlib
import difflib
import sys
from pathlib import Path

from ppc_tuner.cli.inspection import describe
from ppc_tuner.reports import Reading, read_reports

SAMPLES = Path(__file__).with_name("samples")
FORMAT = "format.yaml"
CANONICAL, INSPECTED = "canonical.csv", "inspect.txt"
AS_OF = "2026-12-31"


def names() -> list[str]:
    """All samples."""
    return sorted(folder.name for folder in SAMPLES.iterdir() if folder.is_dir())


def read_sample(name: str) -> Reading:
    """The sample as the command line would read it from within its folder."""
    folder = SAMPLES / name
    reports = sorted(
        file.name for file in folder.iterdir() if file.name not in (FORMAT, CANONICAL, INSPECTED)
    )
    with contextlib.chdir(folder):
        formats = [FORMAT] if Path(FORMAT).exists() else []
        return read_reports(reports, formats=formats, as_of=AS_OF)


def results(name: str) -> dict[str, str]:
    """File name → what it should hold."""
    reading = read_sample(name)
    facts = reading.facts if len(reading.facts) else reading.items
    filled = facts.dropna(axis=1, how="all")
    table = filled.loc[:, [not (filled[column] == "").all() for column in filled]]
    lang = reading.lang
    return {
        CANONICAL: table.to_csv(index=False, lineterminator="\n"),
        INSPECTED: "\n".join(describe(reading, lang)) + "\n",
    }


def difference(name: str) -> str:
    """What differs between the results and the files beside the sample; empty where nothing does."""
    parts = []
    for file, content in results(name).items():
        path = SAMPLES / name / file
        known = path.read_text("utf-8") if path.exists() else ""
        lines = (text.splitlines(keepends=True) for text in (known, content))
        parts += difflib.unified_diff(*lines, f"{name}/{file}", "now")
    return "".join(parts)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--overwrite", action="store_true")
    parser.add_argument("samples", nargs="*")
    given = parser.parse_args()
    refused = 0
    for name in given.samples or names():
        for file, content in results(name).items():
            path = SAMPLES / name / file
            if path.exists() and path.read_text("utf-8") != content and not given.overwrite:
                print(f"{name}/{file} differs and is kept; --overwrite replaces it")
                refused += 1
                continue
            path.write_text(content, "utf-8", newline="\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
