"""What no report tells, all of it optional: one workbook, a folder of csv, or one csv.

known = read_context([Path("context.xlsx")])
given, assumed = given_context(figures, reported, known, settings)
write_template(Path("context.xlsx"))
"""

from ppc_tuner.context.context import Context, read_context
from ppc_tuner.context.given import given_context
from ppc_tuner.context.items import item_context
from ppc_tuner.context.matching import unmatched
from ppc_tuner.context.negatives import conflicts_said, with_reported
from ppc_tuner.context.orders import orders_that_count
from ppc_tuner.context.remembered import Memory, remembered
from ppc_tuner.context.template import write_template
from ppc_tuner.context.word_lists import protected_words, unreported_words

__all__ = [
    "Context",
    "Memory",
    "conflicts_said",
    "given_context",
    "item_context",
    "orders_that_count",
    "protected_words",
    "read_context",
    "remembered",
    "unmatched",
    "unreported_words",
    "with_reported",
    "write_template",
]
