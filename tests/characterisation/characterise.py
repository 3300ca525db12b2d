"""What the tuner decides for the accounts beside this file, and for the three samples, kept to the cent.

    python tests/characterisation/characterise.py [--overwrite] [ACCOUNT ...]

writes what is missing; a result that is there and differs stays, and its differences are printed, unless
--overwrite is given. An account is a folder of accounts/ with run.yaml (the arguments of `tune`). Its results
are actions.csv (one line for each row of the list, in the list's order) and summary.txt (the frames of the
summary as csv, one after the other). Only `tune` and what it returns is used, so that the inner works can be
rebuilt while these results stand.
"""

from __future__ import annotations

import argparse
import io
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
from ruamel.yaml import YAML

from ppc_tuner import Result, tune
from ppc_tuner.columns import COLUMNS

ACCOUNTS = Path(__file__).with_name("accounts")
REPOSITORY = Path(__file__).resolve().parents[2]
ACTIONS, SUMMARY, RUN = "actions.csv", "summary.txt", "run.yaml"
SHOWN = 10

# Together they name a row of the list.
KEYS = (
    "level", "account", "currency", "campaign_id", "campaign", "ad_group", "item_id", "keyword_id", "keyword",
    "match_type", "search_term", "channel", "device",
)  # fmt: skip
# What holds for the whole account and says nothing of a row: it shows in every figure that depends on it.
OF_THE_ACCOUNT = (
    "level_doubt", "drift_doubt", "pace_season", "least_gain", "p_needed", "prior_source", "prior_lean",
    "prior_gain",
)  # fmt: skip
# Descriptions of the pack: texts, not results. Of its rules only what each decided is kept.
NO_RESULTS = ("settings", "platforms")
# One place more than is shown: what differs by one unit of the last place may be rounding.
PLACES = {"money": 3, "count": 2, "score": 2, "ratio": 3, "share": 4, "change": 4, "number": 4, "days": 1}
# Rates lie near .02, where four places would let a figure move by half a percent.
RATES = ("ctr", "cvr")
PLACES_OF_A_RATE, PLACES_OF_OTHERS = 6, 3


def names() -> list[str]:
    """All accounts."""
    return sorted(path.parent.name for path in ACCOUNTS.glob(f"*/{RUN}"))


def tuned(name: str) -> Result:
    """The account as the tuner decides for it now."""
    folder = ACCOUNTS / name
    run: dict[str, Any] = YAML(typ="safe").load(folder / RUN)
    paths = {
        kind: [REPOSITORY / path if "/" in path else folder / path for path in run.get(kind, [])]
        for kind in ("reports", "context")
    }
    return tune(paths["reports"], run.get("rules"), paths["context"] or None, run.get("settings", {}))


def results(name: str) -> dict[str, str]:
    """File name → what it should hold, for the account as the tuner decides for it now."""
    result = tuned(name)
    actions = result.actions.drop(columns=[column for column in OF_THE_ACCOUNT if column in result.actions])
    return {ACTIONS: _csv(actions), SUMMARY: _summary(result.summary)}


def difference(name: str) -> str:
    """What differs between the results and the account's files, ten lines at most; empty if nothing."""
    parts: list[str] = []
    for file, now in results(name).items():
        path = ACCOUNTS / name / file
        before = path.read_text("utf-8") if path.exists() else ""
        if before != now:
            parts += [f"{name}/{file}: {line}" for line in _differences(file, before, now)]
    more = [f"… and {len(parts) - SHOWN} more"] if len(parts) > SHOWN else []
    return "\n".join([*parts[:SHOWN], *more])


def _summary(frames: dict[str, pd.DataFrame]) -> str:
    rules = frames["rules"][["rule", "action", "words"]]
    kept = frames | {"rules": rules[rules["words"] > 0]}
    return "\n".join(
        f"[{name}]\n{_csv(frame)}" for name, frame in kept.items() if name not in NO_RESULTS and len(frame)
    )


def _csv(frame: pd.DataFrame) -> str:
    written = pd.DataFrame({name: _written(frame[name]) for name in frame}, index=frame.index)
    # Notes name files by their whole path, which differs from one checkout to the next.
    return str(written.to_csv(index=False, lineterminator="\n")).replace(f"{REPOSITORY}/", "")


