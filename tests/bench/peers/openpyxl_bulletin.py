#!/usr/bin/python3
"""openpyxl_bulletin.py FILE.xlsx - a table of 100 units and 30 columns, a
total, frozen panes, bars in the cells and four charts.  Prints "SECONDS s"."""
import sys
import time

START = time.monotonic()

from openpyxl import Workbook                               # noqa: E402
from openpyxl.chart import BarChart, Reference              # noqa: E402
from openpyxl.formatting.rule import DataBarRule            # noqa: E402
from openpyxl.styles import Alignment, Border, Font, Side   # noqa: E402

LINE = Side(style='thin')
BORDER = Border(LINE, LINE, LINE, LINE)
UNITS, COLUMNS = 100, 30


def table(sheet):
    sheet.merge_cells(start_row=1, end_row=1, start_column=1,
                      end_column=COLUMNS)
    sheet['A1'] = '政务信息工作情况通报'
    sheet['A1'].font = Font(bold=True, size=18)
    for n in range(COLUMNS):
        cell = sheet.cell(2, n + 1, f'指标{n}' if n else '单位')
        cell.font, cell.border = Font(bold=True), BORDER
        cell.alignment = Alignment(horizontal='center', wrap_text=True)
    for row in range(UNITS):
        sheet.cell(row + 3, 1, f'第{row:03}单位办公室').border = BORDER
        for n in range(1, COLUMNS - 1):
            cell = sheet.cell(row + 3, n + 1, (row * 37 + n * 11) % 97)
            cell.border, cell.number_format = BORDER, '0.0'
        sheet.cell(row + 3, COLUMNS,
                   f'=SUM(B{row + 3}:AC{row + 3})').border = BORDER
    sheet.freeze_panes = 'B3'
    sheet.auto_filter.ref = f'A2:AD{UNITS + 2}'
    sheet.conditional_formatting.add(
        f'B3:AC{UNITS + 2}',
        DataBarRule('min', None, 'max', None, color='638EC6'))


def charts(book, sheet):
    page = book.create_sheet('图表')
    for n in range(4):
        chart = BarChart()
        chart.title = '采用情况'
        chart.add_data(Reference(sheet, min_col=n + 2, min_row=3, max_row=22))
        chart.set_categories(Reference(sheet, min_col=1, min_row=3,
                                       max_row=22))
        page.add_chart(chart, f'A{n * 16 + 1}')


book = Workbook()
table(book.active)
charts(book, book.active)
book.save(sys.argv[1])
print(f'{time.monotonic() - START:.4f} s')
