#!/usr/bin/python3
"""内部资料, 工作秘密, 注意保存, 不予公开 are no state secrets: such an item is
taken in and counted, its mark is carried, and its title is not published."""
import atexit
import functools
import io
import shutil
import tempfile
import zipfile

import openpyxl

from mails import TEXT, docx, mail
from office import Office
from tap import equal, finish, test, true

NOW = '2019-03-20 17:00'
END = '2019-04-02 09:00'
OTHER = 'swj@tancheng.example'
WITHHELD = '（标题不公开）'
HEADER = ('<?xml version="1.0" encoding="UTF-8"?><w:hdr xmlns:w="http://schemas'
          '.openxmlformats.org/wordprocessingml/2006/main"><w:p><w:r><w:t>{}'
          '</w:t></w:r></w:p></w:hdr>')
BOX = ('</w:t></w:r></w:p><w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-'
       'microsoft-com:vml"><v:textbox><w:txbxContent><w:p><w:r><w:t>{}</w:t>'
       '</w:r></w:p></w:txbxContent></v:textbox></v:shape></w:pict></w:r>'
       '</w:p><w:p><w:r><w:t>')


def with_header(text, header):
    """A Word file with a header on each page."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(docx(text))) as old, \
            zipfile.ZipFile(out, 'w') as new:
        for name in old.namelist():
            data = old.read(name).decode()
            if name == '[Content_Types].xml':
                data = data.replace('</Types>', (
                    '<Override PartName="/word/header1.xml" ContentType="'
                    'application/vnd.openxmlformats-officedocument.'
                    'wordprocessingml.header+xml"/></Types>'))
            new.writestr(name, data)
        new.writestr('word/header1.xml', HEADER.format(header))
        new.writestr('word/_rels/document.xml.rels', (
            '<?xml version="1.0"?><Relationships xmlns="http://schemas.'
            'openxmlformats.org/package/2006/relationships"><Relationship '
            'Id="rId1" Type="http://schemas.openxmlformats.org/officeDocument/'
            '2006/relationships/header" Target="header1.xml"/>'
            '</Relationships>'))
    return out.getvalue()


# title: (what the register shall say, body of the mail, draft)
ITEMS = {
    '直达资金监管全面加强': (None, '请查收。', docx(TEXT)),
    '某局加强工作秘密保护工作': (
        None, '', docx('某局加强工作秘密保护工作\n内部资料实行专人保管。' + TEXT)),
    '库款调度暗访发现问题': ('不予公开', '公开属性：不予公开\n联系人：张敏', docx(TEXT)),
    '隐性债务化解进展情况': ('内部资料', '', docx('内部资料　注意保存\n' + TEXT)),
    '专户清理核查情况': ('内部资料', '公开属性：主动公开',
                 docx('【内部资料】\n专户清理核查情况\n' + TEXT)),
    '工资发放风险研判': ('工作秘密', '', with_header(TEXT, '工 作 秘 密')),
    '基金运行压力测试': ('注意保存', '', docx('基金运行\n' + BOX.format('注意保存')
                                  + TEXT)),
    '预算单位意见汇总': ('依申请公开', '公开属性：依申请公开', docx(TEXT)),
}
KEPT = [title for title, item in ITEMS.items() if item[0]]
SHOWN = [title for title in ITEMS if title not in KEPT]


def send(o, title, body, word, at='2019-03-05 09:00'):
    o.deliver(mail(f'{title}-县财政局-张敏-0539-6201001', body,
                   files=[('稿件.docx', word)]), at)


def new_office():
    folder = tempfile.mkdtemp(prefix='baosong-openness-')
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    o = Office(folder)
    o.set_up()
    return o


@functools.cache
def office():
    """All of them taken in and adopted."""
    o = new_office()
    o.must('desk', f'信息员 税务局 李华 {OTHER} 0539-6202002')
    for n, (title, (_, body, word)) in enumerate(ITEMS.items()):
        send(o, title, body, word, f'2019-03-05 09:{n:02}')
    o.poll(now=NOW)
    for number in numbers(o).values():
        o.must('desk', f'标注 {number} 普刊 2019-03-12', now=NOW)
    return o


def numbers(o):
    return {s['title']: s['number'] for s in o.json('list', '2019-03')}


def everything(book):
    """All that stands in a file of the bulletin, inflated."""
    with zipfile.ZipFile(io.BytesIO(book)) as z:
        return b''.join(name.encode() + z.read(name)
                        for name in z.namelist()).decode('utf-8', 'replace')


def attached(o, subject):
    return [(m['To'], part.get_filename(), part.get_content())
            for m in o.sent() if subject in (m['Subject'] or '')
            for part in m.iter_attachments()]


@test('what each bears is found, and what only speaks of it is not (section 5, 8)')
def _():
    o = office()
    equal({s['title']: s['openness'] for s in o.json('list', '2019-03')},
          {title: item[0] for title, item in ITEMS.items()})


@test('staff see it: show, list, the answer to 查询, the ledger')
def _():
    o = office()
    n = numbers(o)
    kept = n['隐性债务化解进展情况']
    true('公开属性：内部资料（通报不列标题）' in o.must('desk', f'查询 {kept}').out)
    true('公开属性' not in o.must('desk', f'查询 {n[SHOWN[0]]}').out)
    true('内部资料' in o.must('show', kept).out)
    equal(o.json('show', kept)['openness'], '内部资料')
    path = f'{o.folder}/ledger.xlsx'
    o.must('ledger', '2019-03', '-o', path)
    sheet = openpyxl.load_workbook(path)['台账']
    rows = list(sheet.values)
    at = next(row.index('提示') for row in rows if '提示' in row)
    said = {row[2]: row[at] or '' for row in rows}
    for title, item in ITEMS.items():
        equal('公开属性：' + item[0] in said[title] if item[0]
              else '公开属性' in said[title], bool(item[0]), title)


@test('the bulletin has no such title, and every one of them is counted')
def _():
    o = office()
    n = numbers(o)
    for title in ('直达资金监管全面加强', '库款调度暗访发现问题'):
        o.must('desk', f'标注 {n[title]} 雷同 2019-03-13', now=NOW)
    o.must('bulletin', '2019-03', '--publish', '-o', f'{o.folder}/b.xlsx',
           now=END)
    o.poll(now=END)
    files = attached(o, '采用情况的通报')
    equal(sum(to == OTHER for to, _, _ in files), 2, 'workbook and 通报')
    distinct = {data for _, _, data in files}
    with open(f'{o.folder}/b.xlsx', 'rb') as f:
        distinct.add(f.read())
    with open(f'{o.folder}/b.docx', 'rb') as f:
        distinct.add(f.read())
    for data in distinct:
        text = everything(data)
        for title in KEPT:
            true(title not in text, title)
        for title in SHOWN:
            true(title in text, title)
        true(WITHHELD in text)
    book = openpyxl.load_workbook(f'{o.folder}/b.xlsx')
    rows = [[c.value for c in row] for row in book['采用目录'].iter_rows()]
    listed = {row[2]: row for row in rows if row[2] in n.values()}
    for title, number in n.items():
        equal(listed[number][3], WITHHELD if title in KEPT else title)
        equal(listed[number][4:], listed[n[SHOWN[0]]][4:], 'but for the title')
    said = [str(row[4]) for row in book['表扬批评'].values]
    true(any(WITHHELD in text and SHOWN[0] in text for text in said), said)
    for m in o.sent():
        if '采用情况的通报' in (m['Subject'] or ''):
            body = m.get_body(('plain',)).get_content()
            true(not any(title in body for title in KEPT), body)


@test('a version sent later does not lift it, the desk does')
def _():
    o = new_office()
    send(o, '库款调度暗访发现问题', '', docx(TEXT), '2019-03-05 09:00')
    o.poll(now=NOW)
    o.must('desk', '改 2019-0001 公开属性=不予公开', now=NOW)
    send(o, '库款调度暗访发现问题', '更正联系方式。', docx(TEXT), '2019-03-06 09:00')
    o.poll(now=NOW)
    shown = o.json('show', '2019-0001')
    equal((shown['version'], shown['openness']), (2, '不予公开'))
    o.must('desk', '标注 2019-0001 普刊 2019-03-12', now=NOW)
    for openness, printed in (('不予公开', WITHHELD), ('主动公开', '库款调度暗访发现问题')):
        o.must('desk', f'改 2019-0001 公开属性={openness}', now=NOW)
        o.must('bulletin', '2019-03', '-o', f'{o.folder}/b.xlsx', now=NOW)
        book = openpyxl.load_workbook(f'{o.folder}/b.xlsx')
        true(printed in [r[3] for r in book['采用目录'].values], openness)


@test('of a held mail 受理 may say it, as its list of fields does')
def _():
    o = new_office()
    o.deliver(mail('库款调度暗访发现问题-县某某局-张敏-0539-6201001',
                   '公开属性：不予公开', files=[('稿件.docx', docx(TEXT))]),
              '2019-03-05 09:00')
    o.poll(now=NOW)
    equal([m['handle'] for m in o.json('held')], ['待-1'])
    o.must('desk', '受理 待-1 标题=库款调度暗访发现问题 单位=财政局 签发人=李强 '
           '公开属性=主动公开', now=NOW)
    equal(o.json('show', '2019-0001')['openness'], '主动公开')
    true('签发人、公开属性' in o.run('desk', '改 2019-0001 题目=新').out)


@test('what was sent to a unit about its own item names it')
def _():
    o = office()
    receipts = o.sent(to='czj@tancheng.example')
    for title, (openness, _, _) in ITEMS.items():
        mine = [m for m in receipts if title in m['Subject']]
        equal(len(mine), 1, title)
        for kind in ('plain', 'html'):
            text = mine[0].get_body((kind,)).get_content()
            equal('（通报不列标题）' in text, openness is not None, title)
            true((openness or '') in text, title)


finish()
