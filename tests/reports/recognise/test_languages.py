"""Reports in other languages: every name is read as its column, and as no other."""

from __future__ import annotations

from pathlib import Path

import pytest

from ppc_tuner.reports import Reading, read_reports
from ppc_tuner.reports.recognise.formats import Format, Layout, built_in, conventions
from ppc_tuner.reports.recognise.header import DAYS, same_name

LANGUAGES = [(form.id, language) for form in built_in() for language in form.languages]
LAYOUTS = [(form.id, layout.id) for form in built_in() for layout in form.layouts]
FIGURES = {"impressions": "1000", "clicks": "50", "cost": "60", "conversions": "2", "revenue": "90"}


def form_of(platform: str) -> Format:
    return next(form for form in built_in() if form.id == platform)


def layout_of(form: Format, name: str) -> Layout:
    return next(layout for layout in form.layouts if layout.id == name)


def read(folder: Path, *lines: str) -> Reading:
    path = folder / "report.csv"
    path.write_text("\n".join(lines) + "\n", "utf-8")
    return read_reports(path, as_of="2026-07-20")


def in_language(form: Format, layout: Layout, language: str) -> dict[str, str]:
    """Column → its header in a report of this layout: in the language, as far as it names it."""
    names = {name: all_of[0] for name, all_of in conventions(form, layout).columns.items()}
    own = {name: all_of[0] for name, all_of in form.languages[language].columns.items()}
    wanted = [name for name in (*layout.required, *own) if name in names and name not in layout.forbidden]
    return {name: own.get(name, names[name]).replace(DAYS, "7") for name in wanted}


@pytest.mark.parametrize(("platform", "language"), LANGUAGES)
def test_a_report_in_a_language_is_read_as_one_layout(tmp_path: Path, platform: str, language: str) -> None:
    form = form_of(platform)
    for layout in form.layouts:
        named = set(form.languages[language].columns) & {"keyword", "search_term"}
        if layout.role != "report" or not named & set(layout.required) or "channel" in layout.required:
            continue
        headers = in_language(form, layout, language)
        dated = {"date": "2026-07-04", "period_start": "2026-07-04", "period_end": "2026-07-04"}
        cells = [
            (FIGURES | dated).get(name, "XXX" if name == "currency" else f"a {name}") for name in headers
        ]
        reading = read(tmp_path, ",".join(headers.values()), ",".join(cells))
        assert [(file.platform, file.layout) for file in reading.files] == [(platform, layout.id)]
        file = reading.files[0]
        assert not file.ignored
        assert not file.confirmed
        row = reading.facts.iloc[0]
        assert {name: row[name] for name in headers if name in FIGURES} == {
            name: float(figure) for name, figure in FIGURES.items() if name in headers
        }


@pytest.mark.parametrize(("platform", "name"), LAYOUTS)
def test_no_name_is_that_of_two_columns(platform: str, name: str) -> None:
    form = form_of(platform)
    declared = conventions(form, layout_of(form, name)).columns
    columns: dict[str, set[str]] = {}
    for column, names in declared.items():
        for one in names:
            columns.setdefault(same_name(one), set()).add(column)
    assert {one: both for one, both in columns.items() if len(both) > 1} == {}


def test_a_price_is_not_taken_for_the_cost(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "Keyword;Kampagne;Anzeigengruppe;Impr.;Klicks;Kosten/Conv.;Kosten;Conv.-Rate;Conversions;Conv.-Wert/Kosten;Conv.-Wert",
        "zelt;K;A;1.000;50;15,00;60,50;4,00 %;2,00;1,50;90,75",
    )
    figures = reading.facts[["cost", "conversions", "revenue"]].to_numpy().tolist()
    assert figures == [[60.5, 2.0, 90.75]]


def test_words_of_the_status_are_known_in_each_language(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "Status da palavra-chave,Palavra-chave,Campanha,Grupo de anúncios,Impr.,Cliques,Custo,Conversões",
        "Qualificada,galocha,C,A,100,10,20.50,1",
        "Não qualificada,bota,C,A,100,10,20.50,1",
        "Pausada,capa,C,A,100,10,20.50,1",
    )
    assert reading.facts["status"].tolist() == ["live", "paused", "paused"]


def test_a_list_of_bids_is_in_the_languages_of_its_own_names_alone() -> None:
    form = form_of("google_ads")
    assert conventions(form, layout_of(form, "editor")).columns["campaign"] == form.columns["campaign"]


