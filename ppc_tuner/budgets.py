"""What may be spent: tables of budgets that people keep, for the whole account or by campaign.

A table with weekly_budget or daily_budget (money, in the currency of the account), or with limited (yes/no: the campaign
runs out of money before the day ends). With a campaign column each row speaks for that campaign, a blank one for the account.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pandas as pd

from ppc_tuner.errors import ConfigError
from ppc_tuner.files import to_ids, to_numbers
from ppc_tuner.text import Text

AMOUNTS = ("weekly_budget", "daily_budget")
LIMITED = "limited"
CHINESE = {"周预算": "weekly_budget", "日预算": "daily_budget", "受限": LIMITED}
YES, NO = ("yes", "true", "1", "是"), ("no", "false", "0", "否")
EXPECTED_AMOUNT = Text("大于 0 的金额", "an amount above 0")


def is_budget_table(frame: pd.DataFrame) -> bool:
    return any(name in frame for name in (*AMOUNTS, LIMITED))


def budget_table(frame: pd.DataFrame, path: Path) -> pd.DataFrame:
    """The table with columns campaign (text; empty: the account), weekly_budget, daily_budget (money), limited (flag).

    `frame`: cells of text, index = row of the file. ConfigError (file, row) for an amount that is none, an answer that
    is neither yes nor no, a campaign that stands twice, or a key other than the campaign.
    """
    others = [str(name) for name in frame if name not in ("campaign", *AMOUNTS, LIMITED)]
    if others or frame.columns.has_duplicates:
        problem = Text(
            "预算按账户或计划给，每列一次", "a budget is given by account or campaign, each column once"
        )
        expected = f"campaign, {', '.join(AMOUNTS)}, {LIMITED}"
        raise ConfigError(
            problem, where=f"{path}:1", found=", ".join(map(str, frame.columns)), expected=expected
        )
    table = pd.DataFrame(
        {"campaign": to_ids(frame["campaign"])[0] if "campaign" in frame else np.nan}, frame.index
    )
    table["campaign"] = table["campaign"].astype("str")
    for name in AMOUNTS:
        table[name] = _amounts(frame[name], path) if name in frame else np.nan
    table[LIMITED] = (
        _answers(frame[LIMITED], path) if LIMITED in frame else pd.Series(pd.NA, frame.index, "boolean")
    )
    table = table[table[[*AMOUNTS, LIMITED]].notna().any(axis=1)]
    repeated = table.index[table["campaign"].duplicated()]
    if len(repeated):
        name = table["campaign"].fillna("")[repeated[0]]
        raise _fault(
            path,
            repeated[0],
            Text(f"“{name}”又一次", f"'{name}' again"),
            Text("每个计划一行", "one row for each campaign"),
        )
    return table


def _amounts(cells: pd.Series, path: Path) -> pd.Series:
    numbers = to_numbers(cells)
    wrong = cells.index[numbers.wrong | (numbers.values <= 0)]
    if len(wrong):
        raise _fault(path, wrong[0], str(cells[wrong[0]]), EXPECTED_AMOUNT)
    return numbers.values


def _answers(cells: pd.Series, path: Path) -> pd.Series:
    said = to_ids(cells)[0].str.lower()
    wrong = cells.index[said.notna() & ~said.isin((*YES, *NO))]
    if len(wrong):
        raise _fault(path, wrong[0], str(cells[wrong[0]]), "yes | no | 是 | 否")
    return said.isin(YES).astype("boolean").mask(said.isna())


def _fault(path: Path, row: object, found: str | Text, expected: str | Text) -> ConfigError:
    problem = Text("预算表里的内容不对", "the table of budgets holds something wrong")
    to_do = Text("改好这一格再运行", "mend this cell and run again")
    return ConfigError(problem, where=f"{path}:{row}", found=found, expected=expected, to_do=to_do)
