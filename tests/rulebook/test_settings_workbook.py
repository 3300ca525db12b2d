"""Settings to Excel and back: only what was changed, comments kept, a wrong cell named."""

from __future__ import annotations

import zipfile

import pytest
from openpyxl import load_workbook

from ppc_tuner.errors import ConfigError, OutputError
from ppc_tuner.judge import load_pack
from ppc_tuner.rulebook import export_settings, import_settings

MINE = """# 我的店
pack: mine
extends: zhitongche   # 直通车
settings:
  # 小步走
  max_step: 0.15      # 一周 15%
  act: {value: 0.95}
rules:
  - {id: too-dear, max_step: 0.1}
  - id: mine   # 自己的
    when: '点击 > 10'
    action: watch
    reason: {zh: "点击 {clicks}", en: 'clicks'}
"""


@pytest.fixture
def table(tmp_path, rules_folder):
    """table(pack, **changes): the exported table of that pack with those values typed in."""

    def run(pack="zhitongche", **changes):
        path = tmp_path / "settings.xlsx"
        path.unlink(missing_ok=True)
        export_settings(load_pack(pack, rules_folder), str(pack), path)
        book = load_workbook(path)
        sheet = book.worksheets[0]
        for row in sheet.iter_rows(min_row=4):
            if row[0].value in changes:
                row[1].value = changes[row[0].value]
        book.save(path)
        return path

    return run


def test_every_setting_is_there_with_its_range_checked(table, rules_folder):
    sheet = load_workbook(table()).worksheets[0]
    declared = load_pack("zhitongche", rules_folder).declared
    rows = {row[0].value: row for row in sheet.iter_rows(min_row=4)}
    assert set(rows) == set(declared)
    assert [cell.value for cell in rows["max_step"]][:5] == ["max_step", 0.9, "share", 0.02, 0.9]
    assert "一周最多" in rows["max_step"][7].value
    checks = {str(check.sqref): check for check in sheet.data_validations.dataValidation}
    step, objective = (checks[rows[name][1].coordinate] for name in ("max_step", "objective"))
    assert (step.type, step.formula1, step.formula2) == ("decimal", "0.02", "0.9")
    assert objective.formula1 == '"profit,sales,target_roas,target_cpa"'


def test_nothing_changed_is_a_pack_without_settings(table, rules_folder):
    assert import_settings(table(), rules_folder, None) == "pack: my-zhitongche\nextends: zhitongche\n"


def test_only_what_was_changed_comes_back_and_loads(table, rules_folder, tmp_path):
    path = tmp_path / "new.yaml"
    path.write_text(import_settings(table(max_step="12%", lookback_days=60), rules_folder, path), "utf-8")
    assert (
        path.read_text("utf-8")
        == "pack: new\nextends: zhitongche\nsettings:\n  max_step: 0.12\n  lookback_days: 60\n"
    )
    assert load_pack(path, rules_folder).settings["max_step"] == 0.12


def test_an_existing_pack_keeps_its_comments_and_everything_else(table, rules_folder, tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(MINE, "utf-8")
    text = import_settings(table(path, max_step=0.1, act=0.9, margin=0.4), rules_folder, path)
    assert text == MINE.replace("max_step: 0.15      #", "max_step: 0.1       #").replace("{value: 0.95}",
    "{value: 0.9}").replace(
        "rules:", "  margin: 0.4\nrules:"
    )  # fmt: skip


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"max_step": 5}, "0.02 … 0.9"),
        ({"max_step": "much"}, "a number"),
        ({"max_step": None}, "a number"),
        ({"objective": "proft"}, "did you mean 'profit'?"),
    ],
)
def test_a_wrong_value_names_its_cell(table, rules_folder, changes, said):
    with pytest.raises(ConfigError) as caught:
        import_settings(table(**changes), rules_folder, None)
    assert "settings.xlsx:B" in caught.value.where
    assert said in str(caught.value)


def test_what_is_no_table(rules_folder, tmp_path):
    path = tmp_path / "x.xlsx"
    path.write_text("no workbook", "utf-8")
    for given in (path, tmp_path / "absent.xlsx"):
        with pytest.raises(ConfigError, match="xlsx"):
            import_settings(given, rules_folder, None)


def test_a_file_that_is_no_pack_is_left_alone(table, rules_folder, tmp_path):
    path = tmp_path / "other.yaml"
    path.write_text("a: 1\n", "utf-8")
    with pytest.raises(ConfigError):
        import_settings(table(), rules_folder, path)


def test_a_table_with_numbers_in_it_is_never_replaced(table, rules_folder):
    path = table(max_step="12%")
    with pytest.raises(OutputError, match="not replaced"):
        export_settings(load_pack("zhitongche", rules_folder), "zhitongche", path)
    assert "0.12" in import_settings(path, rules_folder, None)


def test_a_pack_of_ones_own_is_extended_beside_it(table, rules_folder, tmp_path):
    mine, new = tmp_path / "mine.yaml", tmp_path / "new.yaml"
    mine.write_text(MINE, "utf-8")
    exported = table(mine, act=0.9)
    new.write_text(import_settings(exported, rules_folder, new), "utf-8")
    assert new.read_text("utf-8") == "pack: new\nextends: mine.yaml\nsettings:\n  act: 0.9\n"
    assert load_pack(new, rules_folder).settings["act"] == 0.9
    assert import_settings(exported, rules_folder, None).startswith("pack: my-mine\nextends: mine.yaml\n")
    with pytest.raises(ConfigError, match="folder of the one that it extends") as caught:
        import_settings(exported, rules_folder, tmp_path / "elsewhere" / "new.yaml")
    assert str(caught.value.to_do) == f"-o {tmp_path / 'new.yaml'}"


def test_a_table_made_to_exhaust_the_machine_is_refused(table, rules_folder):
    path = table()
    with zipfile.ZipFile(path) as package:
        parts = {name: package.read(name) for name in package.namelist()}
    sheet = "xl/worksheets/sheet1.xml"
    far = b'<row r="1048576"><c r="XFD1048576" t="inlineStr"><is><t>x</t></is></c></row></sheetData>'
    parts[sheet] = parts[sheet].replace(b"</sheetData>", far)
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as package:
        for name, part in parts.items():
            package.writestr(name, part)
    with pytest.raises(ConfigError, match="too large"):
        import_settings(path, rules_folder, None)
