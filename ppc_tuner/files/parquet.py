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
        _refuse_nested(source.schema_arrow, label)
        _refuse_too_large(source.metadata, label)
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


def _refuse_too_large(about: pq.FileMetaData, label: str) -> None:
    """InputError for more than is held: equal values take next to no room in the file, and much outside."""
    size = sum(about.row_group(at).total_byte_size for at in range(about.num_row_groups))
    cells = about.num_rows * about.num_columns
    if about.num_rows > limits.ROWS or cells > limits.PARQUET_CELLS or size > limits.UNPACKED_BYTES:
        raise InputError(
            Text("Parquet 文件太大", "the Parquet file is too large"),
            where=label,
            found=Text(
                f"{about.num_rows:,} 行 × {about.num_columns:,} 列，{size / 1024**2:,.0f} MB",
                f"{about.num_rows:,} rows × {about.num_columns:,} columns, {size / 1024**2:,.0f} MB",
            ),
            expected=Text(
                f"不超过 {limits.ROWS:,} 行、{limits.PARQUET_CELLS:,} 格、"
                f"{limits.UNPACKED_BYTES // 1024**2} MB",
                f"at most {limits.ROWS:,} rows, {limits.PARQUET_CELLS:,} cells, "
                f"{limits.UNPACKED_BYTES // 1024**2} MB",
            ),
            to_do=limits.IN_PARTS,
        )


def _refuse_nested(schema: pa.Schema, label: str) -> None:
    """InputError for columns whose cells are no text, number, day or flag; they are named."""
    nested = [
        f"{one.name} ({one.type})" for one in schema if pa.types.is_nested(one.type) or _is_binary(one.type)
    ]
    if nested:
        raise InputError(
            Text("Parquet 里有不是单个值的列", "columns of the Parquet file hold no plain values"),
            where=label,
            found=", ".join(nested)[:300],
            expected=Text("文字、数字、日期或是否", "texts, numbers, dates or flags"),
            to_do=Text("去掉这些列，或转成文字后再导出", "leave these columns out, or write them as texts"),
        )


def _is_binary(kind: pa.DataType) -> bool:
    inner = kind.value_type if pa.types.is_dictionary(kind) else kind
    return bool(
        pa.types.is_binary(inner) or pa.types.is_large_binary(inner) or pa.types.is_fixed_size_binary(inner)
    )
