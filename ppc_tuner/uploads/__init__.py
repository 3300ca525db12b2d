"""What a person decided, as files that platforms take, and beside each one that restores today's values."""

from __future__ import annotations

from ppc_tuner.uploads.preparing import Prepared, UploadFile, prepare
from ppc_tuner.uploads.refusals import LeftOut
from ppc_tuner.uploads.writing import write_files

__all__ = ["LeftOut", "Prepared", "UploadFile", "prepare", "write_files"]
