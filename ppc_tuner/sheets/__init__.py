"""What people read: the workbook, and the same list as csv, parquet or json."""

from ppc_tuner.sheets.saving import ENDINGS, PAGE, check_output, save

__all__ = ["ENDINGS", "PAGE", "check_output", "save"]