def _written(values: pd.Series) -> pd.Series:
    """Numbers rounded as their kind of figure is read, the rest as it is."""
    if pd.api.types.is_bool_dtype(values) or not pd.api.types.is_numeric_dtype(values):
        return values
    places = _places(str(values.name))
    numbers = values.astype("float64").round(places) + 0.0
    return numbers.map(
        lambda number: "" if np.isnan(number) else f"{number:.{places}f}".rstrip("0").rstrip(".")
    )


def _places(name: str) -> int:
    if name.split("_")[0] in RATES and not name.endswith(("score", "ratio")):
        return PLACES_OF_A_RATE
    return PLACES.get(COLUMNS[name].kind, PLACES_OF_OTHERS) if name in COLUMNS else PLACES_OF_OTHERS


def _differences(file: str, before: str, now: str) -> Iterator[str]:
    """One line for each row and column that differs by more than the rounding; first what is gone or new."""
    old, new = _tables(file, before), _tables(file, now)
    for table in old | new:
        if table not in old or table not in new:
            yield f"{table} is {'gone' if table in old else 'new'}"
        else:
            yield from _of_a_table(table, old[table], new[table])


def _tables(file: str, text: str) -> dict[str, pd.DataFrame]:
    parts = {"": text} if file == ACTIONS else _sections(text)
    return {
        name: pd.read_csv(io.StringIO(part), dtype=str, keep_default_na=False)
        for name, part in parts.items()
        if part
    }


def _sections(text: str) -> dict[str, str]:
    blocks = [block.partition("]\n") for block in ("\n" + text).split("\n[")[1:]]
    return {name: part for name, _, part in blocks}


def _of_a_table(table: str, old: pd.DataFrame, new: pd.DataFrame) -> Iterator[str]:
    # A column that has come takes nothing from the others.
    for column in (column for column in old if column not in new):
        yield f"{table} column {column} is gone"
    columns = [column for column in old if column in new]
    first, second = _labelled(old, columns), _labelled(new, columns)
    gone, come = first.index.difference(second.index), second.index.difference(first.index)
    yield from (f"{table} row {row} is gone" for row in gone)
    yield from (f"{table} row {row} is new" for row in come)
    if not len(gone) and not len(come) and list(first.index) != list(second.index):
        at = next(at for at, (a, b) in enumerate(zip(first.index, second.index, strict=True)) if a != b)
        yield f"{table} the order differs from row {at + 1}: {first.index[at]} → {second.index[at]}"
    both = first.index.intersection(second.index)
    for column in columns:
        was, now = first.loc[both, column], second.loc[both, column]
        for row in both[~_same(was, now, _places(column))]:
            yield f"{table} row {row}, {column}: {was[row]!r} → {now[row]!r}"


def _labelled(frame: pd.DataFrame, columns: list[str]) -> pd.DataFrame:
    """Rows named by their keys, in a table without any (or with the same twice) by their number."""
    keys = [key for key in KEYS if key in columns]
    labels = (
        frame[keys].agg(lambda cells: " · ".join(filter(None, cells)), axis=1)
        if keys
        else frame.index.astype(str)
    )
    labels = pd.Series(labels, index=frame.index, dtype="str")
    again = labels.groupby(labels).cumcount()
    return frame.set_index(pd.Index(labels.where(again == 0, labels + " #" + (again + 1).astype(str))))


def _same(was: pd.Series, now: pd.Series, places: int) -> np.ndarray:
    """Equal as text, or as numbers but for one unit of the last place: a sum may be rounded either way."""
    a, b = (pd.to_numeric(cells, errors="coerce") for cells in (was, now))
    near = (a - b).abs() <= 1.01 * 10.0**-places
    return np.asarray((was == now) | near)


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    parser.add_argument("--overwrite", action="store_true")
    parser.add_argument("accounts", nargs="*")
    given = parser.parse_args()
    refused = 0
    for name in given.accounts or names():
        for file, content in results(name).items():
            path = ACCOUNTS / name / file
            known = path.read_text("utf-8") if path.exists() else content
            if known != content and not given.overwrite:
                found = [*_differences(file, known, content)][:SHOWN]
                print(f"{name}/{file} differs and is kept; --overwrite replaces it", *found, sep="\n  ")
                refused += 1
                continue
            path.write_text(content, "utf-8", newline="\n")
    return 1 if refused else 0


if __name__ == "__main__":
    sys.exit(main())
