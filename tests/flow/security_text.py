#!/usr/bin/python3
"""What strangers write, in everything that we write: letters, workbooks, the
通报, names of files, JSON, logs, the terminal (B4, B5, B9, F14)."""
import base64
import io
import json
import os
import re
import subprocess
import unicodedata
import zipfile
from html.parser import HTMLParser
from xml.etree import ElementTree

import openpyxl

from mails import UNIT, docx, draft, mail, order
from office import STAFF, Office, parse, text_of, tree
from servers import tempdir
from tap import equal, finish, test, true

AT = '2019-03-05 09:00'
PEOPLE = '-县财政局-张敏-0539-6201001'

# As a title, a name, a remark, a file name.
HOSTILE = [
    "=cmd|'/C calc'!A0", '=HYPERLINK("http://evil.example","x")', '+1+1',
    '-2+3', '@SUM(1+1)', '\t=1+1', '\r=1+1', '\n=1+1', '＝1+1', '＋1+1',
    '－2+3', '＠SUM(1)', '﹢1', '﹦1', "'=1+1", '"=1+1"', '==1',
    'http://evil.example/a', 'https://evil.example', 'file:///etc/passwd',
    '\\\\evil.example\\share', 'mailto:a@evil.example', 'internal:Sheet1!A1',
    '<script>alert(1)</script>', '"><img src=x onerror=alert(1)>',
    '</td></tr></table>', '&lt;b&gt;', '&#60;b&#62;', '{{subject}}',
    '{{{title}}}', '{{#units}}x{{/units}}', '{{> parts/x}}', '{=1}',
    'x\r\nBcc: evil@evil.example', 'x\n\nbody', 'x\u2028y\u2029z', 'x\x0by',
    '甲\u202etxt.exe', '\u2066甲\u2069', '甲\u200b乙', '\u3164', '\u115f甲',
    '甲\ufe0f', '\ufeff甲', '甲\u00ad乙', '甲\u061c乙', '\U000e0041甲',
    '合法\0攻击', '\x1b[31m红\x1b[0m', '\x9b31m', '%n%s%x', '%', '_', '*',
    "'; DROP TABLE message; --", '\\', '\\x00', '../../etc/cron.d/x',
    '..\\..\\x', '/abs', 'C:\\x', 'CON', 'con.docx', 'NUL', 'COM1', 'LPT9.x',
    'x.', 'x ', ' x', '.', '..', '.hidden', 'a:b', 'a|b', 'a<b>c?d*e"f',
    '甲' * 400, '😀' * 90, 'a' * 1000, '𠮷䶮镕', 'ﬁ①', 'Ａ１',
]
RESERVED = {'con', 'prn', 'aux', 'nul',
            *(f'{n}{k}' for n in ('com', 'lpt') for k in range(1, 10))}
SHOWN = set('\n')


def is_hidden(c):
    """What is not seen, or turns what is seen around."""
    return (unicodedata.category(c) in ('Cc', 'Cf', 'Cs', 'Co', 'Zl', 'Zp')
            or c in '\u115f\u1160\u3164\uffa0\ufe0f') and c != '\u200d'


def hidden_in(text, allowed=SHOWN):
    return sorted({f'U+{ord(c):04X}' for c in text
                   if is_hidden(c) and c not in allowed})


