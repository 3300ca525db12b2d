"""The rules commands as a user meets them."""

from __future__ import annotations

import json

import pytest
from typer.testing import CliRunner

from ppc_tuner.cli import app
from ppc_tuner.errors import TunerError
from ppc_tuner.locations import sample_folder

GOOGLE = sample_folder() / "google" / "Search keyword report.csv"
ZHITONGCHE = next((sample_folder() / "zhitongche").glob("关键词*.csv"))
ITEMS = sample_folder() / "zhitongche" / "items.csv"


def run(*arguments, code=0):
    done = CliRunner().invoke(app, ["rules", *map(str, arguments)])
    if isinstance(done.exception, TunerError):
        assert done.exception.exit_code == code
        return str(done.exception)
    assert done.exit_code == code, done.output
    return done.output


def test_check_and_test_all_packs():
    assert "zhitongche" in run("check", "--lang", "en")
    assert "zhitongche: 36 rows, 0 wrong" in run("test", "--lang", "en")


def test_a_broken_pack_is_exit_4(tmp_path):
    pack = tmp_path / "mine.yaml"
    pack.write_text("pack: mine\nextends: common\nsettings:\n  max_step: 9\n", "utf-8")
    assert "mine.yaml:4:13: error:" in run("check", pack, "--lang", "en", code=4)
    assert "absent" in run("check", tmp_path / "absent.yaml", "--lang", "en", code=4)


def test_explain_one_word():
    told = run(
        "explain", "zhitongche", ZHITONGCHE, "--context", ITEMS, "--keyword", "羽绒服男", "--lang", "en"
    )
    assert "the evidence proposes" in told
    assert "→" in told.splitlines()[-1]
    assert "no keyword" in run("explain", "zhitongche", ZHITONGCHE, "--keyword", "没有的词", code=2)


def test_explain_counts_every_rule_once():
    told = run("explain", "cautious", GOOGLE, "--lang", "en")
    assert all(
        name in told for name in ("raised-on-orders", "broad-match-dear", "not-sure", "below-increment")
    )


def test_nothing_is_cut_off_where_the_account_goes_to_a_file():
    told = run("explain", "google_ads", GOOGLE, "--lang", "zh").splitlines()
    [head] = [line for line in told if line.startswith("规则 ")]
    assert head.split() == ["规则", "动作", "命中", "决定", "被盖过", "被拦下", "无法判断", "每周花费"]
    [last] = [line for line in told if line.startswith("not-sure")]
    assert last.split()[1] == "保持"
    assert len(last.split()) == 8
    assert "提价、降价、删词、加否词" in next(line for line in told if line.startswith("few-own-clicks"))


def test_one_word_under_two_packs():
    told = run("explain", "google_ads", GOOGLE, "--against", "cautious", "--keyword", "camping tent for rain",
               "--lang", "zh").splitlines()  # fmt: skip
    before, now = told.index("== 原来：cautious"), told.index("== 现在：google_ads")
    assert before == 0
    assert any(line.startswith("→") for line in told[before:now])
    assert any(line.startswith("→") for line in told[now:])
    # Words inside columns are said in the reader's language.
    assert not any(said in " ".join(told) for said in ("True", "False", "词类 long", "证据建议 none"))


def test_the_difference_one_number_makes():
    told = run("explain", "google_ads", GOOGLE, "--set", "act=0.6", "--against", "google_ads", "--lang", "en")
    count = int(told.split(" rows change")[0].split()[-1].replace(",", ""))
    assert count > 0


@pytest.mark.parametrize("pack", ["common", "cautious"])
def test_export_and_import(tmp_path, pack):
    table, mine = tmp_path / "s.xlsx", tmp_path / "mine.yaml"
    run("export", pack, "-o", table)
    assert run("import", table).startswith(f"pack: my-{pack}\n")
    run("import", table, "-o", mine)
    assert run("check", mine, "--lang", "en")
    assert "xlsx" in run("export", pack, "-o", tmp_path / "s.csv", code=2)


def test_the_schema_knows_settings_and_clauses(tmp_path):
    run("schema", "-o", tmp_path / "pack.schema.json")
    schema = json.loads((tmp_path / "pack.schema.json").read_text("utf-8"))
    assert set(schema["properties"]) >= {
        "pack",
        "extends",
        "settings",
        "groups",
        "gates",
        "rules",
        "otherwise",
    }
    step = schema["properties"]["settings"]["properties"]["max_step"]
    assert {"type": "number", "minimum": 0.02, "maximum": 0.9} in step["anyOf"][1]["anyOf"]
    assert "一周最多" in step["description"]
    assert schema["$defs"]["Rule"]["required"] == ["id"]
    assert schema["additionalProperties"] is False
