"""How much of a stranger's file is read at most. Whatever lies above is refused with a message."""

from __future__ import annotations

from typing import Final

from ppc_tuner.text import Text

# A file that must be held whole: a workbook, a zip, a member of a zip.
FILE_BYTES: Final = 512 * 1024**2
# A text on disk is read a block at a time.
TEXT_BYTES: Final = 4 * 1024**3
HELD_TEXT_BYTES: Final = 4 * 1024**2
ROWS: Final = 25_000_000
UNPACKED_BYTES: Final = 1024**3
# Report text full of zeros packs 30 to 60 times; a bomb packs a thousand times.
PACK_RATIO: Final = 200
PACK_RATIO_FROM_BYTES: Final = 10 * 1024**2
ZIP_MEMBERS: Final = 2_000
ZIP_DEPTH: Final = 2
COLUMNS: Final = 1_000
# Cells of a Parquet file, whatever room equal ones take in it; as objects they take 60 bytes each.
PARQUET_CELLS: Final = 50_000_000
# A page is taken apart in memory; one of this size holds some hundred thousand rows.
PAGE_CHARACTERS: Final = 128 * 1024**2
PAGE_CELLS: Final = 10_000_000
# Excel's own limit of a cell; no keyword, name or address in a report comes near it.
CELL_CHARACTERS: Final = 32_767
HEAD_ROWS: Final = 60
HEAD_CHARACTERS: Final = 400_000
# Rows that are longer or shorter than the others: footers and totals, not a whole report.
UNEVEN_ROWS: Final = 200_000
FOLDER_FILES: Final = 10_000

IN_PARTS: Final = Text(
    "分时间段或分计划下载，一起交给程序",
    "download it in parts, by period or campaign, and give all parts",
)
