#!/usr/bin/python3
"""openpyxl_bulletin.py DATA.json FILE.xlsx - the workbook that plain_workbook.py
took down, written again as openpyxl is used for it: every sheet, cell, format,
merged cell and chart.  Prints "SECONDS s", in which reading DATA is not."""
import sys
import time

START = time.monotonic()

import json                                                 # noqa: E402

from openpyxl import Workbook                               # noqa: E402
from openpyxl.chart import (BarChart, LineChart, PieChart,  # noqa: E402
                            Reference, Series)
from openpyxl.chart.label import DataLabelList              # noqa: E402
from openpyxl.styles import (Alignment, Border, Font,       # noqa: E402
                             PatternFill, Side)
from openpyxl.worksheet.pagebreak import Break              # noqa: E402

CHARTS = {'BarChart': BarChart, 'LineChart': LineChart, 'PieChart': PieChart}


class Style:
    """What a cell is given, made once for all that have it."""

    def __init__(self, plain):
        f = plain['font']
        self.font = Font(name=f['name'], size=f['size'], bold=f['bold'],
                         color=f['colour'])
        self.fill = plain['fill'] and PatternFill('solid', plain['fill'])
        self.border = plain['border'] and Border(
            **{side: Side(style=line)
               for side, line in plain['border'].items() if line})
        self.alignment = Alignment(plain['across'], plain['down'],
                                   wrap_text=plain['wrap'])
        self.format = plain['format']

    def give(self, cell):
        cell.font, cell.alignment = self.font, self.alignment
        if self.fill:
            cell.fill = self.fill
        if self.border:
            cell.border = self.border
        if self.format != 'General':
            cell.number_format = self.format


def chart(plain):
    c = CHARTS[plain['kind']]()
    c.title = plain['title']
    if plain['direction']:
        c.type = plain['direction']
    for s in plain['series']:
        values = Series(Reference(worksheet=None, range_string=s['values']),
                        title=None)
        if s['colour']:
            values.graphicalProperties.solidFill = s['colour']
        if s['shows_values']:
            values.dLbls = DataLabelList(showVal=True)
        c.series.append(values)
    if plain['series'][0]['labels']:
        c.set_categories(Reference(range_string=plain['series'][0]['labels']))
    return c


def page(ws, plain):
    ws.page_setup.orientation = ('landscape' if plain['landscape']
                                 else 'portrait')
    ws.page_setup.paperSize = plain['paper']
    ws.page_setup.fitToHeight = 0
    ws.sheet_properties.pageSetUpPr.fitToPage = True
    ws.print_options.horizontalCentered = True
    ws.oddHeader.center.text = plain['header']
    ws.oddFooter.center.text = plain['footer']
    ws.print_title_rows = plain['titles']
    for n in plain['breaks']:
        ws.row_breaks.append(Break(n))


def fill(ws, plain, styles):
    for n, row in enumerate(plain['cells'], 1):
        for k, (value, style) in enumerate(row, 1):
            if value is None and style is None:
                continue
            cell = ws.cell(n, k, value)
            if style is not None:
                styles[style].give(cell)
    for area in plain['merged']:
        ws.merge_cells(area)
    for column, width in plain['widths'].items():
        ws.column_dimensions[column].width = width
    for n, height in plain['heights'].items():
        ws.row_dimensions[int(n)].height = height
    ws.freeze_panes = plain['frozen']
    page(ws, plain)
    for c in plain['charts']:
        ws.add_chart(chart(c), ws.cell(c['row'], c['column']).coordinate)


def main():
    reading = time.monotonic()
    with open(sys.argv[1], encoding='utf-8') as f:
        plain = json.load(f)
    read = time.monotonic() - reading
    book = Workbook()
    book.remove(book.active)
    styles = [Style(s) for s in plain['styles']]
    for sheet in plain['sheets']:
        fill(book.create_sheet(sheet['name']), sheet, styles)
    book.save(sys.argv[2])
    print(f'{time.monotonic() - START - read:.4f} s')


main()
