"""Figures and texts as the page carries them: columns of JSON that no text can break out of."""

from __future__ import annotations

import base64
import json
import zlib
from collections.abc import Iterable
from typing import Any, Final

import numpy as np
import pandas as pd

from ppc_tuner.text import Text, visible

# As many as a csv of the list has.
DECIMALS: Final = 6
COMPRESSION: Final = 6


def as_json(value: Any) -> str:
    """JSON that may stand inside a script element: no text in it can end the element or begin a comment."""
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"), allow_nan=False).replace(
        "<", "\\u003c"
    )


def packed(value: Any) -> str:
    """The JSON of a value, compressed (zlib), in base64."""
    return base64.b64encode(zlib.compress(as_json(value).encode(), COMPRESSION)).decode("ascii")


def pair(text: Text) -> list[str]:
    """A text as the page holds it: Chinese, English."""
    return [text.zh, text.en]


def columns_of(frame: pd.DataFrame, names: Iterable[str]) -> dict[str, Any]:
    """The columns of a frame (n rows) that have a value, each as `column` gives it."""
    return {name: column(frame[name]) for name in names if name in frame and frame[name].notna().any()}


def column(values: pd.Series) -> Any:
    """A column (n,) as a list, unknown is null; texts that repeat as {"of": different ones, "at": places}.

    Figures have DECIMALS decimals, days are ISO texts, signs that nobody sees are spelt out.
    """
    if pd.api.types.is_bool_dtype(values.dtype) or pd.api.types.infer_dtype(values) == "boolean":
        return [None if one is None or one is pd.NA or one != one else bool(one) for one in values.tolist()]
    if pd.api.types.is_datetime64_any_dtype(values.dtype):
        values = values.dt.strftime("%Y-%m-%d")
    if pd.api.types.is_numeric_dtype(values.dtype):
        return figures(values.to_numpy("float64", na_value=np.nan))
    return _texts(values)


def figures(values: Any) -> list[float | int | None]:
    """An array (n,) of figures as JSON has them: rounded to DECIMALS, without a point where all are whole;
    what is unknown or no number is null."""
    rounded = np.round(np.asarray(values, dtype="float64"), DECIMALS)
    known = np.isfinite(rounded)
    whole = bool((rounded[known] == np.floor(rounded[known])).all())
    told = np.where(known, rounded, 0.0).astype("int64" if whole else "float64").astype(object)
    told[~known] = None
    listed: list[float | int | None] = told.tolist()
    return listed


def _texts(values: pd.Series) -> Any:
    codes, different = pd.factorize(values.astype("str"))
    shown = [visible(str(one)) for one in different]
    if len(shown) * 2 > len(values):
        return [None if code < 0 else shown[code] for code in codes.tolist()]
    return {"of": shown, "at": codes.tolist()}
