"""What a specialist does with rule packs: check and test them, see their effect, tune settings in Excel."""

from ppc_tuner.rulebook.checks import check_pack, shipped_packs
from ppc_tuner.rulebook.difference import Difference, difference
from ppc_tuner.rulebook.explaining import explain
from ppc_tuner.rulebook.rule_tests import TestRun, run_cases
from ppc_tuner.rulebook.schema import pack_schema
from ppc_tuner.rulebook.settings_workbook import export_settings, import_settings

__all__ = [
    "Difference",
    "TestRun",
    "check_pack",
    "difference",
    "explain",
    "export_settings",
    "import_settings",
    "pack_schema",
    "run_cases",
    "shipped_packs",
]
