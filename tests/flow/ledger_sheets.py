#!/usr/bin/python3
"""The ledger workbook read by openpyxl, and again after LibreOffice saved it.

Uses build/VARIANT/tools/write_ledger; $VARIANT is release unless given.
"""
import datetime
import os
import shutil
import subprocess
import sys
import tempfile

import openpyxl

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(os.path.abspath(__file__))))
VARIANT = os.environ.get("VARIANT", "release")
TOOL = os.path.join(ROOT, "build", VARIANT, "tools", "write_ledger")
HEAD = ["编号", "收到时间", "标题", "单位", "报送人", "电话", "类别", "字数",
        "查重", "状态", "标注1", "日期1", "标注2", "日期2", "标注3", "日期3",
        "备注", "提示", "稿件"]
ROWS = [
    ["2019-0001", datetime.datetime(2019, 3, 5, 9, 12),
     "我县扎实推进财政资金直达基层", "县财政局", "张敏", "05396201001",
     "一般性信息", 386, None, "已受理"] + [None] * 8
    + ["财政资金直达基层.docx"],
    ["2019-0002", datetime.datetime(2019, 3, 6, 10, 22),
     '=HYPERLINK("http://example.com")', "县农业农村局、县畜牧发展促进中心",
     "李强", "6201234", None, 523, "2019-0001 86%", "已受理", "普刊",
     datetime.datetime(2019, 3, 12), None, None, None, None, "联合报送",
     "新收、篇幅偏长、发件邮箱未备案", "@SUM(A1).doc"],
    ["2019-0003", datetime.datetime(2019, 3, 7, 0, 0),
     "关于优化营商环境、推进“一次办好”改革情况的调研报告——"
     "以郯城经济开发区项目落地全流程服务为例", "郯城经济开发区", "王\ufffd",
     "0539-6205678 6205679", None, 1986, None, "已退稿", "普刊",
     datetime.datetime(2019, 3, 12), "简讯", datetime.datetime(2019, 3, 13),
     None, None, None, "新收", None],
]
results = []


def check(name, problem):
    results.append(not problem)
    n = len(results)
    print(f"{'not ok' if problem else 'ok'} {n} - {name}")
    if problem:
        print(f"# {problem}")


def wrong_cells(book):
    sheet = book["台账"]
    head = [c.value for c in sheet[1]]
    if head != HEAD:
        return str(head)
    for r, want in enumerate(ROWS, 2):
        for c, value in zip(sheet[r], want):
            if c.value != value or c.data_type == "f":
                return f"{c.coordinate}: {c.value!r}, not {value!r}"
    return None


def wrong_lists(book):
    sheet = book["清单"]
    if sheet.sheet_state == "visible":
        return "the lists are seen"
    if [sheet.cell(r, 1).value for r in (1, 7)] != ["报送", "县领导批示"]:
        return "items"
    if sheet.cell(1, 2).value != "7d3f-42":
        return "token"
    rules = {(str(v.sqref), v.type, v.formula1)
             for v in book["台账"].data_validations.dataValidation}
    for column in "KMO":
        if not any(s == f"{column}2:{column}4" and t == "list"
                   and f.replace("'", "") in ("清单!$A$1:$A$7",
                                              "$清单.$A$1:$A$7")
                   for s, t, f in rules):
            return f"no drop-down list in {column}: {rules}"
    for column in "LNP":
        if not any(s == f"{column}2:{column}4" and t == "date"
                   for s, t, _ in rules):
            return f"{column} takes more than dates: {rules}"
    return None


def wrong_form(book):
    sheet = book["台账"]
    if sheet.auto_filter.ref != "A1:S4":
        return f"filter {sheet.auto_filter.ref}"
    if sheet.freeze_panes != "D2" or not sheet.print_title_rows:
        return "header not frozen or not repeated"
    if sheet.page_setup.orientation != "landscape":
        return "not across"
    if "2019年3月份政务信息报送台账" not in sheet.oddHeader.center.text:
        return f"header {sheet.oddHeader.center.text}"
    colours = [sheet[c].fill.fgColor.rgb[-6:] for c in ("C2", "K2")]
    return str(colours) if colours != ["F2F2F2", "FFFBE6"] else None


def wrong_colours(book):
    """Colours must follow the content of a row, so that sorting moves them."""
    found = {}
    for where in book["台账"].conditional_formatting:
        for rule in where.rules:
            fill = rule.dxf.fill and rule.dxf.fill.bgColor.rgb[-6:]
            gone = rule.dxf.font is not None and rule.dxf.font.strike
            found[str(where.sqref).split(":")[0], rule.formula[0].replace(
                " ", "")] = "gone" if gone else fill
    want = {("A2", 'LEFT($R2,LEN("新收"))="新收"'): "DDEBF7",
            ("I2", "LEN($I2)>0"): "FCE4D6",
            ("R2", 'AND(LEN($R2)>0,$R2<>"新收")'): "FCE4D6",
            ("H2", 'ISNUMBER(FIND("篇幅偏长",$R2))'): "FCE4D6",
            ("E2", 'ISNUMBER(FIND("发件邮箱未备案",$R2))'): "FCE4D6",
            ("A2", '$J2="已退稿"'): "gone"}
    return None if found == want else str(found)


def wrong_legend(book):
    text = "\n".join(str(c.value) for row in book["填写说明"] for c in row
                     if c.value)
    for word in ("橙色", "黄色", "蓝色", "删除线", "补录", "发回报送邮箱"):
        if word not in text:
            return f"no {word}"
    return None


def saved_by_libreoffice(path, folder):
    profile = os.path.join(folder, "profile")
    subprocess.run(["soffice", f"-env:UserInstallation=file://{profile}",
                    "--headless", "--convert-to", "xlsx", "--outdir",
                    os.path.join(folder, "out"), path], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return openpyxl.load_workbook(
        os.path.join(folder, "out", os.path.basename(path)))


def main():
    with tempfile.TemporaryDirectory() as folder:
        path = os.path.join(folder, "ledger.xlsx")
        subprocess.run([TOOL, os.path.join(ROOT, "templates"), path],
                       check=True)
        book = openpyxl.load_workbook(path)
        check("cells, dates as dates, text as text", wrong_cells(book))
        check("drop-down lists, hidden token", wrong_lists(book))
        check("filter, frozen header, colours, print", wrong_form(book))
        check("colours follow what a row says", wrong_colours(book))
        check("the colours are explained", wrong_legend(book))
        if shutil.which("soffice"):
            again = saved_by_libreoffice(path, folder)
            check("cells after LibreOffice", wrong_cells(again))
            check("lists after LibreOffice", wrong_lists(again))
            check("colours after LibreOffice", wrong_colours(again))
        else:
            results.append(True)
            print(f"ok {len(results)} - after LibreOffice # SKIP no soffice")
    print(f"1..{len(results)}")
    return 0 if all(results) else 1


sys.exit(main())
