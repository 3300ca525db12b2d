"""A table written in any layout, encoding and style is read back as the same table, or refused as
ambiguous."""

from __future__ import annotations

import math
from pathlib import Path

import drawn_reports
import pandas as pd
import pytest
from drawn_reports import Drawn
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from ppc_tuner.columns import FACTS
from ppc_tuner.errors import InputError
from ppc_tuner.reports import Reading, read_reports
from ppc_tuner.reports.recognise.formats import conventions
from ppc_tuner.reports.recognise.header import same_name

PLATFORMS = drawn_reports.platforms()
AMBIGUOUS = ("--decimal", "--date-order")
quick = settings(deadline=None, derandomize=True, database=None, suppress_health_check=list(HealthCheck))
# The platforms share the examples of one property; a workbook takes several times as long as a text.
SHARE = math.ceil(settings.default.max_examples / len(PLATFORMS))
OF_WORKBOOKS = math.ceil(SHARE / 2)


@pytest.mark.parametrize("platform", PLATFORMS)
def test_texts_are_read_back_as_written(platform: str, tmp_path: Path) -> None:
    @settings(quick, max_examples=SHARE)
    @given(drawn_reports.drawn_reports(platform))
    def holds(drawn: Drawn) -> None:
        check(drawn, tmp_path / "report.csv", drawn.text())

    holds()


@pytest.mark.parametrize("platform", PLATFORMS)
def test_workbooks_are_read_back_as_written(platform: str, tmp_path: Path) -> None:
    @settings(quick, max_examples=OF_WORKBOOKS)
    @given(drawn_reports.drawn_reports(platform))
    def holds(drawn: Drawn) -> None:
        check(drawn, tmp_path / "report.xlsx", drawn.workbook())

    holds()


def check(drawn: Drawn, path: Path, content: bytes) -> None:
    path.write_bytes(content)
    try:
        reading = read_reports(path)
    except InputError as fault:
        if any(option in str(fault.to_do) for option in AMBIGUOUS):
            return
        raise
    (file,) = reading.files
    assert (file.layout, file.header_row) == (drawn.layout.id, len(drawn.lines) - len(drawn.rows))
    compare(drawn, reading)


def compare(drawn: Drawn, reading: Reading) -> None:
    facts = reading.facts
    assert len(facts) == len(drawn.rows)
    ways = conventions(drawn.form, drawn.layout)
    for name in drawn.rows[0]:
        kind = FACTS[name].kind if name in FACTS else "text"
        wanted = pd.Series([row[name] for row in drawn.rows])
        if kind == "date":
            assert facts[name].tolist() == [pd.Timestamp(day) for day in wanted], name
        elif kind in ("text", "id"):
            meaning = {
                same_name(word): value for value, words in ways.values.get(name, {}).items() for word in words
            }
            assert facts[name].tolist() == [meaning.get(same_name(word), word) for word in wanted], name
        else:
            figures = wanted.astype(float).where(~wanted.isin(ways.unknown.get(name, ())))
            assert facts[name].to_numpy() == pytest.approx(figures.to_numpy(), nan_ok=True, abs=1e-9), name


@given(st.data())
@settings(quick, max_examples=SHARE)
def test_the_drawn_tables_are_of_all_sizes(data: st.DataObject) -> None:
    drawn = data.draw(drawn_reports.drawn_reports("canonical"))
    assert 1 <= len(drawn.rows) <= 20
