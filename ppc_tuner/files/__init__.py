"""Bytes to tables of text, and text to numbers, dates and ids. Nothing here knows what a report means.

for found in walk(paths):                     # a file, a folder or a zip
    if isinstance(found, Document):
        for choices in tables_of(found, ("gb18030",)):    # one per sheet; a choice per possible encoding
            table = choices[0]
            frame = table.body(table.head[0])
"""

from __future__ import annotations

from ppc_tuner.files.dates import DateOrder, Days, date_orders, to_days
from ppc_tuner.files.numbers import Decimal, decimal_signs, money_signs, to_ids, to_numbers
from ppc_tuner.files.opening import Document, Skipped, first_table, tables_of, walk, whole_ones
from ppc_tuner.files.table import HeadRow, Table

__all__ = [
    "DateOrder",
    "Days",
    "Decimal",
    "Document",
    "HeadRow",
    "Skipped",
    "Table",
    "date_orders",
    "decimal_signs",
    "first_table",
    "money_signs",
    "tables_of",
    "to_days",
    "to_ids",
    "to_numbers",
    "walk",
    "whole_ones",
]
