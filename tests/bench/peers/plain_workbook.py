#!/usr/bin/python3
"""plain_workbook.py FILE.xlsx OUT.json [ROWS] - what a workbook shows, as plain
data that a peer can write again by its own means: sheets, columns, rows, cells
with their formats, merged cells, validations, conditional formats, charts, how
it is printed.  With ROWS only so many rows of the first sheet: the peer knows
how the others are made."""
import json
import sys

from openpyxl import load_workbook
from openpyxl.utils.datetime import to_excel

SIDES = ('left', 'right', 'top', 'bottom')


def colour(c):
    return c.rgb if c is not None and c.type == 'rgb' else None


def style(cell):
    """As plain values; what is empty is left out."""
    f, a = cell.font, cell.alignment
    borders = {s: getattr(cell.border, s).style for s in SIDES}
    fill = cell.fill.fill_type and colour(cell.fill.fgColor)
    return {'font': {'name': f.name, 'size': f.sz, 'bold': bool(f.b),
                     'colour': colour(f.color)},
            'fill': fill or None,
            'border': borders if any(borders.values()) else None,
            'across': a.horizontal, 'down': a.vertical,
            'wrap': bool(a.wrap_text), 'format': cell.number_format}


def value(cell):
    if getattr(cell, 'is_date', False) and cell.value is not None:
        return to_excel(cell.value)
    return cell.value


class Styles:
    """Each once, by its number."""

    def __init__(self):
        self.all, self.numbers = [], {}

    def number(self, cell):
        if not cell.has_style:
            return None
        if cell.style_id not in self.numbers:
            self.numbers[cell.style_id] = len(self.all)
            self.all.append(style(cell))
        return self.numbers[cell.style_id]


def cells(ws, styles, limit):
    return [[[value(c), styles.number(c)] for c in row]
            for row in ws.iter_rows(max_row=limit)]


def reference(source):
    """The formula behind a chart's values or labels."""
    for kind in ('numRef', 'strRef'):
        ref = getattr(source, kind, None)
        if ref is not None:
            return ref.f
    return None


def title(t):
    if t is None or t.tx is None or t.tx.rich is None:
        return None
    return ''.join(r.t for p in t.tx.rich.p for r in p.r or [])


def fill_of(shape):
    solid = shape and shape.solidFill
    rgb = solid and solid.srgbClr
    return getattr(rgb, 'val', rgb) or None


def series(s):
    named = s.tx and s.tx.strRef and s.tx.strRef.f
    return {'values': reference(s.val), 'labels': s.cat and reference(s.cat),
            'title': named,
            'colour': fill_of(s.spPr),
            'shows_values': bool(s.dLbls and s.dLbls.showVal)}


def chart(c):
    at = c.anchor._from
    return {'kind': type(c).__name__, 'title': title(c.title),
            'direction': getattr(c, 'barDir', None), 'row': at.row + 1,
            'column': at.col + 1, 'series': [series(s) for s in c.series]}


def validation(v):
    return {'type': v.type, 'formula1': v.formula1, 'formula2': v.formula2,
            'error': v.error, 'prompt': v.prompt, 'at': str(v.sqref)}


def rules(ws):
    return [{'at': str(of.sqref), 'formula': r.formula[0],
             'fill': r.dxf and r.dxf.fill and colour(r.dxf.fill.bgColor),
             'font': r.dxf and r.dxf.font and colour(r.dxf.font.color)}
            for of in ws.conditional_formatting for r in of.rules
            if r.type == 'expression']


def sheet(ws, styles, limit):
    page = ws.page_setup
    return {'name': ws.title, 'hidden': ws.sheet_state != 'visible',
            'widths': {k: d.width for k, d in ws.column_dimensions.items()},
            'heights': {n: d.height for n, d in ws.row_dimensions.items()
                        if d.height and n <= (limit or n)},
            'cells': cells(ws, styles, limit),
            'merged': [str(m) for m in ws.merged_cells.ranges],
            'frozen': ws.freeze_panes, 'filter': ws.auto_filter.ref,
            'titles': ws.print_title_rows, 'landscape':
            page.orientation == 'landscape', 'paper': page.paperSize,
            'header': ws.oddHeader.center.text,
            'footer': ws.oddFooter.center.text,
            'breaks': [b.id for b in ws.row_breaks.brk],
            'validations': [validation(v) for v in
                            ws.data_validations.dataValidation],
            'rules': rules(ws), 'charts': [chart(c) for c in ws._charts]}


def main():
    styles = Styles()
    limit = int(sys.argv[3]) if len(sys.argv) > 3 else None
    sheets = [sheet(ws, styles, None if n else limit)
              for n, ws in enumerate(load_workbook(sys.argv[1]))]
    with open(sys.argv[2], 'w', encoding='utf-8') as f:
        json.dump({'styles': styles.all, 'sheets': sheets}, f,
                  ensure_ascii=False)


main()
