"""The workbook to fill in: a sheet for each table, explained in both languages, drop-downs for choices."""

from __future__ import annotations

from pathlib import Path
from typing import Final

from openpyxl import Workbook
from openpyxl.comments import Comment
from openpyxl.styles import Alignment, Border, Font, PatternFill, Side
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet

from ppc_tuner.columns import ROLES
from ppc_tuner.context.layout import (
    CHOICES,
    CREATIVE_KINDS,
    FLAGS,
    GUIDE,
    NUMBERS,
    SHARES,
    SHEETS,
    WHOLE_SHOP,
    Sheet,
    column,
)
from ppc_tuner.errors import OutputError
from ppc_tuner.text import Text
from ppc_tuner.writing import refuse_replacing, written_whole

# So many rows of each sheet carry drop-downs and formats.
ROWS: Final = 2_000
FONT: Final = "Microsoft YaHei"
HEAD: Final = PatternFill("solid", start_color="FF2F3E4E")
KEY_HEAD: Final = PatternFill("solid", start_color="FF4A6785")
LINE: Final = Border(bottom=Side("thin", color="FFD0D5DB"))
TITLE: Final = Text("关键词调价：报表里没有的信息", "Keyword bids: what no report tells")
HOW: Final = (
    Text("每张表、每一列都可以不填；不填的，程序按默认处理，并在总览里写明。",
         "Every sheet and every column is optional; what is left empty is said in the summary "
         "with what was assumed."),
    Text("宝贝ID、计划、单元、关键词要和报表里一模一样；写得越细（词 > 单元 > 宝贝 > 类目 > 计划），越优先。",
         "Item id, campaign, ad group and keyword as in the report; the most specific (word, ad group, "
         "item, category, campaign) wins."),
    Text("百分比写 35% 或 0.35；日期写 2026-11-01；是/否从下拉里选。不要改表头。",
         "Shares as 35% or 0.35, dates as 2026-11-01, yes/no from the list. Leave the headers as they are."),
    Text("填好后：ppc-tuner tune 报表.csv --context 这个文件.xlsx",
         "Then: ppc-tuner tune report.csv --context this_file.xlsx"),
)  # fmt: skip
KEYS_FIRST: Final = (
    "campaign",
    "ad_group",
    "item_id",
    "keyword",
    "month",
    "date",
    "from",
    "to",
    "protected_word",
    "brand_word",
    "own_brand_word",
    "creative",
)


def write_template(path: Path) -> Path:
    """Write the empty workbook; OutputError where the file is there already or cannot be written."""
    if path.suffix.lower() != ".xlsx":
        raise OutputError(
            Text("模板是 .xlsx 文件", "the template is an .xlsx file"),
            where=str(path),
            to_do="-o context.xlsx",
        )
    refuse_replacing(path)
    book = Workbook()
    book.remove(book.worksheets[0])
    _write_guide(book.create_sheet(f"{GUIDE.zh} {GUIDE.en}"))
    for sheet in SHEETS:
        _write_sheet(book.create_sheet(sheet_name(sheet)), sheet)
    with written_whole([path]) as (aside,):
        book.save(aside)
    return path


def sheet_name(sheet: Sheet) -> str:
    """Both languages, as on its tab."""
    return f"{sheet.name.zh} {sheet.name.en}"


def header_of(name: str) -> str:
    """The Chinese term above the canonical name, as the reader understands it."""
    return f"{column(name).label.zh}\n{name}"


def _write_guide(sheet: Worksheet) -> None:
    sheet.sheet_view.showGridLines = False
    for letter, width in zip("ABCD", (24, 24, 62, 62), strict=True):
        sheet.column_dimensions[letter].width = width
    sheet.append([f"{TITLE.zh} · {TITLE.en}"])
    sheet["A1"].font = Font(FONT, size=16, bold=True)
    for text in HOW:
        sheet.append([text.zh])
        sheet.append([text.en])
        sheet.cell(sheet.max_row, 1).font = Font(FONT, size=10, italic=True, color="FF5A6472")
    for table in SHEETS:
        _explain(sheet, table)


