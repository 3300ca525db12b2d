"""What no report tells, all of it optional: one workbook, a folder of csv, or one csv.

known = read_context([Path("context.xlsx")])
rows, assumed = with_context(rows, known, settings)
write_template(Path("context.xlsx"))
"""

from ppc_tuner.context.context import Context, read_context
from ppc_tuner.context.given import given_context, with_context
from ppc_tuner.context.items import item_context, with_item_context
from ppc_tuner.context.matching import unmatched
from ppc_tuner.context.presale import presale_orders, with_presale_orders
from ppc_tuner.context.template import write_template

__all__ = [
    "Context",
    "given_context",
    "item_context",
    "presale_orders",
    "read_context",
    "unmatched",
    "with_context",
    "with_item_context",
    "with_presale_orders",
    "write_template",
]
