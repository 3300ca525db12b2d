"""Exports of ad platforms to canonical facts."""

from __future__ import annotations

from ppc_tuner.reports.accounting import accounting
from ppc_tuner.reports.attribution import with_window
from ppc_tuner.reports.describe import describe
from ppc_tuner.reports.formats import Platform, all_formats
from ppc_tuner.reports.no_reports import is_own_list
from ppc_tuner.reports.reading import facts_from_frame, read_reports
from ppc_tuner.reports.refusals import no_words, refuse_without_orders
from ppc_tuner.reports.results import Dropped, FileReading, Implausible, Reading

__all__ = [
    "Dropped",
    "FileReading",
    "Implausible",
    "Platform",
    "Reading",
    "accounting",
    "all_formats",
    "describe",
    "facts_from_frame",
    "is_own_list",
    "no_words",
    "read_reports",
    "refuse_without_orders",
    "with_window",
]
