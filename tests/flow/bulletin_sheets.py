#!/usr/bin/python3
"""The bulletin workbook read by openpyxl and by LibreOffice, cell by cell.

Uses build/VARIANT/tools/write_bulletin, which also prints what must be found;
$VARIANT is release unless given.
"""
import json
import os
import shutil
import subprocess
import sys
import tempfile
import zipfile
from decimal import Decimal

import openpyxl

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VARIANT = os.environ.get("VARIANT", "release")
TOOL = os.path.join(ROOT, "build", VARIANT, "tools", "write_bulletin")
SHEETS = ["通报", "采用目录", "约稿完成情况", "扣分情况", "任务完成情况",
          "图表", "说明"]
CELL = 32767        # characters of a cell at most

results = []


def check(name, problem):
    results.append(not problem)
    n = len(results)
    print(f"{'not ok' if problem else 'ok'} {n} - {name}")
    if problem:
        print(f"# {problem}")


def skip(name, why):
    results.append(True)
    print(f"ok {len(results)} - {name} # SKIP {why}")


def columns(sheet):
    """Two-level header: {heading: column}, merged cells by their first."""
    found = {}
    for cell in sheet[3] + sheet[4]:
        if cell.value:
            found.setdefault(str(cell.value).split("\n")[0], cell.column)
    return found


def unit_rows(sheet, columns_):
    return {sheet.cell(r, columns_["单位"]).value.strip(): r
            for r in range(5, sheet.max_row + 1)
            if sheet.cell(r, columns_["单位"]).value}


def wrong_rows(sheet, want):
    """The first figure of 通报 that is not the one given, or None."""
    where = columns(sheet)
    rows = unit_rows(sheet, where)
    for row in want["rows"]:
        shown = row["standing"] != 3
        if (row["unit"] in rows) != shown:
            return f"{row['unit']} shown: {not shown}"
        if not shown:
            continue
        r = rows[row["unit"]]
        expect = {"报送": row["submitted"], "采用": row["adopted"]}
        for item, n in row["counts"].items():
            expect["报送 " if item == "报送" else item] = n
        for heading, n in expect.items():
            column = where.get(heading)
            if heading == "报送 ":
                column = second(sheet, "报送")
            if column and sheet.cell(r, column).value != n:
                return f"{row['unit']} {heading}: {sheet.cell(r, column).value}, not {n}"
            if not column and n:
                return f"no column for {heading}"
        for heading, key in (("本期得分", "points"), ("调整", "adjustment"),
                             ("累计得分", "to_date")):
            value = sheet.cell(r, where[heading]).value
            given = Decimal(row[key]) if row["standing"] != 2 else None
            if given is None and value is not None:
                return f"{row['unit']} {heading} is not blank"
            if given is not None and Decimal(str(value)) != given:
                return f"{row['unit']} {heading}: {value}, not {given}"
        rank = row["rank"] or None
        if sheet.cell(r, where["排名"]).value != rank:
            return f"{row['unit']} rank"
    return None


def second(sheet, heading):
    """The column of an item whose heading is also that of a total."""
    return [c.column for c in sheet[4] if c.value == heading][0]


def wrong_print(book):
    for sheet in book.worksheets:
        if int(sheet.page_setup.paperSize) != 9:
            return f"{sheet.title}: not A4"
        if not sheet.sheet_properties.pageSetUpPr.fitToPage:
            return f"{sheet.title}: not fitted to the width"
        if "&P" not in (sheet.oddFooter.center.text or ""):
            return f"{sheet.title}: no page number"
        if sheet.title not in ("图表", "说明"):
            if not sheet.print_title_rows or not sheet.freeze_panes:
                return f"{sheet.title}: header not repeated or not frozen"
    return None


def wrong_titles(sheet, want):
    got = [sheet.cell(r, 4) for r in range(3, 3 + len(want["titles"]))]
    for cell, title in zip(got, want["titles"]):
        title = title if len(title) <= CELL else title[:CELL - 1] + "…"
        if cell.data_type != "s" or cell.value != title:
            return f"{cell.value!r:.60} ({cell.data_type}) for {title!r:.60}"
        if cell.hyperlink:
            return f"{title!r:.60} is a link"
    return None


def wrong_package(path):
    with zipfile.ZipFile(path) as z:
        if z.testzip():
            return f"checksum of {z.testzip()}"
        for name in z.namelist():
            data = z.read(name)
            if name.startswith("xl/worksheets/") and b"<f>" in data:
                return f"a formula in {name}"
            if b"hyperlink" in data or "external" in name:
                return f"a link in {name}"
        charts = [n for n in z.namelist() if n.startswith("xl/charts/chart")]
        if len(charts) < 3:
            return f"{len(charts)} charts"
    return None


def libreoffice(path, folder, kind):
    profile = os.path.join(folder, "profile")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{profile}",
                    "--headless", "--convert-to", kind, "--outdir",
                    os.path.join(folder, "out"), path], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    stem = os.path.splitext(os.path.basename(path))[0]
    return os.path.join(folder, "out", f"{stem}.{kind.split(':')[0]}")


def with_libreoffice(path, folder, want):
    if not shutil.which("soffice"):
        skip("LibreOffice reads the same cells", "no soffice")
        skip("it prints", "no soffice")
        return
    again = openpyxl.load_workbook(libreoffice(path, folder, "xlsx"))
    check("LibreOffice has the sheets", again.sheetnames != SHEETS
          and str(again.sheetnames))
    check("LibreOffice reads the same cells", wrong_rows(again["通报"], want))
    check("LibreOffice reads the same titles",
          wrong_titles(again["采用目录"], want))
    pdf = libreoffice(path, folder, "pdf")
    if not shutil.which("pdftotext"):
        skip("it prints", "no pdftotext")
        return
    text = subprocess.run(["pdftotext", "-layout", pdf, "-"], check=True,
                          stdout=subprocess.PIPE).stdout.decode()
    pages = text.split("\f")
    check("the title is on the first page",
          "关于2019年3月份全县政务信息采用情况的通报" not in pages[0]
          and pages[0][:200])
    check("the header is repeated on the second page",
          not ("排名" in pages[1] and "累计得分" in pages[1])
          and pages[1][:200])


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "bulletin.xlsx")
        out = subprocess.run([TOOL, os.path.join(ROOT, "templates"), path],
                             check=True, stdout=subprocess.PIPE).stdout
        want = json.loads(out)
        book = openpyxl.load_workbook(path)
        check("sheets", book.sheetnames != SHEETS and str(book.sheetnames))
        check("figures of 通报 are those given", wrong_rows(book["通报"], want))
        check("titles of 采用目录 are those given, as text (F14)",
              wrong_titles(book["采用目录"], want))
        check("prints on A4, fitted, numbered, header repeated",
              wrong_print(book))
        check("no formula, no link, charts are there", wrong_package(path))
        check("the time in the file is the one given (F12r)",
              str(book.properties.created) != "2019-04-01 01:00:00"
              and str(book.properties.created))
        check("left alone: only the workbook", os.listdir(folder)
              != ["bulletin.xlsx"] and str(os.listdir(folder)))
        with_libreoffice(path, folder, want)
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
