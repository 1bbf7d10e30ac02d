"""Mail made to hurt: bombs of every kind, each a mail as bytes.

bombs() lists them with the verdict and the reason that each must get.  Those with a limit come in two
sizes: at the limit, read like any other, and one beyond it.
"""
import base64
import io
import os
import random
import struct
import zipfile

from mails import CONTENT_TYPES, DOCUMENT, RELS, TEXT, docx

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
SUBJECT = ('=?utf-8?B?' + base64.b64encode(
    '财政资金直达基层-县财政局-张敏-0539-6201001'.encode()).decode() + '?=')
TOP = (f'From: czj@tancheng.example\r\nTo: xxk@mail.tancheng.example\r\n'
       f'Subject: {SUBJECT}\r\nMessage-ID: <b@tancheng.example>\r\n')

READ = ('accepted', None)
HELD = ('held', 'unreadable')


def word_part(data, name='draft.docx'):
    return ('Content-Type: application/octet-stream\r\nContent-Disposition: '
            f'attachment; filename="{name}"\r\nContent-Transfer-Encoding: '
            'base64\r\n\r\n' + base64.encodebytes(data).decode()
            .replace('\n', '\r\n'))


def mixed(*parts, top=TOP):
    body = ''.join(f'--=b\r\n{p}\r\n' for p in parts)
    return (top + 'Content-Type: multipart/mixed; boundary="=b"\r\n\r\n'
            + body + '--=b--\r\n').encode()


TEXT_PART = 'Content-Type: text/plain\r\n\r\nx'


# ---- MIME ----

def parts(n):
    """n parts with the whole; the draft is the first of the others."""
    return mixed(word_part(docx()), *[TEXT_PART] * (n - 2))


def nested(depth):
    """The draft inside `depth` multiparts."""
    mail = [TOP]
    for i in range(depth):
        mail.append(f'Content-Type: multipart/mixed; boundary="b{i}"\r\n\r\n'
                    f'--b{i}\r\n')
    mail.append(word_part(docx()))
    mail += [f'\r\n--b{i}--\r\n' for i in reversed(range(depth))]
    return ''.join(mail).encode()


def messages(depth):
    mail = TOP
    inner = ''.join('Content-Type: message/rfc822\r\n\r\nSubject: x\r\n'
                    for _ in range(depth))
    return (mail + inner + '\r\nx\r\n').encode()


def fields(n):
    """A header of n fields in all."""
    have = TOP.count('\r\n') + 1
    return mixed(word_part(docx()), top=TOP + 'X-A: b\r\n' * (n - have))


