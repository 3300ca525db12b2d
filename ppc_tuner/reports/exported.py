"""The day a report was downloaded: given, else stamped in its name, else the day after its last."""

from __future__ import annotations

import re
from pathlib import PurePosixPath
from typing import Final

import pandas as pd

from ppc_tuner.errors import InputError
from ppc_tuner.text import Text

STAMP: Final = re.compile(r"(?<!\d)(20\d{6})(?:[_-]?\d{6})?(?!\d)")


def stamped_day(
    label: str, days: tuple[pd.Timestamp | None, pd.Timestamp | None], limit: pd.Timestamp
) -> pd.Timestamp | None:
    """The day of download in the name of a file of these first and last days.

    A stamp before the last day or in the future is some other date and is passed over, and so is the range of the days
    themselves: `_20260701_20260707` of a file that holds them.
    """
    first_day, last_day = days
    for part in reversed(PurePosixPath(label).parts):
        stamps = _stamps(part)
        if len(stamps) > 1 and first_day in stamps and first_day != last_day:
            stamps = [stamp for stamp in stamps if stamp not in days]
        for stamp in stamps:
            if stamp <= limit and (last_day is None or stamp >= last_day):
                return stamp
    return None


def assumed_day(last_day: pd.Timestamp | None) -> pd.Timestamp | None:
    """The day of download of a file that does not tell it: that after its last."""
    return None if last_day is None else last_day + pd.Timedelta(days=1)


def refuse_after_download(last_day: pd.Timestamp | None, given: pd.Timestamp | None, label: str) -> None:
    """InputError where a file holds days after the day on which it is said to have been downloaded."""
    if given is None or last_day is None or last_day <= given:
        return
    raise InputError(
        Text("报表里有下载日之后的数据", "the report holds days after its download"),
        where=label,
        found=Text(f"数据到 {last_day:%Y-%m-%d}", f"figures until {last_day:%Y-%m-%d}"),
        expected=Text(f"不晚于 --exported-on {given:%Y-%m-%d}", f"none after --exported-on {given:%Y-%m-%d}"),
        to_do=Text("改正 --exported-on，或去掉它", "correct --exported-on, or leave it out"),
    )


def _stamps(name: str) -> list[pd.Timestamp]:
    days = pd.to_datetime(
        pd.Series(STAMP.findall(name), dtype="str"), format="%Y%m%d", errors="coerce"
    ).dropna()
    return [pd.Timestamp(day) for day in reversed(days.tolist())]
