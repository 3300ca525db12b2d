"""What people read: the workbook, and the same list as csv, parquet or json.

Imports only columns, text and errors from the rest of the product.
"""

from ppc_tuner.sheets.saving import ENDINGS, check_output, save

__all__ = ["ENDINGS", "check_output", "save"]
