"""Every doubt about a file that is refused or told, in the order in which they are looked at; run here and
nowhere else.

docs/checks.md lists them with an example of each; `python tests/reports/checks/check_cases.py` makes it.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final

from ppc_tuner.reports.checks import (
    ambiguous,
    double_counting,
    missing,
    money_units,
    odd_days,
    overlapping,
    plausible,
)
from ppc_tuner.reports.checks.check import AnyCheck, Check, FilesSeen, Options, Seen, TableSeen
from ppc_tuner.reports.overlap import Overlaps
from ppc_tuner.reports.results import Implausible
from ppc_tuner.text import Text

__all__ = [
    "CHECKS",
    "OF_DECISIONS",
    "OF_EXPORTS",
    "OF_FACTS",
    "OF_FILES",
    "OF_ROWS",
    "WINDOWS_DIFFER",
    "FilesSeen",
    "Options",
    "TableSeen",
    "Told",
    "run",
]

# Before any cell of a table is read.
OF_ROWS: Final[tuple[Check[TableSeen], ...]] = (
    missing.CUT_ROW,
    ambiguous.AMBIGUOUS_COLUMNS,
    missing.FORMULA_WITHOUT_VALUE,
    missing.FORMULA_FAULT,
    ambiguous.ORDERS_AND_REVENUE_APART,
    ambiguous.DAYS_SWAPPED,
)
# Once the table is facts.
OF_FACTS: Final[tuple[Check[TableSeen], ...]] = (
    ambiguous.STAND_IN,
    ambiguous.CURRENCY_CONTRADICTS,
    ambiguous.REVENUE_IN_ANOTHER_CURRENCY,
    odd_days.PERIOD_BACKWARDS,
    odd_days.DAY_IN_FUTURE,
    odd_days.DAYS_FAR_AFTER,
    ambiguous.COARSE_DAYS,
    double_counting.NO_PLACE,
    double_counting.OTHER_COLUMNS,
    double_counting.OTHER_DAYS,
    double_counting.WORDS_BELOW_TWO_HEADERS,
    ambiguous.VALUE_UNKNOWN,
    double_counting.PERIODS_MEET,
    double_counting.SUMS_OF_OTHERS,
    odd_days.DAYS_AFTER_DOWNLOAD,
    plausible.FIGURES_CONTRADICT,
    plausible.TOTALS_CONTRADICT,
    double_counting.ROWS_TWICE,
    missing.SHEET_GOES_ON,
    money_units.MILLIONTHS,
    money_units.MONEY_DIVIDED,
    plausible.ORDERS_ABOVE_CLICKS,
    plausible.BEYOND_BELIEF,
    odd_days.DAYS_FAR_BEFORE,
    double_counting.ROWS_ALIKE,
    plausible.ODD_ROW,
    missing.TOTAL_NOT_MET,
    missing.HIDDEN_SHARE,
    missing.PLACE_LEFT_OUT,
    ambiguous.STATUS_UNKNOWN,
    double_counting.PLACE_BLANK,
    money_units.MONEY_UNIT,
    ambiguous.IDS_RUINED,
    plausible.CTR_DIFFERS,
    ambiguous.ENCODING_GUESSED,
    ambiguous.WORDS_GARBLED,
)
# Once the exports of one platform and level are put together.
OF_EXPORTS: Final[tuple[Check[Overlaps], ...]] = (
    overlapping.EXPORTS_OVERLAP,
    overlapping.EXPORTS_UNLIKE,
    overlapping.CAMPAIGN_RENAMED,
    overlapping.EQUALLY_NEW,
    overlapping.REPEATED_SUMMARY,
    overlapping.OTHER_ACCOUNT,
    overlapping.COVERED,
)
# Once all files are one account.
OF_FILES: Final[tuple[Check[FilesSeen], ...]] = (
    overlapping.BIDS_CONTRADICT,
    overlapping.BIDS_OUTDATED,
    overlapping.TWO_BIDS,
    overlapping.WINDOWS_DIFFER,
    missing.LAYOUT_UNCONFIRMED,
    missing.NO_ROWS,
    missing.NO_DATES,
    missing.NO_ORDERS_COLUMN,
    missing.NO_CURRENCY,
    overlapping.SAME_CLICKS,
    missing.LIST_WITHOUT_PLACE,
)
# Where words are to be judged, not only read.
OF_DECISIONS: Final[tuple[Check[FilesSeen], ...]] = (missing.ORDERS_UNKNOWN,)
WINDOWS_DIFFER: Final = overlapping.WINDOWS_DIFFER
CHECKS: Final[tuple[AnyCheck, ...]] = (*OF_ROWS, *OF_FACTS, *OF_EXPORTS, *OF_FILES, *OF_DECISIONS)


@dataclass(frozen=True, slots=True)
class Told:
    """What the checks say of what is read on. on_top: said at the top of the list too; notes: all else;
    implausible: what is odd in single rows, which count all the same."""

    on_top: tuple[Text, ...]
    notes: tuple[Text, ...]
    implausible: tuple[Implausible, ...]


def run(checks: Sequence[Check[Seen]], seen: Seen) -> Told:
    """What these checks tell. Raises the InputError of the first that refuses."""
    on_top: list[Text] = []
    notes: list[Text] = []
    implausible: list[Implausible] = []
    for check in checks:
        for finding in check.run(seen):
            if check.severity == "refuse":
                raise finding.error()
            if finding.row is not None:
                implausible.append(Implausible(finding.row, finding.problem))
            else:
                (on_top if check.on_top else notes).append(finding.note())
    return Told(tuple(on_top), tuple(notes), tuple(implausible))
