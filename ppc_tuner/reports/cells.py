"""Columns of a report to canonical columns of the right kind: how the table writes its figures and dates (its
number style), then every cell. A cell that cannot be read is told with its row.

The style is never guessed: it is proven from the table itself, declared for its layout, or said by the
person; what could be read in two ways is refused, with the option that settles it.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Final, Literal

import pandas as pd

from ppc_tuner.columns import FACTS, NUMBER_KINDS
from ppc_tuner.errors import InputError
from ppc_tuner.files import (
    DateOrder,
    Decimal,
    date_orders,
    decimal_signs,
    limits,
    money_signs,
    to_days,
    to_ids,
    to_numbers,
)
from ppc_tuner.files.distinct import distinct
from ppc_tuner.files.distinct import is_blank as is_blank
from ppc_tuner.files.numbers import LARGEST
from ppc_tuner.files.table import TEXT
from ppc_tuner.reports.recognise import (
    Conventions,
    Recognised,
    currency_code,
    currency_of_unit,
    currency_told_by,
    same_name,
)
from ppc_tuner.reports.results import DATES
from ppc_tuner.text import Text

# Nothing is shown or clicked by halves, so a sign before three digits can only group thousands there.
WHOLE: Final = ("impressions", "clicks")
DECIMAL_TO_DO: Final = Text(
    "用 --decimal . 或 --decimal , 说明小数点是哪个符号",
    "say which sign is the decimal: --decimal . or --decimal ,",
)
ORDER_TO_DO: Final = Text(
    "用 --date-order dmy（日在前）或 --date-order mdy（月在前）说明",
    "say which comes first: --date-order dmy (day) or --date-order mdy (month)",
)
Columns = Mapping[str, "pd.Series[str]"]
# Words bought and typed are copied exactly; elsewhere `--` is how a report says "nothing".
VERBATIM: Final = ("keyword", "search_term", "match_type")
NUMBER: Final = Text("数字", "a number")
NO_SUCH_FIGURE: Final = Text(
    "没有报表会有这么大的数", "a figure that a report can have: this one is too large"
)
DATE: Final = Text(
    "日期，如 2026-07-04、2026/7/4 或 20260701至20260707",
    "a date such as 2026-07-04, or a range 20260701至20260707",
)
FLAGS: Final = dict.fromkeys(("true", "yes", "y", "1", "1.0", "是"), True) | dict.fromkeys(
    ("false", "no", "n", "0", "0.0", "否"), False
)
FLAG: Final = Text("是、否、true、false、1 或 0", "true, false, yes, no, 1 or 0")


def read_column(name: str, cells: pd.Series[str], header: str, where: str, ways: Conventions) -> pd.Series:
    """The canonical column `name` from a report's cells (index = source row). Raises InputError at
    file:row."""
    kind = "text" if name == "level" else FACTS[name].kind
    if kind == "id":
        return to_ids(cells)[0].astype(TEXT)
    if kind == "text":
        return read_text(name, cells, where, ways)
    if kind == "flag":
        return _read_flag(cells, header, where)
    if kind == "date":
        return read_date(cells, header, where, ways)
    if name == "impression_share":
        return _share_of_impressions(cells, ways)
    return _read_number(name, cells, header, where, ways)


def plain_text(cells: pd.Series[str]) -> pd.Series[str]:
    """Text without surrounding white space; blank stays an empty text, missing becomes one."""
    if isinstance(cells.dtype, pd.CategoricalDtype):
        found = distinct(cells)
        return found.spread(plain_text(found.cells), missing="")
    text = cells if cells.dtype == TEXT else cells.astype("string").astype(TEXT)
    return (text.fillna("") if text.hasnans else text).str.strip()


def where_text(cells: pd.Series[str], judge: Callable[[pd.Series[str]], pd.Series[bool]]) -> pd.Series[bool]:
    """True where `judge` says so of the plain text. It is asked once for each distinct text."""
    found = distinct(cells)
    of_missing = (found.codes < 0).any() and bool(judge(pd.Series([""], dtype=TEXT)).iloc[0])
    return found.spread(judge(plain_text(found.cells)).astype(bool), missing=of_missing)


def read_ids(cells: pd.Series[str]) -> tuple[pd.Series[str], bool]:
    """Ids as text, NaN where blank; True where a spreadsheet has ruined them."""
    ids, ruined = to_ids(cells)
    return ids.astype(TEXT), ruined


def read_text(name: str, cells: pd.Series[str], where: str, ways: Conventions) -> pd.Series[str]:
    """A text column: stripped, NaN where blank, values mapped as the format declares."""
    found = distinct(cells)
    text = plain_text(found.cells)
    longest = text.str.len().max()
    if longest > limits.CELL_CHARACTERS:
        row = cells.index[found.codes == int(text.str.len().argmax())][0]
        raise InputError(
            Text("单元格太长，不像报表", "a cell is too long for a report"),
            where=f"{where}:{row}",
            found=Text(f"{longest:,.0f} 个字", f"{longest:,.0f} characters"),
            expected=f"<= {limits.CELL_CHARACTERS:,}",
            to_do=Text(
                "多半是引号没有成对；重新下载报表",
                "most likely an unclosed quotation mark; download the report again",
            ),
        )
    text = text.mask(text.isin([""] if name in VERBATIM else ["", "--"]))
    return found.spread(_mapped(text, ways.values[name]) if name in ways.values else text)


def read_date(cells: pd.Series[str], header: str, where: str, ways: Conventions) -> pd.Series[pd.Timestamp]:
    """First days of a date column."""
    days = to_days(cells, ways.date_formats, ways.date_order)
    refuse_wrong(days.wrong, cells, header, where, DATE)
    return days.start


def refuse_wrong(
    wrong: pd.Series[bool], cells: pd.Series[str], header: str, where: str, expected: Text
) -> None:
    """InputError at the first row where `wrong`."""
    if not wrong.any():
        return
    row = wrong.index[wrong.to_numpy()][0]
    count = int(wrong.sum())
    value = str(cells.loc[row]).strip()[:80]
    shown = Text(f"“{value}”", f"“{value}”") if value else Text("空格子", "a blank cell")
    more = Text(
        f"（这样的共 {count} 行）" if count > 1 else "", f" ({count} rows like this)" if count > 1 else ""
    )
    raise InputError(
        Text(f"“{header}”列有格子读不懂", f"a cell of column “{header}” cannot be read"),
        where=f"{where}:{row}",
        found=Text(shown.zh + more.zh, shown.en + more.en),
        expected=expected,
        to_do=Text(
            "改正这一格，或重新下载报表；若是合计行或脚注，删掉这一行",
            "mend the cell or download the report again; if it is a total or a footnote, delete the row",
        ),
    )


def contains_any(cells: pd.Series[str], words: tuple[str, ...]) -> pd.Series[bool]:
    """True where a text contains one of the words, compared as names are."""
    wanted = [same_name(word) for word in words]
    return where_text(
        cells, lambda text: text.map(lambda one: any(word in same_name(one) for word in wanted)).astype(bool)
    )


def _mapped(text: pd.Series[str], values: dict[str, tuple[str, ...]]) -> pd.Series[str]:
    meaning = {same_name(word): value for value, words in values.items() for word in (value, *words)}
    distinct = text.dropna().unique()
    return text.map({word: meaning.get(same_name(word), same_name(word)) for word in distinct}).astype(TEXT)


def _read_flag(cells: pd.Series[str], header: str, where: str) -> pd.Series:
    if pd.api.types.is_bool_dtype(cells.dtype):
        return cells.astype("boolean")
    text = plain_text(cells).str.lower()
    flags = text.map(FLAGS).astype("boolean")
    refuse_wrong(flags.isna() & (text != "") & ~text.isin(["nan", "<na>"]), cells, header, where, FLAG)
    return flags


def _read_number(
    name: str, cells: pd.Series[str], header: str, where: str, ways: Conventions
) -> pd.Series[float]:
    figures = _figures(cells, ways.unknown.get(name, ()), ways.remarks.get(name, ()))
    numbers = to_numbers(
        figures,
        share=FACTS[name].kind == "share",
        percent=_percent(cells, header, where, ways) if FACTS[name].kind == "share" else "fraction",
        decimal=ways.decimal or ".",
    )
    if numbers.wrong.any():
        too_large = pd.to_numeric(cells.where(numbers.wrong), errors="coerce").abs() > LARGEST
        refuse_wrong(too_large, cells, header, where, NO_SUCH_FIGURE)
        refuse_wrong(numbers.wrong, cells, header, where, NUMBER)
    if name in ways.unknown:
        return numbers.values.mask(
            numbers.values.isin([one for one in ways.unknown[name] if isinstance(one, float)])
        )
    return numbers.values


def _share_of_impressions(cells: pd.Series[str], ways: Conventions) -> pd.Series[float]:
    """Shares as platforms state them, `> 90%` and `< 10%` as those bounds. What cannot be read is missing and
    refuses no file, as nothing but the stop of a raise rests on it."""
    if pd.api.types.is_numeric_dtype(cells.dtype):
        values = to_numbers(cells, share=True).values
    else:
        found = distinct(cells)
        bounded = plain_text(found.cells).str.lstrip("<>≤≥ ")
        numbers = to_numbers(bounded, share=True, decimal=ways.decimal or ".")
        known = numbers.values.mask(numbers.wrong)
        # A figure above 1 without its sign is in per cent.
        bare = ~bounded.str.endswith("%") & (known > 1)
        values = found.spread(known.mask(bare, known / 100))
    return values.where(values.between(0, 1))


def _figures(
    cells: pd.Series[str], unknown: tuple[float | str, ...], remarks: tuple[str, ...]
) -> pd.Series[str]:
    """The cells without the declared remarks; blank where a text says that the figure is not known."""
    told = tuple(same_name(one) for one in unknown if isinstance(one, str))
    if not (told or remarks) or pd.api.types.is_numeric_dtype(cells.dtype):
        return cells
    found = distinct(cells)
    plain = plain_text(found.cells).map(same_name).astype(TEXT)
    bare = plain.mask(plain.str.startswith(told), "")
    for remark in remarks:
        bare = bare.str.removesuffix(same_name(remark))
    return found.spread(found.cells.where(bare == plain, bare))


def _percent(
    cells: pd.Series[str], header: str, where: str, ways: Conventions
) -> Literal["fraction", "percent"]:
    """How bare figures of a share column are meant. InputError where nothing says so and there are some."""
    if "(%)" in same_name(header).replace(" ", ""):
        return "percent"
    if ways.percent is not None:
        return ways.percent
    text = plain_text(cells)
    bare = text.str.contains(r"[1-9]") & ~text.str.contains(r"[%<>]")
    if bare.any():
        raise InputError(
            Text(f"分不清“{header}”列是小数还是百分数", f"column “{header}” may hold fractions or per cent"),
            where=f"{where}:{bare.index[bare.to_numpy()][0]}",
            found=f"“{text[bare].iloc[0]}”",
            expected=Text(
                "带 % 的数，或格式文件里的 percent", "figures with %, or `percent` in the format file"
            ),
            to_do=Text(
                "在格式文件里写 percent: fraction 或 percent: percent",
                "write percent: fraction or percent: percent in the format file",
            ),
        )
    return "fraction"


def with_number_style(
    found: Recognised, cells: Columns, decimal: Decimal | None, date_order: DateOrder | None
) -> Conventions:
    """The layout's conventions with `decimal` and `date_order` settled for this table.

    cells: its columns by canonical name; decimal, date_order: what the person says. What the table proves
    goes before. Raises InputError where it contradicts itself, or can be read in two ways and nobody says
    which.
    """
    style = {"decimal": _decimal(found, cells, decimal), "date_order": _date_order(found, cells, date_order)}
    return found.ways.model_copy(update=style)


def stands_alone(cells: Columns) -> bool:
    """Whether no figure and no date needs another row to show how it is meant. cells: as for
    with_number_style."""
    whole, others, dated = _columns_of_style(cells)
    signs = decimal_signs(whole.values(), others.values(), every_row=True)
    return not signs.either and not date_orders(dated.values()).either


def _columns_of_style(cells: Columns) -> tuple[Columns, Columns, Columns]:
    """Columns of whole numbers, other figures, and dates."""
    figures = {name: cells[name] for name in cells if name in FACTS and FACTS[name].kind in NUMBER_KINDS}
    whole: Columns = {name: figures[name] for name in WHOLE if name in figures}
    others = {name: column for name, column in figures.items() if name not in WHOLE}
    return whole, others, {name: cells[name] for name in DATES if name in cells}


def _decimal(found: Recognised, cells: Columns, told: Decimal | None) -> Decimal:
    whole, others, _ = _columns_of_style(cells)
    signs = decimal_signs(whole.values(), others.values())
    if signs.either and not signs.point and not signs.comma and told is None:
        # Columns that are not used may still show how the file writes its figures.
        every = found.table.body(found.header)
        used = set(found.match.columns.values())
        unused = [at for at in every.columns if int(at) not in used]
        more = decimal_signs((), (every[at] for at in unused))
        signs = type(signs)(more.point, more.comma, signs.either)
    where = found.table.label
    if signs.point and signs.comma and told is None:
        raise _contradiction("小数点", "decimal signs", where, signs.point, signs.comma, DECIMAL_TO_DO)
    if bool(signs.point) != bool(signs.comma):
        return "." if signs.point else ","
    if told is not None or found.ways.decimal is not None:
        return told or found.ways.decimal or "."
    if signs.either:
        row, header = _place(found, others, signs.either)
        raise InputError(
            Text("分不清小数点和千分位", "decimals and thousands cannot be told apart"),
            where=f"{where}:{row}" if row else where,
            found=Text(f"“{header}”列的“{signs.either}”", f"“{signs.either}” in column “{header}”"),
            expected=Text(
                "文件里有别的写法能证明，如 1,234.50", "another figure that proves it, such as 1,234.50"
            ),
            to_do=DECIMAL_TO_DO,
        )
    return "."


def _date_order(found: Recognised, cells: Columns, told: DateOrder | None) -> DateOrder | None:
    above = [
        cell for row in found.table.head if row.row < found.header.row for cell in row.cells if cell.strip()
    ]
    _, _, dated = _columns_of_style(cells)
    lines = pd.Series(above, dtype="str")
    orders = date_orders([*dated.values(), lines])
    where = found.table.label
    if orders.day_first and orders.month_first and told is None:
        raise _contradiction(
            "日期", "orders of day and month", where, orders.day_first, orders.month_first, ORDER_TO_DO
        )
    if bool(orders.day_first) != bool(orders.month_first):
        return "dmy" if orders.day_first else "mdy"
    if told is not None:
        return told
    needed = list(dated.values()) or ([lines] if found.ways.period == "preamble" else [])
    either = date_orders(needed).either if orders.seen else ""
    if either and found.ways.date_order is None:
        row, header = _place(found, dated, either)
        raise InputError(
            Text("分不清日和月的先后", "day and month cannot be told apart"),
            where=f"{where}:{row}" if row else where,
            found=Text(f"“{header}”列的“{either}”", f"“{either}” in column “{header}”")
            if header
            else f"“{either}”",
            expected=Text(
                "文件里有 12 以上的日能证明，如 13/4/2026", "a day above 12 that proves it, such as 13/4/2026"
            ),
            to_do=ORDER_TO_DO,
        )
    # Of dates like 4/4/2026 alone both orders make the same.
    return found.ways.date_order or ("dmy" if orders.seen else None)


def _place(found: Recognised, columns: Columns, example: str) -> tuple[int, str]:
    """Row and header of the first cell that reads like the example; (0, "") where it stands above the
    header."""
    for name, column in columns.items():
        hits = column.index[(column.astype("str").str.normalize("NFKC").str.strip() == example).to_numpy()]
        if len(hits):
            return int(hits[0]), found.header.cells[found.match.columns[name]].strip()
    return 0, ""


def _contradiction(zh: str, en: str, where: str, one: str, other: str, to_do: Text) -> InputError:
    return InputError(
        Text(f"同一个文件里有两种{zh}写法", f"one file is written with two {en}"),
        where=where,
        found=Text(f"“{one}”和“{other}”", f"“{one}” and “{other}”"),
        expected=Text("全文件一种写法", "one way of writing in the whole file"),
        to_do=Text(
            f"重新下载报表；若其中一种是笔误，{to_do.zh}", f"download it again; if one is a slip, {to_do.en}"
        ),
    )


def currency_told(header: str, cells: pd.Series[str], where: str) -> pd.Series[str] | str | None:
    """One currency of all rows, or one of each, or None where no sign tells; `$` where it is some dollar.

    header, cells: those of the cost. Raises InputError where cells carry different signs and one of them is
    not known.
    """
    in_header = currency_of_unit(header)
    if in_header or pd.api.types.is_numeric_dtype(cells.dtype):
        return in_header
    signs = money_signs(cells)
    distinct = [str(sign) for sign in signs.dropna().unique()]
    if len(distinct) < 2:
        return currency_told_by(distinct[0]) if distinct else None
    unknown = [sign for sign in distinct if currency_code(sign) is None]
    if not unknown:
        return signs.map({sign: currency_code(sign) for sign in distinct})
    row = signs.index[(signs == unknown[0]).to_numpy()][0]
    raise InputError(
        Text("一列金额里有几种货币", "a column holds money of several currencies"),
        where=f"{where}:{row}",
        found="、".join(distinct),
        expected=Text("一种货币，或一个货币列", "one currency, or a column that names it"),
        to_do=Text("下载报表时勾上货币代码列", "add the column with the currency code to the download"),
    )


def with_those_of_accounts(told: pd.Series[str], account: pd.Series[str]) -> pd.Series[str]:
    """The currency of each row; a cost without a sign, such as 0, is in that of its account where all others
    are."""
    of_account = told.groupby(account, dropna=False)
    return told.fillna(of_account.transform("first").where(of_account.transform("nunique") == 1))
