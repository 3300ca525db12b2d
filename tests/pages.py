"""Pages that `tune` wrote: as text, and as the data that they hold."""

from __future__ import annotations

import base64
import json
import re
import zlib
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

import pandas as pd

from ppc_tuner.listing import Result

SAMPLE = Path(__file__).resolve().parents[1] / "sample_data" / "zhitongche"
HOSTILE = (
    "<script>window.hit = 1</script>", "<img src=x onerror='window.hit = 2'>", "</script><b>bold</b>",
    "<!-- comment", "=1+1", "\u202eright to left", "تخفيضات", "😀羽绒服", "a" * 10_000, "{{7*7}} ${7*7}",
)  # fmt: skip


@dataclass(frozen=True)
class Page:
    """A page as it was written, the result it was made of, and what it holds."""

    path: Path
    result: Result

    @cached_property
    def text(self) -> str:
        return self.path.read_text(encoding="utf-8")

    @cached_property
    def data(self) -> dict[str, Any]:
        found = re.search(r'<script type="application/json" id="data">(.*?)</script>', self.text, re.DOTALL)
        assert found
        read: dict[str, Any] = json.loads(found[1])
        return read

    @cached_property
    def beside(self) -> dict[str, Any]:
        found = re.search(r'<script type="text/plain" id="beside">(.*?)</script>', self.text, re.DOTALL)
        assert found
        read: dict[str, Any] = json.loads(zlib.decompress(base64.b64decode(found[1])))
        return read

    def column(self, name: str) -> list[Any]:
        return unpacked((self.data["table"] | self.beside["columns"])[name])


def unpacked(column: Any) -> list[Any]:
    if isinstance(column, list):
        return column
    return [None if at < 0 else column["of"][at] for at in column["at"]]


def written(path: Path, result: Result) -> Page:
    result.save(path, overwrite=True)
    return Page(path, result)


def rows_of(actions: pd.DataFrame) -> pd.DataFrame:
    """The rows of a list in the order of the page: those to act on first."""
    moved = actions["bid_change"].fillna(0).ne(0)
    acts = actions["action"].ne("keep") & (actions["action"].ne("watch") | moved)
    return pd.concat([actions[acts], actions[~acts]], ignore_index=True)
