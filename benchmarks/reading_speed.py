"""Time and memory of reading reports into facts, beside the fastest way to read the same file as text.

    python benchmarks/reading_speed.py         1,000,000 rows × 60 columns of csv, 300,000 rows of xlsx
    python benchmarks/reading_speed.py --memory [MB]
                                               peak memory beside the table of facts read, for a csv of
                                               2 GB (or of so many MB)

Every measurement is a process of its own, and the fastest of several counts, because other work on the
machine only adds time. Reported are seconds of the clock and of the processors, child processes included; the
latter hardly depend on other work. Runs on Linux and macOS.
"""

from __future__ import annotations

import io
import os
import re
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from weekly_run import measured

ROWS, COLUMNS, SHEET_ROWS, BIG_BYTES = 1_000_000, 60, 300_000, 2 * 1024**3
CHUNK = 100_000
WORDS, REPEATS = 20_000, 3


def header(columns: int = COLUMNS) -> list[str]:
    """First names of the keyword report's declared columns, then columns that no layout knows."""
    from ppc_tuner.reports.recognise.formats import built_in, conventions

    form = next(one for one in built_in() if one.id == "zhitongche")
    layout = next(one for one in form.layouts if one.id == "keyword_report")
    left_out = ("account", *layout.forbidden)
    names = [many[0] for name, many in conventions(form, layout).columns.items() if name not in left_out]
    return (names + [f"其他指标{number}" for number in range(columns)])[:columns]


def chunk(names: list[str], first: int, rows: int) -> Any:
    """An Arrow table of text: `rows` rows from row `first` of a report of 20,000 words a day."""
    import numpy as np
    import pyarrow as pa

    random = np.random.default_rng(first)
    number = np.arange(first, first + rows)
    word = number % WORDS
    impressions = random.poisson(300, rows)
    clicks = random.binomial(impressions, 0.04)
    orders = random.binomial(clicks, 0.05)
    cost = np.round(clicks * 1.3 * random.uniform(0.7, 1.4, rows), 2)
    revenue = np.round(orders * 199.0 * random.uniform(0.8, 1.2, rows), 2)
    texts = {
        "日期": np.datetime64("2020-01-01") + number // WORDS,
        "场景名字": np.full(rows, "关键词推广"),
        "计划ID": 81831404144 + word % 40,
        "单元ID": 91831404144 + word % 400,
        "宝贝ID": 1045221343950 + word % 100,
        "词ID/词包ID": 1234567890123 + word,
        "展现量": impressions,
        "点击量": clicks,
        "花费": cost,
        "总成交笔数": orders,
        "总成交金额": revenue,
    }
    named = {"计划": 40, "单元": 400, "宝贝": 100, "店铺": 1, "词": WORDS}

    def column(name: str) -> Any:
        if name in texts:
            return texts[name].astype(str)
        for start, many in named.items():
            if name.startswith(start) and "类型" not in name:
                return np.char.add(f"加厚白鸭绒羽绒服男短款{start}", (word % many).astype(str))
        if any(mark in name for mark in ("匹配", "状态", "类型")):
            return np.full(rows, "关键词")
        if any(mark in name for mark in ("笔数", "数", "客")):
            return random.binomial(orders, 0.5).astype(str)
        return np.round(revenue * random.uniform(0, 0.5, rows), 2).astype(str)

    return pa.table({name: pa.array(column(name)) for name in names})


def chunks(rows: int, names: list[str]) -> Iterator[Any]:
    for first in range(0, rows, CHUNK):
        yield chunk(names, first, min(CHUNK, rows - first))


def made_csv(path: Path, rows: int, size: int = 0) -> None:
    """A GB18030 csv of `rows` rows, or of as many as make up `size` bytes."""
    import pyarrow.csv as pa_csv

    names = header()
    with path.open("wb") as file:
        file.write((",".join(names) + "\n").encode("gb18030"))
        for table in chunks(rows or 100_000_000, names):
            text = io.BytesIO()
            pa_csv.write_csv(table, text, pa_csv.WriteOptions(include_header=False, quoting_style="none"))
            file.write(text.getvalue().decode().encode("gb18030"))
            if size and file.tell() >= size:
                break


def made_xlsx(path: Path, rows: int) -> None:
    """A workbook of the report's first 20 columns, figures as numbers."""
    import xlsxwriter

    names = header(20)
    book = xlsxwriter.Workbook(path, {"constant_memory": True, "strings_to_numbers": True})
    sheet = book.add_worksheet()
    sheet.write_row(0, 0, names)
    row = 0
    for table in chunks(rows, names):
        for cells in zip(*(column.to_pylist() for column in table.columns), strict=True):
            row += 1
            for at, cell in enumerate(cells):
                if names[at].endswith("ID"):
                    sheet.write_string(row, at, cell)
                else:
                    sheet.write(row, at, cell)
    book.close()