def _explain(sheet: Worksheet, table: Sheet) -> None:
    sheet.append([])
    sheet.append([sheet_name(table), "", table.purpose.zh, table.purpose.en])
    for cell in sheet[sheet.max_row]:
        cell.font, cell.fill = Font(FONT, size=10, bold=True, color="FFFFFFFF"), HEAD
    for name in table.columns:
        meaning, allowed = column(name).meaning, _allowed(name)
        sheet.append([column(name).label.zh, name, meaning.zh + allowed.zh, meaning.en + allowed.en])
        for cell in sheet[sheet.max_row]:
            cell.font, cell.border = Font(FONT, size=10), LINE
            cell.alignment = Alignment(wrap_text=True, vertical="top")


def _allowed(name: str) -> Text:
    """What may be filled in, behind the column's meaning."""
    if name == "item_id":
        return Text(f"；“{WHOLE_SHOP[0]}”表示所有宝贝", f"; '{WHOLE_SHOP[1]}' stands for all items")
    if name in SHARES:
        low, high = SHARES[name]
        return Text(f"（{low:g} 到 {high:g}，0.35 即 35%）", f" ({low:g} to {high:g}; 0.35 is 35 %)")
    if name in ("unit_cost", "fee_rate"):
        return Text(
            "；没有毛利率时，毛利率 = 1 − 费率 − 单件成本 ÷ 售价",
            "; without a margin, margin = 1 − fee rate − unit cost / price",
        )
    return Text("", "")


def _write_sheet(sheet: Worksheet, table: Sheet) -> None:
    for at, name in enumerate(table.columns, start=1):
        cell = sheet.cell(1, at, header_of(name))
        cell.font = Font(FONT, size=10, bold=True, color="FFFFFFFF")
        cell.fill = KEY_HEAD if name in KEYS_FIRST else HEAD
        cell.alignment = Alignment(wrap_text=True, vertical="center", horizontal="center")
        meaning, allowed = column(name).meaning, _allowed(name)
        cell.comment = Comment(
            f"{meaning.zh}{allowed.zh}\n{meaning.en}{allowed.en}", "ppc-tuner", height=110, width=300
        )
        letter = get_column_letter(at)
        sheet.column_dimensions[letter].width = 30 if name in ("item", "keyword", "campaign") else 17
        sheet.column_dimensions[letter].number_format = _number_format(name)
        rule = _validation(name)
        if rule is not None:
            sheet.add_data_validation(rule)
            rule.add(f"{letter}2:{letter}{ROWS}")
    sheet.row_dimensions[1].height = 32
    sheet.freeze_panes = "A2"


def _number_format(name: str) -> str:
    if name in SHARES:
        return "0.00%" if name.startswith("market_") else "0%"
    return {"date": "yyyy-mm-dd"}.get(
        column(name).kind, "General" if column(name).kind not in ("text", "id") else "@"
    )


def _validation(name: str) -> DataValidation | None:
    """A drop-down for closed choices, a range for numbers; both only warn, the program has the last word."""
    choices = {"role": ROLES, "creative_kind": CREATIVE_KINDS, **CHOICES}.get(name)
    if name in FLAGS or name == "limited":
        return _list(["是", "否"])
    if choices:
        return _list([said.zh for said in choices.values()])
    if name in NUMBERS:
        low, high = NUMBERS[name]
        rule = DataValidation(
            "decimal", operator="between", formula1=f"{low:g}", formula2=f"{high:g}", allow_blank=True
        )
        rule.errorStyle, rule.error = "warning", f"{low:g} … {high:g}"
        return rule
    return None


def _list(options: list[str]) -> DataValidation:
    rule = DataValidation("list", formula1='"' + ",".join(options) + '"', allow_blank=True)
    rule.errorStyle = "warning"
    return rule
