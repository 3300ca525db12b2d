"""What the person should know about the files as a whole."""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ppc_tuner.errors import InputError, UsageError
from ppc_tuner.reports.detection import Recognised
from ppc_tuner.reports.results import FileReading
from ppc_tuner.text import Text

LEVELS = ("keyword", "search_term")


def notes_on(files: Sequence[FileReading], facts: pd.DataFrame) -> list[Text]:
    """Notes on unconfirmed layouts, files without rows or dates, unknown currency and mixed windows."""
    notes = [
        _unconfirmed(name) for name in sorted({file.name for file in files if not file.confirmed}, key=str)
    ]
    for file in files:
        where = file.path.as_posix()
        if not file.rows:
            notes.append(Text(f"{where}：没有数据行", f"{where}: no rows of figures"))
        elif file.time_unit == "undated":
            notes.append(
                Text(
                    f"{where}：报表里没有日期；用 --period 起..止 说明时间，否则按“每个报表期”计算",
                    f"{where}: the report has no dates; say them with --period START..END, else figures are per reported period",
                )
            )  # fmt: skip
    if (facts["currency"] == "").any():
        notes.append(
            Text(
                "报表没有写货币，金额按同一种货币看待",
                "the report names no currency; its money is taken to be of one currency",
            )
        )
    return notes + _mixed_windows(facts)


def period_not_needed(files: Sequence[FileReading]) -> UsageError:
    """The message for a --period that dates nothing, because every file holds its own dates."""
    dated = next(file for file in files if file.first_day is not None)
    held = f"{dated.first_day:%Y-%m-%d}..{dated.last_day:%Y-%m-%d}"
    return UsageError(
        Text("--period 用不上：报表自己有日期", "--period has no use here: the report holds its own dates"),
        where=dated.path.as_posix(),
        found=held,
        expected=Text("没有日期的报表", "a report without dates"),
        to_do=Text(
            "去掉 --period；若只看其中几天，在后台按那几天下载",
            "leave out --period; to judge some of the days only, download a report of those days",
        ),
    )


def refuse_unknown_values(facts: pd.DataFrame, where: str) -> None:
    """InputError where a canonical file leaves the platform blank or names an unknown level."""
    wrong = {"platform": facts["platform"].isna(), "level": ~facts["level"].isin(LEVELS)}
    for name, mask in wrong.items():
        if mask.any():
            row = facts.index[mask.to_numpy()][0]
            raise InputError(
                Text(f"“{name}”列的值不能用", f"the value in column “{name}” cannot be used"),
                where=f"{where}:{row}",
                found=f"“{facts.loc[row, name]}”",
                expected=" | ".join(LEVELS) if name == "level" else Text("平台名", "the platform's id"),
                to_do=Text("改正这一格", "mend this cell"),
            )


def guessed_encoding(found: Recognised) -> tuple[Text, ...]:
    """A note where the header reads the same in several encodings, so that the one taken is a guess."""
    if len(found.encodings) < 2:
        return ()
    where, taken = found.table.label, found.table.encoding
    return (
        Text(
            f"{where}：文字编码按内容猜为 {taken}；若词显示为乱码，请另存为 UTF-8 再读",
            f"{where}: the encoding was guessed from the content to be {taken}; if words look garbled, save it as UTF-8",
        ),
    )


def _unconfirmed(name: Text) -> Text:
    return Text(
        f"{name.zh}：版式尚未用真实文件核对过；请核对合计，对不对都欢迎告诉我们",
        f"{name.en}: unconfirmed layout, not yet checked against a real file; compare the totals and tell us either way",
    )


def _mixed_windows(facts: pd.DataFrame) -> list[Text]:
    if "attribution_days" not in facts.columns:
        return []
    windows = facts.groupby("platform")["attribution_days"].nunique()
    mixed = "、".join(windows.index[windows > 1].astype(str))
    if not mixed:
        return []
    return [
        Text(
            f"{mixed}：报表的归因天数不同，成交笔数不可直接相比",
            f"{mixed}: reports count orders over different windows of days, so they are not quite comparable",
        )
    ]