def text_of_csv(path: Path) -> None:
    """All cells of a csv as text: decoded as it streams in, parsed by Arrow on all processors."""
    import numpy as np
    import pandas as pd
    import pyarrow as pa
    import pyarrow.csv as pa_csv

    from ppc_tuner.files.text_stream import BLOCK, Utf8Stream

    text = pd.StringDtype(na_value=np.nan)
    with path.open("rb") as file:
        names = file.readline().decode("gb18030").strip().split(",")
    with Utf8Stream(path.open("rb"), "gb18030", path.name) as stream:
        table = pa_csv.read_csv(
            pa.PythonFile(stream, mode="r"),
            pa_csv.ReadOptions(block_size=BLOCK),
            pa_csv.ParseOptions(newlines_in_values=True),
            pa_csv.ConvertOptions(column_types=dict.fromkeys(names, pa.string()), strings_can_be_null=False),
        )
    table.to_pandas(types_mapper={pa.string(): text}.get)


def text_of_xlsx(path: Path) -> None:
    """The sheet as fastexcel reads it, as a frame."""
    import fastexcel

    fastexcel.read_excel(path).load_sheet(0).to_pandas()


def facts(path: Path) -> None:
    """The report as facts; prints the megabytes of their table."""
    from ppc_tuner.reports import read_reports

    reading = read_reports(path, as_of="2026-01-01")
    print(f"{reading.facts.memory_usage(deep=True).sum() / 1024**2:.0f}")


def timed(run: Callable[[Path], None], path: Path) -> None:
    """Prints what `run` prints, and its seconds of the clock and of the processors, without the imports."""
    import fastexcel  # noqa: F401
    import pyarrow.csv  # noqa: F401

    import ppc_tuner.reports  # noqa: F401

    begin, busy = time.perf_counter(), sum(os.times()[:4])
    run(path)
    print(f"{time.perf_counter() - begin:.2f} {sum(os.times()[:4]) - busy:.2f}")


PARTS: dict[str, Callable[[Path], None]] = {
    "text_of_csv": text_of_csv,
    "text_of_xlsx": text_of_xlsx,
    "facts": facts,
}


def itself(part: str, path: Path) -> tuple[float, float, float, list[str]]:
    """Runs a part in a process of its own: seconds of clock and processors, peak megabytes, words printed."""
    _, memory, said = measured([sys.executable, __file__, part, str(path)])
    *words, seconds, busy = said.split()
    return float(seconds), float(busy), memory, words


def compare(title: str, path: Path, alone: str, allowed: float) -> None:
    """Runs both in turn, several times; prints the fastest of each and their ratio."""
    runs = [(*itself(alone, path)[:2], *itself("facts", path)[:2]) for _ in range(REPEATS)]
    text, text_busy, read, read_busy = (min(column) for column in zip(*runs, strict=True))
    print(f"{title} ({path.stat().st_size / 1e6:,.0f} MB)")
    print(f"  as text, fastest reader    {text:6.2f} s   processors {text_busy:6.2f} s")
    print(f"  read and made canonical    {read:6.2f} s   processors {read_busy:6.2f} s")
    print(
        f"  times as long              {read / text:6.2f}     "
        f"processors {read_busy / text_busy:6.2f}     (allowed: {allowed})",
        flush=True,
    )


def memory(path: Path) -> None:
    """Peak memory of reading beside the table that it gives."""
    seconds, _, peak, words = itself("facts", path)
    table = float(re.sub(r"\D", "", words[0]))
    print(f"csv of {path.stat().st_size / 1024**3:.1f} GB: read in {seconds:.0f} s, peak {peak:,.0f} MB")
    print(f"  table of facts {table:,.0f} MB; peak / table {peak / table:.2f} (allowed: 2)")


def main() -> None:
    if sys.argv[1:2] and sys.argv[1] in PARTS:
        timed(PARTS[sys.argv[1]], Path(sys.argv[2]))
        return
    with tempfile.TemporaryDirectory() as name:
        csv, xlsx = Path(name, "report.csv"), Path(name, "report.xlsx")
        if sys.argv[1:2] == ["--memory"]:
            made_csv(csv, 0, int(sys.argv[2]) * 1024**2 if sys.argv[2:] else BIG_BYTES)
            memory(csv)
            return
        made_csv(csv, ROWS)
        compare(f"{ROWS:,} rows × {COLUMNS} columns of csv in GB18030", csv, "text_of_csv", 3.0)
        made_xlsx(xlsx, SHEET_ROWS)
        compare(f"{SHEET_ROWS:,} rows × 20 columns of xlsx", xlsx, "text_of_xlsx", 1.5)


if __name__ == "__main__":
    main()
