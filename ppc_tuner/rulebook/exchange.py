"""The settings of a pack as a workbook, for those who would rather tune numbers in Excel; and back, comments kept."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any, Final

from openpyxl import Workbook, load_workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.util import load_yaml_guess_indent

from ppc_tuner.declarations import read_source
from ppc_tuner.errors import ConfigError, OutputError, TunerError
from ppc_tuner.judge import Pack, load_pack
from ppc_tuner.judge.settings import Setting, override
from ppc_tuner.text import Text

SHEET: Final = "设置 settings"
HEADER: Final = (
    "名称 name", "值 value", "单位 unit", "最小 least", "最大 most", "选项 choices", "经验 advice", "说明", "what it does",
)  # fmt: skip
WIDTHS: Final = (22, 14, 10, 9, 9, 26, 9, 60, 60)
# The pack the table was made from stands in the first row; the header in the third.
PACK_CELL, FIRST_ROW = "B1", 4
HEAD: Final = PatternFill("solid", fgColor="DDE6F0")
INPUT: Final = PatternFill("solid", fgColor="FFF7DB")


def export_settings(pack: Pack, name: str, path: Path) -> None:
    """Writes the settings as a table: name, value (the only cells to change), unit, range, advice, why."""
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    sheet.append(["规则包 pack", name])
    sheet.append(
        [
            "只改黄色的“值”一列，然后：ppc-tuner rules import 本文件 -o my.yaml · change the yellow cells only, then import"
        ]
    )
    sheet.append(HEADER)
    for number, (setting_name, setting) in enumerate(pack.declared.items(), FIRST_ROW):
        _write_setting(sheet, number, setting_name, setting, pack.settings[setting_name])
    _dress(sheet)
    try:
        book.save(path)
    except OSError as fault:
        problem = Text("文件写不出", "the file cannot be written")
        raise OutputError(problem, where=str(path), found=fault.strerror or str(fault)) from None


def _write_setting(sheet: Worksheet, number: int, name: str, setting: Setting, value: Any) -> None:
    low, high = setting.range or (None, None)
    why = setting.why
    cells = [
        name, value, setting.unit or "", low, high, " | ".join(setting.choices or ()), setting.advice or "",
        why.zh if why else "", why.en if why else "",
    ]  # fmt: skip
    for column, cell in enumerate(cells, 1):
        sheet.cell(number, column, cell).alignment = Alignment(vertical="top", wrap_text=column >= 8)
    held = sheet.cell(number, 2)
    held.fill = INPUT
    if setting.unit == "share":
        for column in (2, 4, 5):
            sheet.cell(number, column).number_format = "0.##%"
    check = _validation(setting)
    if check is not None:
        sheet.add_data_validation(check)
        check.add(held)


def _validation(setting: Setting) -> DataValidation | None:
    if setting.choices:
        return DataValidation(type="list", formula1=f'"{",".join(setting.choices)}"', showErrorMessage=True)
    if setting.range is None:
        return None
    low, high = setting.range
    check = DataValidation(
        type="decimal", operator="between", formula1=f"{low:.10g}", formula2=f"{high:.10g}"
    )
    check.allow_blank, check.showErrorMessage = setting.optional, True
    check.error = f"{low:g} … {high:g}"
    return check


def _dress(sheet: Worksheet) -> None:
    sheet.freeze_panes = f"C{FIRST_ROW}"
    for column, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        head = sheet.cell(FIRST_ROW - 1, column)
        head.font, head.fill = Font(bold=True), HEAD


def import_settings(table: Path, folder: Path, into: Path | None) -> str:
    """The YAML pack of what was changed in the table.

    `into`, where it exists, is the pack to be changed: its comments and everything else stay. Else the new pack extends
    the one that was exported. ConfigError names the cell of a value that will not do. Nothing is written here.
    """
    name, given = _read_table(table)
    existing = into is not None and into.is_file()
    base = str(into) if existing else name
    pack = load_pack(base, folder)
    changed = _changed(given, pack, table)
    yaml = YAML()
    yaml.width = 4096
    content: Any = _new_pack(into, name)
    if existing and into is not None:
        content, sequence, offset = load_yaml_guess_indent(_pack_text(into, name))
        yaml.indent(mapping=2, sequence=sequence or 2, offset=offset or 0)
    settings = content.setdefault("settings", CommentedMap())
    for setting, value in changed.items():
        inner = settings.get(setting)
        if isinstance(inner, dict):
            inner["value"] = value
        else:
            settings[setting] = value
    if not settings:
        del content["settings"]
    text = StringIO()
    yaml.dump(content, text)
    return text.getvalue()


def _pack_text(into: Path, name: str) -> str:
    source = read_source(into)
    if not isinstance(source.content, dict) or source.content.get("pack") is None:
        problem = Text("这不是规则包，不改它", "this is no rule pack and is left as it is")
        raise ConfigError(problem, where=str(into), expected=f"pack: …, extends: {name}")
    return source.text


def _new_pack(into: Path | None, name: str) -> CommentedMap:
    content = CommentedMap()
    content["pack"] = into.stem if into else f"my-{name}"
    content["extends"] = name
    return content


def _read_table(table: Path) -> tuple[str, dict[str, tuple[Any, str]]]:
    """The exported pack's name, and name → value and cell."""
    try:
        book = load_workbook(table, data_only=True)
    except OSError as fault:
        problem = Text("文件打不开", "the file cannot be opened")
        raise ConfigError(problem, where=str(table), found=fault.strerror or str(fault)) from None
    except Exception as fault:  # openpyxl names no class of its own for what is no workbook
        problem = Text("这不是 Excel 文件", "this is not an Excel file")
        raise ConfigError(problem, where=str(table), found=str(fault)[:80]) from None
    sheet = book[SHEET] if SHEET in book.sheetnames else None
    if sheet is None or sheet[PACK_CELL].value is None:
        problem = Text("这不是导出的设置表", "this is no table of exported settings")
        made = Text("先用 ppc-tuner rules export 导出", "make one with ppc-tuner rules export")
        raise ConfigError(problem, where=str(table), expected=f"sheet '{SHEET}'", to_do=made)
    given = {}
    for number in range(FIRST_ROW, sheet.max_row + 1):
        name, value = sheet.cell(number, 1).value, sheet.cell(number, 2).value
        if name is not None:
            given[str(name).strip()] = (value, f"B{number}")
    return str(sheet[PACK_CELL].value), given


def _changed(given: Mapping[str, tuple[Any, str]], pack: Pack, table: Path) -> dict[str, Any]:
    changed = {}
    for name, (value, cell) in given.items():
        try:
            held = override(name, value, pack.declared)
        except TunerError as fault:
            where = f"{table}:{cell}"
            raise ConfigError(
                fault.problem, where=where, found=fault.found, expected=fault.expected, to_do=fault.to_do
            ) from None
        if held != pack.settings[name]:
            changed[name] = int(held) if isinstance(held, float) and held.is_integer() else held
    return changed
