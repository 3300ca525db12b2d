"""How much of a stranger's file is read at most. Whatever lies above is refused with a message."""

from __future__ import annotations

from typing import Final

FILE_BYTES: Final = 512 * 1024**2
UNPACKED_BYTES: Final = 1024**3
# Report text full of zeros packs 30 to 60 times; a bomb packs a thousand times.
PACK_RATIO: Final = 200
PACK_RATIO_FROM_BYTES: Final = 10 * 1024**2
ZIP_MEMBERS: Final = 2_000
ZIP_DEPTH: Final = 2
COLUMNS: Final = 1_000
SHEET_CELLS: Final = 100_000_000
# Excel's own limit of a cell; no keyword, name or address in a report comes near it.
CELL_CHARACTERS: Final = 32_767
HEAD_ROWS: Final = 60
HEAD_CHARACTERS: Final = 400_000
FOLDER_FILES: Final = 10_000