class World:
    """One office in which everything hostile has happened."""
    office = None
    folder = None

    @classmethod
    def make(cls):
        if cls.office is None:
            cls.folder = tempdir()
            o = Office(cls.folder.__enter__(), more='replies-per-day: 1000\n')
            o.set_up()
            cls.office, cls.said = o, []
            cls.deliver(o)
            cls.said.append(o.must('-v', 'poll'))
            cls.enter(o)
            cls.publish(o)
        return cls.office

    @staticmethod
    def deliver(o):
        for n, text in enumerate(HOSTILE):
            o.deliver(draft(f'x{n}').replace(
                f'Subject: x{n}'.encode(),
                b'Subject: ' + encoded(f'{text}进展{PEOPLE}')),
                AT, f'title-{n:03}')
            o.deliver(mail(f'事项{n}{PEOPLE}', files=[('NAME', docx(f'{n}。'))])
                      .replace(b'filename="NAME"', b'filename="'
                               + encoded(text + '.docx') + b'"'),
                      AT, f'file-{n:03}')
            o.deliver(draft(f'第{n}件事{PEOPLE}', text=f'增长{n}%。').replace(
                f'From: {UNIT}'.encode(),
                b'From: ' + encoded(text) + f' <{UNIT}>'.encode()),
                AT, f'name-{n:03}')
            o.deliver(order(f'补录 财政局 {n}号{one_line(text)}\n'
                            f'{one_line(text)}\n', subject='命令'),
                      '2019-03-20 09:00', f'order-{n:03}')

    @classmethod
    def enter(cls, o):
        """The same by hand, where a field can be given exactly."""
        lines = []
        numbers = [s['number'] for s in o.json('list', '2019')]
        for n, text in enumerate(HOSTILE):
            line, number = one_line(text), numbers[n % len(numbers)]
            lines += [f'改 {number} 标题={line}', f'改 {number} 报送人={line}',
                      f'标注 {number} 普刊 2019-03-12 {line}',
                      f'改 {number} 备注={line}', f'{line}']
        cls.said.append(o.run('-v', 'desk', '-', stdin='\n'.join(lines),
                              now='2019-03-20 18:00'))

    @classmethod
    def publish(cls, o):
        cls.said += [
            o.must('-v', 'ledger', '2019-03', '-o', f'{o.folder}/l.xlsx'),
            o.must('-v', 'bulletin', '2019-03', '--publish', '-o',
                   f'{o.folder}/b.xlsx', now='2019-04-01 09:00'),
            o.must('-v', 'desk', '台账', '2019-03', now='2019-04-01 09:05'),
            o.must('-v', 'poll', now='2019-04-01 09:10')]


def one_line(text):
    return re.sub(r'[\r\n\0]', '', text)


def encoded(text):
    """Encoded words as a hostile sender writes them: nothing is left out."""
    out, words = text.encode('utf-8', 'surrogatepass'), []
    for at in range(0, len(out), 39):
        code = base64.b64encode(out[at:at + 39]).decode()
        words.append(f'=?utf-8?B?{code}?=')
    return '\r\n '.join(words).encode()


# ---- letters ----

FIELDS = {'From', 'To', 'Subject', 'Date', 'Message-ID', 'In-Reply-To',
          'References', 'Auto-Submitted', 'X-Auto-Response-Suppress',
          'X-Baosong-Loop', 'MIME-Version', 'Content-Type',
          'Content-Transfer-Encoding', 'Precedence', 'Content-Disposition',
          'Content-Language'}


def letters():
    o = World.make()
    return [data for copies in o.outgoing_bytes().values() for data in copies]


@test('B4 letters: exactly the fields that were meant, one recipient')
def _():
    true(len(letters()) > 200)
    for data in letters():
        head = data.split(b'\n\n', 1)[0].decode('ascii')
        names = re.findall(r'^([^\s:]+):', head, re.M)
        true(set(names) <= FIELDS, set(names) - FIELDS)
        equal(len(names), len(set(names)))
        m = parse(data)
        true(m['To'] in (UNIT, STAFF), m['To'])
        true(max(len(line) for line in head.split('\n')) <= 78)
        equal(hidden_in(str(m['Subject'])), [])
        equal([d for part in m.walk() for d in part.defects], [])


class Page(HTMLParser):
    GOOD = {'html', 'head', 'meta', 'title', 'body', 'p', 'table', 'tr', 'td',
            'th', 'thead', 'tbody', 'b', 'strong', 'br', 'div', 'span', 'ul',
            'ol', 'li', 'h1', 'h2', 'h3', 'h4', 'style', 'hr', 'em', 'small',
            'pre', 'code', 'colgroup', 'col', 'caption', 'blockquote'}

    def __init__(self):
        super().__init__(convert_charrefs=True)
        self.bad, self.text = [], []

    def handle_starttag(self, tag, attrs):
        if tag not in self.GOOD:
            self.bad.append(tag)
        self.bad += [a for a, v in attrs if a.startswith('on') or
                     a in ('href', 'src', 'action', 'background') or
                     'url(' in (v or '')]

    def handle_data(self, data):
        self.text.append(data)


@test('HTML letters: what strangers wrote is text, never a tag or a link')
def _():
    pages = 0
    for data in letters():
        for part in parse(data).walk():
            if part.get_content_type() != 'text/html':
                continue
            page = Page()
            page.feed(part.get_content().replace('\r\n', '\n'))
            equal(page.bad, [])
            equal(hidden_in(''.join(page.text)), [])
            pages += 1
    true(pages > 100, pages)


@test('B9 plain letters: nothing hidden, nothing turned around')
def _():
    for data in letters():
        part = parse(data).get_body(('plain',))
        equal(hidden_in(part.get_content().replace('\r\n', '\n')), [])


