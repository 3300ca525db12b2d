"""What people read: the workbook, and the same list as csv, parquet or json."""

from ppc_tuner.sheets.actions_sheet import rows_to_act_on
from ppc_tuner.sheets.saving import ENDINGS, PAGE, check_output, save

__all__ = ["ENDINGS", "PAGE", "check_output", "rows_to_act_on", "save"]
