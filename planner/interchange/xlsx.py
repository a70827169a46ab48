"""One table as a workbook (Office Open XML): text cells alone, so that nothing in it is a formula."""

from __future__ import annotations

import io
import zipfile
from collections.abc import Iterable, Sequence
from html import escape

SHEET_NAME_LONGEST = 31
WRITTEN_AT = (2000, 1, 1, 0, 0, 0)  # the same table gives the same file

_HEAD = '<?xml version="1.0" encoding="UTF-8" standalone="yes"?>\n'
_PACKAGE = "http://schemas.openxmlformats.org/package/2006"
_OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_SHEET = "application/vnd.openxmlformats-officedocument.spreadsheetml"
_TYPES = (
    f'{_HEAD}<Types xmlns="{_PACKAGE}/content-types">'
    '<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>'
    f'<Override PartName="/xl/workbook.xml" ContentType="{_SHEET}.sheet.main+xml"/>'
    f'<Override PartName="/xl/worksheets/sheet1.xml" ContentType="{_SHEET}.worksheet+xml"/></Types>'
)
_RELATIONS = (
    f'{_HEAD}<Relationships xmlns="{_PACKAGE}/relationships">'
    f'<Relationship Id="rId1" Type="{_OFFICE}/%s" Target="%s"/></Relationships>'
)


def write_xlsx(name: str, rows: Iterable[Sequence[str]]) -> bytes:
    """Return a workbook of one sheet; whole numbers are numbers, everything else is text."""
    lines = "".join(f"<row>{''.join(map(_cell, row))}</row>" for row in rows)
    title = escape(
        "".join(letter for letter in name if letter not in "[]:*?/\\'")[:SHEET_NAME_LONGEST] or "Table"
    )
    parts = {
        "[Content_Types].xml": _TYPES,
        "_rels/.rels": _RELATIONS % ("officeDocument", "xl/workbook.xml"),
        "xl/workbook.xml": (
            f'{_HEAD}<workbook xmlns="{_MAIN}" xmlns:r="{_OFFICE}"><sheets>'
            f'<sheet name="{title}" sheetId="1" r:id="rId1"/></sheets></workbook>'
        ),
        "xl/_rels/workbook.xml.rels": _RELATIONS % ("worksheet", "worksheets/sheet1.xml"),
        "xl/worksheets/sheet1.xml": (
            f'{_HEAD}<worksheet xmlns="{_MAIN}"><sheetData>{lines}</sheetData></worksheet>'
        ),
    }
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w", zipfile.ZIP_DEFLATED) as package:
        for path, text in parts.items():
            package.writestr(zipfile.ZipInfo(path, WRITTEN_AT), text, zipfile.ZIP_DEFLATED)
    return out.getvalue()


def _cell(text: str) -> str:
    if text.isascii() and text.isdecimal() and len(text) < 15:
        return f"<c><v>{text}</v></c>"
    said = "".join(letter for letter in text if letter >= " " or letter in "\t\n")
    safe = escape(said, quote=False).encode("utf-8", "replace").decode()
    return f'<c t="inlineStr"><is><t xml:space="preserve">{safe}</t></is></c>'