def tell_of_hidden(folder, mailed):
    o = Office(folder)
    o.set_up()
    o.deliver(mailed, AT)
    o.poll()
    number = o.json('list', '2019')[0]['number']
    true('hidden-characters' in o.must('show', number).out, mailed)
    receipt, = o.sent(UNIT)
    true('不可见' in text_of(receipt))
    equal(hidden_in(text_of(receipt).replace('\r\n', '\n')), [])


@test('B9 what was taken out is spoken of: a note to the unit and to staff')
def _():
    for mailed in (
            draft('x').replace(b'Subject: x', b'Subject: ' + encoded(
                f'春耕\u202e进展{PEOPLE}')),
            draft(f'春耕进展{PEOPLE}').replace(
                f'From: {UNIT}'.encode(),
                b'From: ' + encoded('张\u200b敏') + f' <{UNIT}>'.encode()),
            mail(f'春耕进展{PEOPLE}', files=[('NAME', docx('增长3%。'))]).replace(
                b'filename="NAME"',
                b'filename="' + encoded('稿\u202excod.exe.docx') + b'"')):
        with tempdir() as tmp:
            tell_of_hidden(tmp, mailed)


# ---- workbooks ----

def workbooks():
    """{name: bytes} of every workbook and Word file that we made."""
    o = World.make()
    out = {}
    for path, data in tree(o.folder).items():
        if path.endswith(('.xlsx', '.docx')) and '/稿件/' not in path and \
                '/mailbox/' not in path:
            out[path] = data
    for data in letters():
        for part in parse(data).iter_attachments():
            out[f'{parse(data)["Subject"]}/{part.get_filename()}'] = \
                part.get_content()
    return {name: data for name, data in out.items() if data[:2] == b'PK'}


@test('F14 workbooks: no formula, no link, nothing external, in any sheet')
def _():
    found = workbooks()
    true(len(found) >= 4, list(found))
    sheets = 0
    for name, data in found.items():
        with zipfile.ZipFile(io.BytesIO(data)) as z:
            for part in z.namelist():
                text = z.read(part)
                if not part.endswith(('.xml', '.rels')):
                    continue
                ElementTree.fromstring(text)        # whole, and valid UTF-8
                equal(hidden_in(text.decode(), '\n\r\t'), [], (name, part))
                true(b'TargetMode="External"' not in text, (name, part))
                true(b'<hyperlink' not in text and
                     b'relationships/hyperlink' not in text, (name, part))
                true('externalLink' not in part and 'vba' not in part.lower())
                if part.startswith('xl/worksheets/'):
                    sheets += 1
                    equal(re.findall(rb'<f[ >/].{0,80}', text), [])
                    true(b'ddeLink' not in text and b'oleObject' not in text)
    true(sheets >= 8, sheets)


@test('workbooks: what was written stands in the cells, as text')
def _():
    o = World.make()
    book = openpyxl.load_workbook(f'{o.folder}/l.xlsx')
    kinds = {cell.data_type for sheet in book for row in sheet
             for cell in row if cell.value is not None}
    true('f' not in kinds and 'e' not in kinds, kinds)
    cells = {str(cell.value) for row in book['台账'] for cell in row}
    for text in ('=1+1', '+1+1', '-2+3', '@SUM(1+1)', '＝1+1', '＋1+1',
                 '＠SUM(1)', '==1'):
        true(text in cells, text)


@test('workbooks: LibreOffice opens them, and finds no formula either')
def _():
    o = World.make()
    p = subprocess.run(
        ['soffice', '--headless', '--convert-to', 'fods', '--outdir',
         o.folder, f'-env:UserInstallation=file://{o.folder}/lo',
         f'{o.folder}/l.xlsx'], stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT, timeout=120)
    equal(p.returncode, 0, p.stdout)
    with open(f'{o.folder}/l.fods', encoding='utf-8') as f:
        text = f.read()
    true('table:formula' not in text)
    true('xlink:href="http' not in text.split('<office:body>')[1])


@test('no telephone number of a person in a bulletin or its 通报')
def _():
    o = World.make()
    for kind in ('xlsx', 'docx'):
        with zipfile.ZipFile(f'{o.folder}/b.{kind}') as z:
            for part in z.namelist():
                true(b'6201001' not in z.read(part), (kind, part))
    with zipfile.ZipFile(f'{o.folder}/l.xlsx') as z:    # staff's own: there
        true(any(b'6201001' in z.read(part) for part in z.namelist()))


