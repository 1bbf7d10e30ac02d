"""A workbook worked on in LibreOffice Calc itself, by its own interface, as a
clerk would with the mouse."""
import contextlib
import os
import subprocess
import time

from tap import Skip

try:
    import uno
    from com.sun.star.beans import PropertyValue
    from com.sun.star.table import TableSortField
except ImportError:
    uno = None

WAIT = 60           # seconds for LibreOffice to come up
FILTER = 'Calc MS Excel 2007 XML'


def option(name, value):
    return PropertyValue(name, 0, value, 0)


class Sheet:
    def __init__(self, sheet):
        self.sheet = sheet
        cursor = sheet.createCursor()
        cursor.gotoEndOfUsedArea(False)
        area = cursor.RangeAddress
        self.rows, self.columns = area.EndRow, area.EndColumn
        self.head = [self.cell(k, 0).String for k in range(self.columns + 1)]

    def cell(self, column, row):
        return self.sheet.getCellByPosition(column, row)

    def column(self, heading):
        """What stands in a column now, from top to bottom."""
        k = self.head.index(heading)
        return [self.cell(k, n).String for n in range(1, self.rows + 1)]

    def sort(self, heading):
        """Descending, cells alone: their formats stay where they are."""
        key = TableSortField()
        key.Field, key.IsAscending = self.head.index(heading), False
        fields = uno.Any('[]com.sun.star.table.TableSortField', (key,))
        self.sheet.getCellRangeByPosition(
            0, 0, self.columns, self.rows).sort((
                option('SortFields', fields), option('ContainsHeader', True),
                option('BindFormatsToContent', False)))

    def type(self, number, heading, text):
        """As at the keyboard: a date becomes a date."""
        row = self.column('编号').index(number) + 1
        self.cell(self.head.index(heading), row).FormulaLocal = text

    def hide(self, heading):
        columns = self.sheet.Columns
        columns.getByIndex(self.head.index(heading)).IsVisible = False


def connect(name):
    local = uno.getComponentContext()
    resolver = local.ServiceManager.createInstanceWithContext(
        'com.sun.star.bridge.UnoUrlResolver', local)
    end = time.monotonic() + WAIT
    while True:
        try:
            return resolver.resolve(
                f'uno:pipe,name={name};urp;StarOffice.ComponentContext')
        except Exception:
            if time.monotonic() > end:
                raise
            time.sleep(0.2)


@contextlib.contextmanager
def opened(path, sheet, out):
    """A Sheet of the workbook at `path`; saved as `out` in the end."""
    if not uno:
        raise Skip('no python3-uno')
    name = f'baosong{os.getpid()}'
    profile = f'{os.path.dirname(path)}/profile'
    process = subprocess.Popen(
        ['soffice', f'-env:UserInstallation=file://{profile}', '--headless',
         '--norestore', f'--accept=pipe,name={name};urp;'],
        stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        context = connect(name)
        desktop = context.ServiceManager.createInstanceWithContext(
            'com.sun.star.frame.Desktop', context)
        book = desktop.loadComponentFromURL(f'file://{path}', '_blank', 0,
                                            (option('Hidden', True),))
        yield Sheet(book.Sheets.getByName(sheet))
        book.storeToURL(f'file://{out}', (option('FilterName', FILTER),))
        book.close(True)
        with contextlib.suppress(Exception):  # it hangs up while answering
            desktop.terminate()
        process.wait(WAIT)
    finally:
        process.kill()
        process.wait()
