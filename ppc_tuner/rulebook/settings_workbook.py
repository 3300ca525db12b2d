"""The settings of a pack as a workbook, to be tuned in Excel, and back into YAML with its comments kept."""

from __future__ import annotations

from collections.abc import Mapping
from io import StringIO
from pathlib import Path
from typing import Any, Final, NamedTuple

from openpyxl import Workbook
from openpyxl.styles import Alignment, Font, PatternFill
from openpyxl.utils import get_column_letter
from openpyxl.worksheet.datavalidation import DataValidation
from openpyxl.worksheet.worksheet import Worksheet
from ruamel.yaml import YAML
from ruamel.yaml.comments import CommentedMap
from ruamel.yaml.util import load_yaml_guess_indent

from ppc_tuner.declarations import read_source
from ppc_tuner.errors import ConfigError, InputError, TunerError
from ppc_tuner.files import Document, tables_of, walk
from ppc_tuner.judge import Pack, load_pack
from ppc_tuner.judge.settings import Setting, override
from ppc_tuner.text import Text
from ppc_tuner.writing import refuse_replacing, written_whole

SHEET: Final = "设置 settings"
HEADER: Final = (
    "名称 name", "值 value", "单位 unit", "最小 least", "最大 most", "选项 choices", "经验 advice",
    "说明", "what it does", "导出时的值 exported",
)  # fmt: skip
WIDTHS: Final = (22, 14, 10, 9, 9, 26, 9, 60, 60, 14)
VALUE, EXPORTED = 1, len(HEADER) - 1
# The first row names the pack, the third is the header.
FIRST_ROW = 4
HEAD: Final = PatternFill("solid", fgColor="DDE6F0")
INPUT: Final = PatternFill("solid", fgColor="FFF7DB")


def export_settings(pack: Pack, name: str, path: Path) -> None:
    """Writes the settings as a table: name, value (the only cells to change), unit, range, advice, why.

    OutputError if the file exists: somebody may have typed numbers into it.
    """
    refuse_replacing(path)
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    sheet.title = SHEET
    sheet.append(["规则包 pack", name])
    sheet.append(
        [
            "只改黄色的“值”一列，然后：ppc-tuner rules import 本文件 -o my.yaml · "
            "change the yellow cells only, then import"
        ]
    )
    sheet.append(HEADER)
    for number, (setting_name, setting) in enumerate(pack.declared.items(), FIRST_ROW):
        _write_setting(sheet, number, setting_name, setting, pack.settings[setting_name])
    _dress(sheet)
    with written_whole([path]) as (aside,):
        book.save(aside)