def header_bytes(n):
    line = 'X-A: ' + 'b' * 900 + '\r\n'
    return mixed(word_part(docx()), top=TOP + line * (n // len(line)))


def folded(n):
    return mixed(word_part(docx()), top=TOP + 'X-A: b' + '\r\n c' * n + '\r\n')


def body(encoding, data):
    return (TOP + 'Content-Type: text/plain; charset=utf-8\r\n'
            f'Content-Transfer-Encoding: {encoding}\r\n\r\n').encode() + data


def addresses(n):
    to = ',\r\n '.join(f'u{i}@example.cn' for i in range(n))
    return mixed(word_part(docx()), top=TOP + f'Cc: {to}\r\n')


def words(n):
    """A subject of n encoded words."""
    word = '=?utf-8?B?5rKZ?='
    top = TOP.replace(SUBJECT, SUBJECT + f'\r\n {word}' * n)
    return mixed(word_part(docx()), top=top)


def parameters(n):
    more = ''.join(f';\r\n a{i}*0="b"' for i in range(n))
    return mixed(word_part(docx()).replace('attachment;',
                                           f'attachment{more};'))


# ---- ZIP ----

def with_word(data, name='draft.docx'):
    return mixed(word_part(data, name))


def archive(entries, method=zipfile.ZIP_DEFLATED):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', method) as z:
        for name, content in entries:
            z.writestr(zipfile.ZipInfo(name, (2019, 3, 1, 9, 0, 0)), content,
                       method)
    return out.getvalue()


def word(document=None, more=()):
    if document is None:
        document = DOCUMENT.format(f'<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>')
    return archive([('[Content_Types].xml', CONTENT_TYPES),
                    ('_rels/.rels', RELS),
                    ('word/document.xml', document), *more])


def entries(n):
    return with_word(word(more=[(f'word/x{i}', '') for i in range(n - 3)]))


def zeros(megabytes):
    """White space in the document: a ratio of a thousand."""
    return with_word(word(DOCUMENT.format(' ' * (megabytes << 20))))


def lying(field, value):
    """The directory of an honest archive says something else."""
    data = bytearray(word())
    at = data.rindex(b'PK\x01\x02')
    struct.pack_into('<I', data, at + field, value)
    return with_word(bytes(data))


def overlapping():
    """Two directory entries over one local header (Fifield's bomb)."""
    data = word()
    end = data.rindex(b'PK\x05\x06')
    start, = struct.unpack_from('<I', data, end + 16)
    directory = data[start:end]
    last = bytearray(directory[directory.rindex(b'PK\x01\x02'):])
    last[46:46 + 4] = b'copy'
    n, = struct.unpack_from('<H', data, end + 10)
    tail = struct.pack('<IHHHHIIH', 0x06054b50, 0, 0, n + 1, n + 1,
                       len(directory) + len(last), start, 0)
    return with_word(data[:start] + directory + bytes(last) + tail)


def traversal(name):
    return with_word(word(more=[(name, 'x')]))


def quine():
    """An archive in an archive is not opened, whatever it holds."""
    inner = archive([('0', b'\0' * (5 << 20))])
    return with_word(archive([(f'{i}.zip', inner) for i in range(50)]),
                     'a.zip')


# ---- XML ----

def entities():
    laughs = ''.join(f'<!ENTITY a{i} "{f"&a{i - 1};" * 10}">'
                     for i in range(1, 10))
    return with_word(word('<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a0 "ha">'
                          + laughs + ']>' + DOCUMENT.format(
                              '<w:p><w:r><w:t>&a9;</w:t></w:r></w:p>')[38:]))


def external_entity(url):
    return with_word(word(
        f'<?xml version="1.0"?><!DOCTYPE d [<!ENTITY a SYSTEM "{url}">]>'
        + DOCUMENT.format('<w:p><w:r><w:t>&a;</w:t></w:r></w:p>')[38:]))


def deep_xml(depth):
    """`depth` elements in all, one inside another: document and body too."""
    n = depth - 5
    return with_word(word(DOCUMENT.format(
        '<w:sdt>' * n + f'<w:p><w:r><w:t>{TEXT}</w:t></w:r></w:p>'
        + '</w:sdt>' * n)))


def long_attribute(size):
    noise = random.Random(1).randbytes(size // 2).hex()
    return with_word(word(DOCUMENT.format(
        f'<w:p w:x="{noise}"><w:r><w:t>{TEXT}</w:t></w:r></w:p>')))


# ---- OLE, RTF, HTML ----

def ole(change):
    with open(f'{ROOT}/tests/data/draft/latin.doc', 'rb') as f:
        data = bytearray(f.read())
    change(data)
    return with_word(bytes(data), 'draft.doc')


def put(data, at, value):
    struct.pack_into('<I', data, at, value)


def get(data, at):
    return struct.unpack_from('<I', data, at)[0]


def fat_loop(data):
    """Every sector is followed by itself."""
    fat = (get(data, 76) + 1) * 512
    for i in range(128):
        put(data, fat + 4 * i, i)


def directory_loop(data):
    """Every entry is its own sibling and child."""
    at = (get(data, 48) + 1) * 512
    for i in range(4):
        for field in (68, 72, 76):
            put(data, at + 128 * i + field, i)


def mini_fat_loop(data):
    at = (get(data, 60) + 1) * 512
    for i in range(128):
        put(data, at + 4 * i, i)


def difat_loop(data):
    """The list of FAT sectors goes on in a sector that goes on in itself."""
    sector = get(data, 48)
    put(data, 68, sector)
    put(data, 72, 0xFFFFFFFF)
    put(data, (sector + 2) * 512 - 4, sector)
    put(data, 44, 0x00FFFFFF)


def rtf(depth):
    return with_word(b'{\\rtf1\\ansi ' + b'{' * depth + b'x' + b'}' * depth
                     + b'}', 'draft.doc')


def html_file(depth):
    return with_word(b'<html><body>' + b'<div>' * depth + b'x', 'draft.doc')


def html_body(depth):
    page = b'<html><body>' + b'<b>' * depth + b'x'
    return (TOP + 'Content-Type: text/html\r\n\r\n').encode() + page


# ---- workbooks that look like a ledger come back ----

RELATIONS = ('http://schemas.openxmlformats.org/officeDocument/2006/'
             'relationships/')


def workbook(rows, strings='<sst/>', token='baosong-ledger:1'):
    lists = ('<worksheet><sheetData><row><c t="inlineStr"><is><t>'
             f'{token}</t></is></c></row></sheetData></worksheet>')
    types = ('<Types xmlns="http://schemas.openxmlformats.org/package/2006/'
             'content-types"><Override PartName="/xl/workbook.xml" ContentType'
             '="application/vnd.openxmlformats-officedocument.spreadsheetml.'
             'sheet.main+xml"/></Types>')

    def relation(i, kind, target):
        return (f'<Relationship Id="r{i}" Type="{RELATIONS}{kind}" '
                f'Target="{target}"/>')
    return with_word(archive([
        ('[Content_Types].xml', types),
        ('_rels/.rels', '<Relationships>' + relation(
            0, 'officeDocument', 'xl/workbook.xml') + '</Relationships>'),
        ('xl/_rels/workbook.xml.rels', '<Relationships>'
         + relation(1, 'worksheet', 'worksheets/sheet1.xml')
         + relation(2, 'worksheet', 'worksheets/sheet2.xml')
         + relation(3, 'sharedStrings', 'sharedStrings.xml')
         + '</Relationships>'),
        ('xl/workbook.xml', '<workbook xmlns:r="r"><sheets>'
         '<sheet sheetId="1" r:id="r1"/><sheet sheetId="2" r:id="r2"/>'
         '</sheets></workbook>'),
        ('xl/sharedStrings.xml', strings),
        ('xl/worksheets/sheet1.xml',
         f'<worksheet><sheetData>{rows}</sheetData></worksheet>'),
        ('xl/worksheets/sheet2.xml', lists)]), 'ledger.xlsx')


def rows(n):
    noise = random.Random(2)
    return workbook(''.join(f'<row><c><v>{noise.random()}</v></c></row>'
                            for _ in range(n)))


def shared_string(megabytes, times):
    """One long string, and a million cells that are that string."""
    noise = random.Random(3).randbytes(megabytes << 19).hex()
    cells = '<row>' + '<c t="s"><v>0</v></c>' * 40 + '</row>'
    return workbook(cells * (times // 40),
                    f'<sst><si><t>{noise}</t></si></sst>')


def far_cell():
    return workbook('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>')


# ---- all of them ----

def bombs():
    """[(name, function, its arguments, (verdict, reason))]"""
    base64_bomb = b'QUFB' * (5 << 20)
    return [
        ('E13 1000 parts', parts, [1000], READ),
        ('E13 1001 parts', parts, [1001], HELD),
        ('E13 100,000 parts', parts, [100_000], HELD),
        ('E13 32 multiparts deep', nested, [32], READ),
        ('E13 33 multiparts deep', nested, [33], HELD),
        ('E13 2,000 multiparts deep', nested, [2000], HELD),
        ('E13 2,000 messages deep', messages, [2000], HELD),
        ('E13 2,000 header fields', fields, [2000], READ),
        ('E13 2,001 header fields', fields, [2001], HELD),
        ('E13 100,000 header fields', fields, [100_000], HELD),
        ('E13 a header of 900 kB', header_bytes, [900 << 10], READ),
        ('E13 a header of 1.1 MB', header_bytes, [1100 << 10], HELD),
        ('E13 a header of 20 MB', header_bytes, [20 << 20], HELD),
        ('E13 a field of a million lines', folded, [1_000_000], HELD),
        ('20 MB of base64 in one line', body, ['base64', base64_bomb], HELD),
        ('20 MB of quoted-printable line ends', body,
         ['quoted-printable', b'=\r\n' * (7 << 20)], ('returned', 'no-draft')),
        ('20 MB in one line', body, ['8bit', b'\xd6\xd0' * (10 << 20)], HELD),
        ('1,000 addresses', addresses, [1000], READ),
        ('100,000 addresses', addresses, [100_000], HELD),
        ('50,000 encoded words', words, [50_000],
         ('returned', 'ambiguous-subject')),
        ('10,000 parameters', parameters, [10_000], READ),
        ('1,000 entries of a ZIP', entries, [1000], READ),
        ('1,001 entries of a ZIP', entries, [1001], HELD),
        ('a ZIP that inflates a thousandfold', zeros, [49], HELD),
        ('a ZIP that inflates to 300 MB', zeros, [300], HELD),
        ('a directory that lies about a length', lying, [24, 5], HELD),
        ('a directory that lies about what is packed', lying, [20, 5], HELD),
        ('a directory that lies about a checksum', lying, [16, 5], HELD),
        ('a directory that lies about a place', lying, [42, 0], HELD),
        ('entries that overlap', overlapping, [], HELD),
        ('an entry ../../etc/x', traversal, ['../../etc/x'], READ),
        ('an entry ..\\..\\x', traversal, ['..\\..\\x'], READ),
        ('an entry /etc/x', traversal, ['/etc/x'], READ),
        ('archives in an archive', quine, [], ('returned', 'archive')),
        ('entities of entities', entities, [], HELD),
        ('an entity that is a file', external_entity, ['file:///etc/hostname'],
         HELD),
        ('an entity of the network', external_entity, ['http://127.0.0.1/'],
         HELD),
        ('256 elements deep', deep_xml, [256], READ),
        ('257 elements deep', deep_xml, [257], HELD),
        ('a million elements deep', deep_xml, [1_000_000], HELD),
        ('an attribute of 10 MB', long_attribute, [10 << 20], HELD),
        ('an OLE file that is whole', ole, [lambda data: None], READ),
        ('an OLE file whose sectors loop', ole, [fat_loop], HELD),
        ('an OLE file whose directory loops', ole, [directory_loop],
         ('returned', 'not-word')),
        ('an OLE file whose small sectors loop', ole, [mini_fat_loop], HELD),
        ('an OLE file whose list of sectors loops', ole, [difat_loop], HELD),
        ('100 groups of RTF deep', rtf, [100], READ),
        ('a million groups of RTF deep', rtf, [1_000_000], HELD),
        ('100,000 elements of HTML deep, a file', html_file, [100_000], HELD),
        ('a million elements of HTML deep', html_body, [1_000_000], HELD),
        ('5,000 rows of a workbook', rows, [5000], ('returned', 'not-word')),
        ('5,001 rows of a workbook', rows, [5001], ('returned', 'not-word')),
        ('F15 a string of 8 MB a million times', shared_string,
         [8, 1_000_000], ('returned', 'not-word')),
        ('a cell at XFD1048576', far_cell, [], ('returned', 'not-word')),
    ]
