"""Exports of ad platforms to canonical facts."""

from __future__ import annotations

from ppc_tuner.reports.candidates import read_candidates
from ppc_tuner.reports.checks import CHECKS
from ppc_tuner.reports.checks.check import MoneyUnit
from ppc_tuner.reports.reading import (
    facts_from_frame,
    no_words,
    read_reports,
    refuse_without_orders,
    with_window,
)
from ppc_tuner.reports.recognise import Platform, all_formats, is_own_list
from ppc_tuner.reports.results import Dropped, FileReading, Implausible, Reading

__all__ = [
    "CHECKS",
    "Dropped",
    "FileReading",
    "Implausible",
    "MoneyUnit",
    "Platform",
    "Reading",
    "all_formats",
    "facts_from_frame",
    "is_own_list",
    "no_words",
    "read_candidates",
    "read_reports",
    "refuse_without_orders",
    "with_window",
]