def _write_setting(sheet: Worksheet, number: int, name: str, setting: Setting, value: Any) -> None:
    low, high = setting.range or (None, None)
    why = setting.why
    cells = [
        name, value, setting.unit or "", low, high, " | ".join(setting.choices or ()), setting.advice or "",
        why.zh if why else "", why.en if why else "", value,
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
    sheet.column_dimensions[get_column_letter(EXPORTED + 1)].hidden = True
    for column, width in enumerate(WIDTHS, 1):
        sheet.column_dimensions[get_column_letter(column)].width = width
        head = sheet.cell(FIRST_ROW - 1, column)
        head.font, head.fill = Font(bold=True), HEAD


def import_settings(table: Path, folder: Path, into: Path | None) -> str:
    """The YAML pack of what was changed in the table.

    `into`, where it exists, is the pack to be changed: its comments and everything else stay, and so do the
    values that nobody has changed in the table. Else the new pack extends the one that was exported.
    ConfigError names the cell of a value that will not do. Nothing is written here.
    """
    name, given = _read_table(table)
    existing = into is not None and into.is_file()
    base = str(into) if existing else name
    pack = load_pack(base, folder)
    # A table without the values as exported is compared with the pack as it is now.
    before = load_pack(name, folder) if existing and _lacks_exported(given) else pack
    changed = _changed(given, pack, before, table)
    yaml = YAML()
    yaml.width, yaml.preserve_quotes = 4096, True
    content: Any = _new_pack(into, name)
    if existing and into is not None:
        text = _pack_text(into, name)
        _, sequence, offset = load_yaml_guess_indent(text)
        yaml.indent(mapping=2, sequence=sequence or 2, offset=offset or 0)
        content = yaml.load(text)
    settings = content.setdefault("settings", CommentedMap())
    for setting, value in changed.items():
        inner = settings.get(setting)
        if isinstance(inner, dict):
            inner["value"] = value
        else:
            settings[setting] = value
    if not settings:
        del content["settings"]
    written = StringIO()
    yaml.dump(content, written)
    return written.getvalue()


def _pack_text(into: Path, name: str) -> str:
    source = read_source(into)
    if not isinstance(source.content, dict) or source.content.get("pack") is None:
        problem = Text("这不是规则包，不改它", "this is no rule pack and is left as it is")
        raise ConfigError(problem, where=str(into), expected=f"pack: …, extends: {name}")
    return source.text


def _new_pack(into: Path | None, name: str) -> CommentedMap:
    """A pack that extends the exported one, which, if it is not shipped, must lie in the same folder."""
    base = Path(name)
    if into is not None and base.suffix and into.resolve().parent != base.resolve().parent:
        raise ConfigError(
            Text(
                "规则包要和它继承的放在同一个文件夹", "a pack lies in the folder of the one that it extends"
            ),
            where=str(into),
            expected=str(base.parent),
            to_do=f"-o {base.with_name(into.name)}",
        )
    content = CommentedMap()
    content["pack"] = into.stem if into else f"my-{base.stem}"
    content["extends"] = base.name
    return content


class _Given(NamedTuple):
    """A setting in the table: its value (None: unset), the value that was exported, the cell of the first."""

    value: str | None
    exported: str | None
    cell: str


def _lacks_exported(given: Mapping[str, _Given]) -> bool:
    return all(one.exported is None for one in given.values())


def _read_table(table: Path) -> tuple[str, dict[str, _Given]]:
    """The exported pack's name, and its settings by their names."""
    try:
        # A workbook may be made to exhaust the machine: it is read with the limits of reports.
        tables = [
            choices[0] for one in walk([table]) if isinstance(one, Document) for choices in tables_of(one, ())
        ]
    except InputError as fault:
        raise ConfigError(
            fault.problem, where=str(table), found=fault.found, expected=fault.expected, to_do=fault.to_do
        ) from None
    sheet = next((one for one in tables if one.sheet == SHEET and len(one.head) >= FIRST_ROW), None)
    if sheet is None or not sheet.head[0].cells[1]:
        problem = Text("这不是导出的设置表", "this is no table of exported settings")
        made = Text("先用 ppc-tuner rules export 导出", "make one with ppc-tuner rules export")
        raise ConfigError(problem, where=str(table), expected=f"sheet '{SHEET}'", to_do=made)
    cells = sheet.body(sheet.head[FIRST_ROW - 2]).reindex(columns=[0, VALUE, EXPORTED]).astype(object)
    named = cells[cells[0] != ""].fillna("")
    given = {
        str(name).strip(): _Given(value or None, exported or None, f"B{number}")
        for number, name, value, exported in named.itertuples(name=None)
    }
    return sheet.head[0].cells[1].strip(), given


def _changed(given: Mapping[str, _Given], pack: Pack, before: Pack, table: Path) -> dict[str, Any]:
    """The settings whose value is not the one exported; a table without those is compared with `before`."""
    as_exported = not _lacks_exported(given)
    changed = {}
    for name, (value, exported, cell) in given.items():
        try:
            held = override(name, value, pack.declared)
            was = override(name, exported, pack.declared) if as_exported else before.settings.get(name)
        except TunerError as fault:
            where = f"{table}:{cell}"
            raise ConfigError(
                fault.problem, where=where, found=fault.found, expected=fault.expected, to_do=fault.to_do
            ) from None
        if held != was:
            changed[name] = int(held) if isinstance(held, float) and held.is_integer() else held
    return changed