# ---- names of files ----

def is_safe(name):
    """For Windows, for a shell, and to look at."""
    stem = name.split('.')[0].rstrip().lower()
    return not (re.search(r'[<>:"/\\|?*\x00-\x1f]', name) or
                name != name.strip() or name.endswith('.') or
                name.startswith(('.', '-', '~')) or stem in RESERVED or
                hidden_in(name, '') or len(name.encode()) > 255)


@test('names of files: safe on Windows, within their folder, seen as they are')
def _():
    o = World.make()
    names = [part for path in tree(o.data) if '稿件' in path
             for part in path[len(o.data):].strip('/').split('/')]
    names += [part.get_filename() for data in letters()
              for part in parse(data).iter_attachments()]
    true(len(names) > 100, len(names))
    equal([n for n in names if not is_safe(n)], [])
    outside = [p for p in tree(o.folder)
               if not p.startswith((o.data, o.mailbox, o.outgoing)) and
               not re.search(r'/(lo|l\.|b\.|baosong\.yaml)', p)]
    equal(outside, [])


# ---- JSON, logs, the terminal, the register ----

@test('JSON: valid, without a bare control character')
def _():
    o = World.make()
    for command in (['list', '--json', '2019'], ['held', '--json'],
                    ['scores', '--json', '2019-03'], ['status', '--json'],
                    ['show', '--json', '2019-0001']):
        r = o.must(*command)
        json.loads(r.out)
        equal(hidden_in(r.out), [], command)


@test('logs: one line an event, nothing in it that is not seen')
def _():
    World.make()
    line = re.compile(r'(debug|info|warn|error) event=[a-z0-9-]+'
                      r'( [a-z-]+=([^\s"=\\]+|"([^"\\]|\\.)*"))*$')
    seen = 0
    for r in World.said:
        for text in r.err.splitlines():
            if re.match('(debug|info|warn|error) ', text):
                true(line.match(text), repr(text))
                seen += 1
            equal(hidden_in(text), [], text)
    true(seen > 300, seen)


@test('the terminal: no escape sequence gets through')
def _():
    o = World.make()
    for command in (['list', '2019'], ['held'], ['show', '2019-0001'],
                    ['show', '2019-0009'], ['scores', '2019-03'],
                    ['explain', '财政局', '2019-03']):
        equal(hidden_in(o.must(*command).out, '\n\t'), [], command)
    equal(hidden_in(World.said[1].out, '\n\t'), [])


TURNED = '甲\u202etxt.exe\u200b乙\U000e0041丙'


def drafted(o):
    """A file whose draft says what a terminal must not be told."""
    path = f'{o.folder}/turned.eml'
    with open(path, 'wb') as f:
        f.write(draft(f'春耕进展{PEOPLE}', text=TURNED))
    return path


@test('B9 a draft that is printed: what is hidden in it is made visible')
def _():
    o = World.make()
    path = drafted(o)
    out = o.must('replay', '--text', path).out
    equal(hidden_in(out, '\n\t'), [])
    true('甲<U+202E>txt.exe<U+200B>乙<U+E0041>丙' in out, out)
    out = o.must('replay', '--json', path).out
    equal(hidden_in(out), [])
    true('\\u202e' in out and '\\udb40\\udc41' in out, out)
    equal(json.loads(out)['text_prefix'], TURNED)


@test('the terminal: nor in what is complained of, of packs and of servers')
def _():
    o = World.make()
    pack = f'{o.folder}/pack'
    os.makedirs(pack, exist_ok=True)
    with open(f'{pack}/pack.yaml', 'w', encoding='utf-8') as f:
        f.write('"of\\efice\\u202ex": 1\n"a\\e]0;x\\a\\u009b31m": 2\n')
    r = o.run('check', '--rules', pack)
    true(r.code == 78 and 'ice' in r.out + r.err, r)
    equal(hidden_in(r.out + r.err, '\n\t'), [])
    r = o.run('bulletin', '2019\u202e-03\x1b[2J')
    true(r.code == 64, r)
    equal(hidden_in(r.err, '\n\t'), [])


@test('the register: every text is valid UTF-8, and nothing is lost by a quote')
def _():
    o = World.make()
    true(o.dump()['message'])
    titles = {t for t, in o.rows('SELECT title FROM submission')}
    true(any('DROP TABLE' in (t or '') for t in titles))
    equal(o.rows("SELECT count(*) FROM message")[0][0], 4 * len(HOSTILE))


finish()
