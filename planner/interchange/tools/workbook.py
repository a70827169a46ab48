"""The first sheet of an XLSX workbook as rows of text. It is a ZIP of XML, which is looked at first."""

from __future__ import annotations

import zipfile
from collections.abc import Iterator
from datetime import date, datetime
from typing import TYPE_CHECKING
from xml.etree.ElementTree import ParseError

from defusedxml import DefusedXmlException

from planner.interchange.limits import CELL_CHARACTERS, UNPACKED_BYTES, WORKBOOK_ROWS
from planner.interchange.problems import refusal

if TYPE_CHECKING:
    from planner.interchange.tools.source import Source

ZIP = b"PK\x03\x04"
MOST_ENTRIES = 1_000
_BROKEN = (
    zipfile.BadZipFile,
    ParseError,
    DefusedXmlException,
    KeyError,
    ValueError,
    TypeError,
    IndexError,
    AttributeError,
    OSError,
    EOFError,
    NotImplementedError,
    RuntimeError,
)
"""What the libraries raise for files that were made to break them."""


def workbook_rows(source: Source) -> Iterator[tuple[int, list[str]]]:
    """Yield the rows of the first sheet; a formula is read as the value that was saved with it.

    Raises InvalidInput for what is no workbook, is packed too tightly, or has too many rows.
    """
    import openpyxl  # noqa: PLC0415 - slow to import, and few files are workbooks
    from openpyxl.utils.exceptions import InvalidFileException  # noqa: PLC0415 - likewise

    with source.open() as stream:
        try:
            _look_inside(zipfile.ZipFile(stream))
            stream.seek(0)
            book = openpyxl.load_workbook(stream, read_only=True, data_only=True, keep_links=False)
            sheet = book.worksheets[0]
            sheet.reset_dimensions()
            for number, cells in enumerate(sheet.iter_rows(values_only=True), start=1):
                if number > WORKBOOK_ROWS:
                    raise refusal(f"the sheet has more than {WORKBOOK_ROWS:,} rows; save it as CSV")
                if number % 200 == 0:
                    source.tell(min(stream.tell(), source.size))
                yield number, [_text(cell) for cell in cells]
        except (InvalidFileException, *_BROKEN) as error:
            raise refusal(
                f"this workbook cannot be read ({type(error).__name__}); save the sheet as CSV"
            ) from error
    source.tell(source.size)


def _look_inside(archive: zipfile.ZipFile) -> None:
    """Refuse what would unpack to far more than it seems, before any of it is unpacked."""
    entries = archive.infolist()
    unpacked = sum(entry.file_size for entry in entries)
    if len(entries) > MOST_ENTRIES or unpacked > UNPACKED_BYTES:
        raise refusal(
            f"the workbook unpacks to {unpacked / 1024 / 1024:.0f} MB in {len(entries):,} parts, at most "
            f"{UNPACKED_BYTES // 1024 // 1024} MB in {MOST_ENTRIES:,} are read; save the sheet as CSV"
        )


def _text(value: object) -> str:
    if value is None:
        return ""
    if isinstance(value, datetime):
        return value.date().isoformat()
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    return str(value)[:CELL_CHARACTERS]
