"""The run in figures: what was read, what it adds up to, what the list would do.

Nothing here is laid out: these are the frames that sheets, page and terminal show.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from ppc_tuner.reports import Reading
from ppc_tuner.summary.budgets import budgets
from ppc_tuner.summary.conflicts import conflicts
from ppc_tuner.summary.forecast import forecast
from ppc_tuner.summary.found import found, to_give
from ppc_tuner.summary.last_time import last_time_said
from ppc_tuner.summary.provenance import file_row, platforms, rules, settings
from ppc_tuner.summary.ranking import ranked
from ppc_tuner.summary.run import Run
from ppc_tuner.summary.sentences import assumptions, headline, odd_rows, skipped_files, texts
from ppc_tuner.summary.shop import shop, shop_warnings
from ppc_tuner.summary.smart import smart_campaigns
from ppc_tuner.summary.spend import spend, what_if
from ppc_tuner.summary.totals import (
    acted_on,
    burners,
    burners_total,
    by_action,
    leaks,
    periods,
    subtotals,
    totals,
    words_of,
)
from ppc_tuner.text import Text

__all__ = ["Run", "acted_on", "forecast", "odd_rows", "ranked", "summary_of"]


def summary_of(
    runs: Sequence[Run], reading: Reading, actions: pd.DataFrame, warnings: Sequence[Text] = ()
) -> dict[str, pd.DataFrame]:
    """The frames of the summary by name.

    `actions`: the ranked list of all runs: decision rows, groups and item rows. `warnings` come first in the
    headline. Text stands in columns ending in _zh and _en; figures of different accounts or currencies stand
    in rows of their own, named by platform, account and currency.
    """
    words = words_of(actions)
    return {
        "found": texts([found(run) for run in runs]),
        "to_give": texts(to_give(runs)),
        "last_time": texts([text for run in runs for text in last_time_said(run)]),
        "warnings": texts([*warnings, *(text for run in runs for text in run.warnings)]),
        "headline": texts([*warnings, *headline(runs), *shop_warnings(runs)]),
        "files": pd.DataFrame([file_row(file) for file in reading.files]),
        "totals": totals(runs),
        "periods": pd.concat([periods(run) for run in runs], ignore_index=True),
        "by_action": by_action(actions),
        "forecast": pd.concat([forecast(run) for run in runs], ignore_index=True),
        "spend": pd.concat([spend(run) for run in runs], ignore_index=True),
        "what_if": pd.concat([what_if(run) for run in runs], ignore_index=True),
        "budgets": pd.concat([budgets(run) for run in runs], ignore_index=True),
        "smart_campaigns": pd.concat([smart_campaigns(run) for run in runs], ignore_index=True),
        "by_campaign": subtotals(words, ["campaign"]),
        "by_item": subtotals(words, ["item_id", "item"]),
        "leaks": leaks(words),
        "conflicts": conflicts(actions),
        "burners": burners(words),
        "burners_total": burners_total(words),
        "period_unit": pd.DataFrame({"unit": ["week" if words["days"].notna().any() else "period"]}),
        "assumptions": texts(
            [
                *assumptions(runs),
                *(note for note in reading.notes if note not in reading.doubts),
                *skipped_files(reading),
            ]
        ),
        "rules": rules(runs, actions),
        "settings": settings(runs),
        "platforms": platforms(runs),
        **shop(runs),
    }
