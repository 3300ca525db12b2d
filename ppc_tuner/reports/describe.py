"""How the files were understood, in words."""

from __future__ import annotations

from collections.abc import Hashable
from typing import Any, Final

import pandas as pd

from ppc_tuner.columns import COLUMNS, Column
from ppc_tuner.reports.results import FileReading, Reading
from ppc_tuner.text import Lang, Text

SHOWN_ROWS: Final = 10
UNIT: Final = {
    "day": Text("按天", "by day"),
    "summary": Text("汇总", "summary"),
    "undated": Text("没有日期", "no dates"),
}
REPORT_BACK: Final = Text(
    "未确认：还没有用真实文件核对过。请把合计与后台对一下，对或不对都在项目的 issue 里说一声（附表头一行，不要附数据）",
    "unconfirmed: not yet checked against a real file. Compare the totals with the platform's, and tell the project's "
    "issue tracker whether they agree (with the header line, without the data)",
)
LEVEL: Final = {"keyword": Text("关键词", "keywords"), "search_term": Text("搜索词", "search terms")}


def describe(reading: Reading, lang: Lang) -> list[str]:
    """Lines for a person: every file with its layout, rows, columns and totals; then notes and skipped files."""
    lines = [line for file in reading.files for line in _file(file, lang)]
    if reading.notes:
        lines += [_say("注意：", "Notes:", lang)]
        lines += [f"  - {note[lang]}" for note in reading.notes]
    if reading.skipped:
        lines += [_say("跳过：", "Skipped:", lang)]
        lines += [f"  - {one.label}: {one.reason[lang]}" for one in reading.skipped]
    return lines


def _file(file: FileReading, lang: Lang) -> list[str]:
    confirmed = (
        _say("已用真实文件核对", "confirmed with real files", lang) if file.confirmed else REPORT_BACK[lang]
    )
    content = file.encoding or _say("Excel 工作簿", "Excel workbook", lang)
    lines = [
        file.path.as_posix(),
        _item(
            "报表",
            "report",
            f"{file.name[lang]} ({file.platform}/{file.layout}), {LEVEL[file.level][lang]}",
            lang,
        ),
        _item("版式", "layout", confirmed, lang),
        _item("内容", "content", content + (f" [{file.sheet}]" if file.sheet else ""), lang),
        _item("表头", "header", _say(f"第 {file.header_row} 行", f"row {file.header_row}", lang), lang),
        _item("时间", "days", _days(file, lang), lang),
        _item("读到", "rows", f"{file.rows:,}", lang),
    ]
    return [
        *lines,
        *_dropped(file, lang),
        *_implausible(file, lang),
        *_columns(file, lang),
        *_totals(file, lang),
        "",
    ]


def _days(file: FileReading, lang: Lang) -> str:
    if file.first_day is None or file.last_day is None:
        return UNIT["undated"][lang]
    exported = f"{file.exported_on:%Y-%m-%d}" if file.exported_on is not None else "?"
    downloaded = _say(f"下载于 {exported}", f"downloaded {exported}", lang)
    return f"{file.first_day:%Y-%m-%d}..{file.last_day:%Y-%m-%d}, {UNIT[file.time_unit][lang]}, {downloaded}"


def _dropped(file: FileReading, lang: Lang) -> list[str]:
    said = [
        _say(f"{one.rows:,} 行{one.reason.zh}，从第 {one.first_row} 行起", f"{one.rows:,} × {one.reason.en}, from row {one.first_row}", lang)
        for one in file.dropped
    ]  # fmt: skip
    return [_item("去掉", "dropped", "; ".join(said) or _say("无", "none", lang), lang)]


def _implausible(file: FileReading, lang: Lang) -> list[str]:
    count = len(file.implausible)
    if not count:
        return [_item("可疑", "implausible", _say("无", "none", lang), lang)]
    lines = [
        _item(
            "可疑",
            "implausible",
            _say(f"{count:,} 处，保留并计入", f"{count:,}, kept and counted", lang),
            lang,
        )
    ]
    lines += [
        _say(
            f"    第 {one.source_row} 行：{one.reason.zh}", f"    row {one.source_row}: {one.reason.en}", lang
        )
        for one in file.implausible[:SHOWN_ROWS]
    ]
    return lines + (["    …"] if count > SHOWN_ROWS else [])


def _columns(file: FileReading, lang: Lang) -> list[str]:
    used = ", ".join(f"{header.strip()} → {_label(name, lang)}" for header, name in file.used.items())
    ignored = ", ".join(header.strip() for header in file.ignored) or _say("无", "none", lang)
    return [
        _item("采用的列", "used columns", used, lang),
        _item("未用的列", "ignored columns", ignored, lang),
    ]


def _label(name: str, lang: Lang) -> str:
    column: Column | None = COLUMNS.get(name)
    return column.label[lang] if column else name


def _totals(file: FileReading, lang: Lang) -> list[str]:
    return [_item("合计", "totals", _total(row, lang), lang) for row in file.totals.to_dict("records")]


def _total(row: dict[Hashable, Any], lang: Lang) -> str:
    parts = []
    for name in ("impressions", "clicks", "cost", "conversions", "revenue"):
        value = row[name]
        if not isinstance(value, float | int) or pd.isna(value):
            continue
        money = name in ("cost", "revenue")
        figure = f"{value:,.2f}" if money or value % 1 else f"{value:,.0f}"
        parts.append(
            f"{COLUMNS[name].label[lang]} {figure}" + (f" {row['currency']}".rstrip() if money else "")
        )
    return ", ".join(parts)


def _item(zh: str, en: str, said: str, lang: Lang) -> str:
    return f"  {_say(zh, en, lang)}{_colon(lang)}{said}"


def _colon(lang: Lang) -> str:
    return "：" if lang == "zh" else ": "


def _say(zh: str, en: str, lang: Lang) -> str:
    return zh if lang == "zh" else en
