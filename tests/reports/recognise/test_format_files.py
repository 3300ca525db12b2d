"""Formats that leave out what every platform needs, and names in them that stand for nothing."""

from __future__ import annotations

import shutil
from pathlib import Path

import pytest

from ppc_tuner.columns import FACTS
from ppc_tuner.errors import ConfigError
from ppc_tuner.reports import read_reports
from ppc_tuner.reports.recognise import formats

EXAMPLES = Path(__file__).parents[3] / "docs" / "examples"
LAYOUT = """
layouts:
  - {id: keyword_report, name: words, level: keyword, confirmed: false, required: [keyword, clicks],
     columns: {keyword: [Wort], clicks: [Klicks]}}
"""


def test_a_new_platform_needs_a_name_and_a_layout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    folder = tmp_path / "formats"
    shutil.copytree(formats.FORMATS, folder)
    (folder / "popo.yaml").write_text(f"id: popo\nname: Popo{LAYOUT}", "utf-8")
    monkeypatch.setattr(formats, "FORMATS", folder)
    made = {form.id: form for form in formats.built_in.__wrapped__()}
    assert (made["popo"].pack, made["popo"].bid, made["popo"].delay) == (
        made["canonical"].pack, made["canonical"].bid, made["canonical"].delay,
    )  # fmt: skip


def test_an_extended_format_has_all_that_its_base_leaves_out(tmp_path: Path) -> None:
    path = tmp_path / "sogou.yaml"
    path.write_text("id: sogou\nextends: sogou\ncolumns: {conversions: [转化]}\n", "utf-8")
    form = formats.load_format(path)
    assert form.columns["conversions"] == ("转化",)
    assert form.columns["cost"] == ("消耗",)
    assert form.delay.curve[-1] == 1


def test_a_mark_that_stands_for_nothing_is_told(tmp_path: Path) -> None:
    path = tmp_path / "own.yaml"
    path.write_text(f"id: own\nname: own{LAYOUT}columns: {{cost: ['Cost{{unit}}']}}\n", "utf-8")
    with pytest.raises(ConfigError) as caught:
        formats.load_format(path)
    assert "{unit} stands for nothing; only {days} does" in caught.value.render("en")


@pytest.mark.parametrize(
    "layout",
    [
        (form.id, layout.id)
        for form in formats.built_in()
        for layout in form.layouts
        if layout.role == "report" and layout.level == "keyword"
    ],
)
def test_a_report_of_search_terms_is_never_taken_for_one_of_keywords(layout: tuple[str, str]) -> None:
    """Its rows would count beside, or instead of, those of the keywords."""
    form = next(form for form in formats.built_in() if form.id == layout[0])
    (declared,) = (one for one in form.layouts if one.id == layout[1])
    assert "search_term" in declared.forbidden or "level" in declared.required
    assert "level" in declared.required or formats.conventions(form, declared).columns["search_term"]


def test_a_column_asked_for_may_be_named_for_the_whole_platform(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(
        "id: pinduoduo\nextends: pinduoduo\ncolumns: {keyword: [关键词], campaign: [计划]}\n", "utf-8"
    )
    report = tmp_path / "report.csv"
    report.write_text(
        "计划,关键词,花费(元),交易额(元),成交笔数,曝光量,点击量\n甲,鞋,5.5,30,1,100,10\n", "utf-8"
    )
    assert read_reports(report, formats=[own]).facts["keyword"].tolist() == ["鞋"]


def test_a_built_in_report_in_another_language(tmp_path: Path) -> None:
    path = tmp_path / "keywords.csv"
    path.write_text(
        "Tag;Keyword;Keyword-Status;Keyword-Option;Kampagne;Anzeigengruppe;Währungscode;Impressionen;Klicks;Kosten;Conversions\n"
        "01.07.2026;wanderstock;Aktiviert;Genau passend;K;A;EUR;1.000;50;60,50;2,00\n"
        "13.07.2026;zelt;Pausiert;Weitgehend passend;K;A;EUR;2.000;40;1.060,25;1,00\n",
        "utf-8",
    )
    reading = read_reports(path, formats=[EXAMPLES / "google_german.yaml"])
    facts = reading.facts
    assert facts[["impressions", "cost"]].to_numpy().tolist() == [[1000, 60.5], [2000, 1060.25]]
    assert facts["status"].tolist() == ["live", "paused"]
    assert facts["match_type"].tolist() == ["exact", "broad"]
    # No real file with such a header was compared with its platform.
    assert not reading.files[0].confirmed


def test_a_table_of_our_own_names_may_hold_every_fact() -> None:
    [own] = [form for form in formats.built_in() if form.id == "canonical"]
    where_it_was_read = {"source_file", "source_row"}
    missing = set(FACTS) - where_it_was_read - set(formats.conventions(own, own.layouts[0]).columns)
    assert not missing, "name them in formats/canonical.yaml"


@pytest.mark.parametrize("base", [form.id for form in formats.built_in() if form.id != "canonical"])
def test_every_format_of_ours_can_be_extended(base: str, tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text(f"id: mine\nextends: {base}\n", "utf-8")
    given = formats.load_format(own)
    assert given.id == "mine"
    assert [layout.id for layout in given.layouts] == [
        layout.id for form in formats.built_in() if form.id == base for layout in form.layouts
    ]
