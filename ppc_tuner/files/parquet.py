"""Parquet files: typed columns, handed on as they are."""

from __future__ import annotations

import io
from typing import Final

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from ppc_tuner.errors import InputError
from ppc_tuner.files import limits
from ppc_tuner.files.table import FrameTable, HeadRow, check_columns
from ppc_tuner.text import Text

# As floats, which pandas takes for whole numbers with blanks among them, long ids would lose their last
# digits.
EXACT: Final = {pa.int64(): pd.Int64Dtype(), pa.uint64(): pd.UInt64Dtype()}


def parquet_table(label: str, data: bytes) -> FrameTable:
    """The file as a table whose header is row 0 and whose rows count from 1. InputError where unreadable."""
    try:
        source = pq.ParquetFile(io.BytesIO(data))
        names = tuple(source.schema_arrow.names)
        check_columns(len(names), label)
        groups = (source.metadata.row_group(i).total_byte_size for i in range(source.metadata.num_row_groups))
        if sum(groups) > limits.UNPACKED_BYTES:
            raise pa.ArrowInvalid(f"more than {limits.UNPACKED_BYTES:,} bytes")
        # What pandas once noted about the file is not needed, and may be as damaged as the rest.
        table = source.read().replace_schema_metadata(None)
        frame: pd.DataFrame = table.to_pandas(types_mapper=EXACT.get)
    except (pa.ArrowException, OSError, ValueError) as fault:
        raise InputError(
            Text("Parquet 文件读不了", "the Parquet file cannot be read"),
            where=label,
            found=str(fault).splitlines()[0][:200],
            expected=Text("完整的 Parquet 表", "a complete Parquet table"),
            to_do=Text("重新导出这个文件", "write the file again"),
        ) from None
    frame = frame.reset_index(drop=True).set_axis(range(frame.shape[1]), axis=1)
    frame.index = pd.RangeIndex(1, len(frame) + 1)
    return FrameTable(label, "", "parquet", (HeadRow(0, 0, names[: frame.shape[1]]),), frame)