def test_a_format_that_extends_another_keeps_its_languages(tmp_path: Path) -> None:
    own = tmp_path / "own.yaml"
    own.write_text("id: google_ads\nextends: google_ads\ncolumns: {cost: [Ausgaben]}\n", "utf-8")
    path = tmp_path / "report.csv"
    path.write_text("Keyword,Kampagne,Anzeigengruppe,Impr.,Klicks,Ausgaben\nzelt,K,A,100,10,20.50\n", "utf-8")
    assert read_reports(path, formats=[own]).facts["cost"].tolist() == [20.5]


def test_interactions_stand_for_clicks_only_where_there_are_none(tmp_path: Path) -> None:
    reading = read(
        tmp_path,
        "Keyword,Campaign,Ad group,Impr.,Interactions,Clicks,Cost,Conversions",
        "boots,C,A,100,12,10,20.50,1",
    )
    assert reading.facts["clicks"].tolist() == [10]
    assert reading.files[0].doubts == ()
    reading = read(
        tmp_path, "Keyword,Campaign,Ad group,Impr.,Interactions,Cost,Conversions", "boots,C,A,100,12,20.50,1"
    )
    assert reading.facts["clicks"].tolist() == [12]
    (doubt,) = reading.files[0].doubts
    assert "“Interactions” stands for it" in doubt.en
    assert "“Interactions”" in doubt.zh


def test_days_of_a_start_and_an_end_line_are_one_period(tmp_path: Path) -> None:
    header = "Campaign Name,Ad Group Name,Keyword,Spend,Impressions,Taps,Installs (Total)"
    row = "C,A,notes,2.5,100,10,1"
    reading = read(tmp_path, '"Start Date: 29 Jun 2026"', '"End Date: 05 Jul 2026"', "", header, row)
    assert [f"{reading.facts[end].iloc[0]:%m-%d}" for end in ("period_start", "period_end")] == [
        "06-29",
        "07-05",
    ]
    # An end before the start is no period, and a start alone is none.
    for first, last in (("06 Jul 2026", "05 Jul 2026"), ("29 Jun 2026", "")):
        reading = read(tmp_path, f'"Start Date: {first}"', f'"End Date: {last}"', "", header, row)
        assert reading.files[0].time_unit == "undated"


@pytest.mark.parametrize(
    "line",
    [
        "2026년 6월 29일 - 2026년 7월 5일",
        "키워드 보고서(2026.06.29.~2026.07.05.),상점",
        "2026. 6. 29. ~ 2026. 7. 5.",
        "29 июн. 2026 г. - 5 июл. 2026 г.",
        "29 de junho de 2026 - 5 de julho de 2026",
        "29 Haziran 2026 - 5 Temmuz 2026",
        "29 cze 2026 - 5 lip 2026",
    ],
)
def test_periods_are_read_in_each_language(tmp_path: Path, line: str) -> None:
    facts = read(
        tmp_path, line, "Keyword,Campaign,Ad group,Impr.,Clicks,Cost", "boots,C,A,100,10,20.50"
    ).facts
    assert [f"{facts[end].iloc[0]:%m-%d}" for end in ("period_start", "period_end")] == ["06-29", "07-05"]


def test_the_window_of_orders_is_read_from_a_column(tmp_path: Path) -> None:
    head = "日期,计划名字,单元名字,词名字/词包名字,展现量,点击量,花费,总成交笔数"
    row = "2026-07-04,夏季,短袖,短袖男,1000,40,50.00,2"
    for name, cell in (
        ("转化周期", "15天转化"),
        ("转化周期(15天转化)", "15天转化"),
        ("转化周期", "7天累计转化"),
    ):
        facts = read(tmp_path, f"{head},{name}", f"{row},{cell}").facts
        assert facts["attribution_days"].tolist() == [float(cell.split("天")[0])]


def test_the_older_scene_tells_what_no_bid_reaches(tmp_path: Path) -> None:
    facts = read(
        tmp_path,
        "日期,场景名字,原二级场景名字,计划名字,单元名字,词名字/词包名字,展现量,点击量,花费,总成交笔数",
        "2026-07-04,货品运营,全站推广,夏季,短袖,短袖男,1000,40,50.00,2",
        "2026-07-04,关键词推广,关键词推广,夏季,短袖,短袖女,1000,40,50.00,2",
    ).facts
    assert facts["biddable"].tolist() == [False, True]
    assert facts["unbiddable_as"].fillna("").tolist() == ["site_wide", ""]
