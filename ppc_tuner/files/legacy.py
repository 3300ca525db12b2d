"""Old .xls workbooks are tried out in a process of their own.

The format holds row and column numbers that nothing checks: a damaged file can ask its reader for more memory than
there is, which ends the process without an exception. Better a child's process than the user's.
"""

from __future__ import annotations

import subprocess
import sys
from typing import Final

# The largest honest .xls (65,536 rows × 256 columns) needs half a gigabyte.
TRIAL: Final = """
import sys
try:
    import resource
    resource.setrlimit(resource.RLIMIT_AS, (4 * 1024**3, 4 * 1024**3))
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
except (ImportError, ValueError, OSError):
    pass
import fastexcel
try:
    fastexcel.read_excel(sys.stdin.buffer.read())
except fastexcel.FastExcelError as fault:
    print(str(fault).splitlines()[0])
"""
SECONDS: Final = 120


def trial_fault(data: bytes) -> str:
    """What is wrong with an .xls, in the reader's words; empty where it can be opened safely."""
    try:
        trial = subprocess.run(
            [sys.executable, "-c", TRIAL], input=data, capture_output=True, timeout=SECONDS, check=False
        )
    except subprocess.TimeoutExpired:
        return "it cannot be read in time"
    if trial.returncode:
        return "its cells point outside the sheet"
    return trial.stdout.decode("utf-8", "replace").strip()
