"""Columns as text, one value a line: what two readers of a file are compared by (see ColumnDump.swift)."""

import decimal
import struct

import pyarrow as pa
import pyarrow.compute as pc

decimal.getcontext().prec = 100


def one(kind, value):
    if value is None:
        return "null"
    if pa.types.is_boolean(kind):
        return "true" if value else "false"
    if pa.types.is_integer(kind):
        return str(value)
    if pa.types.is_decimal(kind):
        return str(int(value.scaleb(kind.scale)))
    if value is not None and pa.types.is_floating(kind):
        if value != value:
            return "nan"
        name, form, bits = {16: ("h", "<e", "<H"), 32: ("f", "<f", "<I"), 64: ("d", "<d", "<Q")}[kind.bit_width]
        return f"{name}{struct.unpack(bits, struct.pack(form, value))[0]:x}"
    if isinstance(value, str):
        value = value.encode()
    return "x" + bytes(value).hex()


def column_text(name, column):
    kind = column.type
    if pa.types.is_dictionary(kind):
        column, kind = column.cast(kind.value_type), kind.value_type
    if pa.types.is_null(kind):
        return f"column {name}\n" + "null\n" * len(column)
    if isinstance(kind, pa.ExtensionType) or isinstance(kind, pa.BaseExtensionType):
        column = column.cast(kind.storage_type)
        kind = kind.storage_type
    if pa.types.is_timestamp(kind) or pa.types.is_time64(kind) or pa.types.is_duration(kind):
        column = column.cast(pa.int64())
    elif pa.types.is_date32(kind) or pa.types.is_time32(kind):
        column = column.cast(pa.int32())
    kind = column.type
    lines = [one(kind, value) for value in column.to_pylist()]
    return f"column {name}\n" + "".join(line + "\n" for line in lines)


def table_text(table):
    return "".join(column_text(name, table[name]) for name in table.column_names)
