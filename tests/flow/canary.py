"""Mails with a secrecy marking and, in one place each, words that occur
nowhere else: whatever of them is found again has leaked.

    c = Canary()                    # its words: c.words
    mails(lambda: c)                # {place: mail}, markings and canaries
    traces(data, [c.words])         # which are in these bytes, in any encoding
"""
import base64
import functools
import io
import quopri
import random
import re
import zipfile
import zlib

from mails import (CONTENT_TYPES, DOCUMENT, RELS, TEXT, UNIT, docx, mail,
                   order, pdf)
from office import ADDRESS, ROOT

MARK = '机密★5年'
W = ('xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"')
TYPE = 'http://schemas.openxmlformats.org/officeDocument/2006/relationships'
PLAIN = '情况报告-县财政局-张敏-0539-6201001'


class Canary:
    """Eight characters and twelve letters, drawn anew for every mail."""

    def __init__(self, rng):
        self.chinese = ''.join(chr(rng.randrange(0x7A00, 0x9FA0))
                               for _ in range(8))
        self.latin = ''.join(rng.choice('BCDFGHJKLMNPQRSTVWXZ')
                             for _ in range(12))
        self.words = [self.chinese, self.latin]

    def __str__(self):
        return self.chinese + self.latin


# ---- finding it again ----

@functools.lru_cache(None)
def codes(word):
    """The word as it might lie in memory or in a file."""
    plain = {word.encode(c) for c in ('utf-8', 'gb18030', 'utf-16-le',
                                      'utf-16-be')}
    out = set(plain)
    for data in plain:
        out.add(quopri.encodestring(data))
        out.add(data.hex().encode())
        out.add(data.hex().upper().encode())
        for shift in range(3):
            code = base64.b64encode(b'\0' * shift + data)
            # the first and the last group also depend on what is beside
            out.add(code[4 if shift else 0:-4])
    out.add(''.join(f'\\u{ord(c):04x}' for c in word).encode())
    out.add(''.join(f'\\u{{{ord(c):x}}}' for c in word).encode())
    return {c for c in out if len(c) >= 8}


def inflated(data):
    """What lies deflated in it: ZIP entries, zlib and gzip streams."""
    out = []
    for m in re.finditer(rb'PK\x03\x04', data):
        at = m.start()
        skip = 30 + int.from_bytes(data[at + 26:at + 28], 'little') + \
            int.from_bytes(data[at + 28:at + 30], 'little')
        out.append(unpacked(data[at + skip:], -15))
    for m in re.finditer(rb'\x1f\x8b\x08|\x78[\x01\x5e\x9c\xda]', data):
        out.append(unpacked(data[m.start():], 47))
    return [o for o in out if o]


def unpacked(data, bits):
    try:
        return zlib.decompressobj(bits).decompress(data, 1 << 22)
    except zlib.error:
        return b''


def traces(data, words, deep=True):
    """The words that are found in data."""
    texts = [data] + (inflated(data) if deep else [])
    return [w for w in words if any(c in t for c in codes(w) for t in texts)]


# ---- Word files with something in every part ----

def paragraph(text):
    return f'<w:p><w:r><w:t>{text}</w:t></w:r></w:p>'


def part(kind, text):
    return f'<w:{kind} {W}>{paragraph(text)}</w:{kind}>'


MAIN = 'application/vnd.openxmlformats-officedocument.wordprocessingml'
CORE = 'application/vnd.openxmlformats-package.core-properties+xml'


def types_of(parts):
    own = ''.join(f'<Override PartName="/word/{name}" '
                  f'ContentType="{MAIN}.{relation}+xml"/>'
                  for name, relation, _ in parts)
    return CONTENT_TYPES.replace(
        '</Types>', f'{own}<Override PartName="/docProps/core.xml" '
        f'ContentType="{CORE}"/></Types>')


def package(body, parts=(), properties=None):
    """parts: (name, relationship, xml)."""
    rels = ''.join(f'<Relationship Id="r{n}" Type="{TYPE}/{relation}" '
                   f'Target="{name}"/>'
                   for n, (name, relation, _) in enumerate(parts))
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
        z.writestr('[Content_Types].xml', types_of(parts))
        z.writestr('_rels/.rels', RELS.replace(
            '</Relationships>',
            '<Relationship Id="p" Type="http://schemas.openxmlformats.org/'
            'package/2006/relationships/metadata/core-properties" '
            'Target="docProps/core.xml"/></Relationships>'))
        z.writestr('word/document.xml', DOCUMENT.format(body))
        z.writestr('docProps/core.xml', properties or core(''))
        if parts:
            z.writestr('word/_rels/document.xml.rels',
                       RELS[:RELS.index('<Relationship ')] + rels +
                       '</Relationships>')
        for name, _, xml in parts:
            z.writestr(f'word/{name}', xml)
    return out.getvalue()


def core(title):
    return ('<cp:coreProperties xmlns:cp="http://schemas.openxmlformats.org/'
            'package/2006/metadata/core-properties" xmlns:dc="http://purl.org'
            f'/dc/elements/1.1/"><dc:title>{title}</dc:title>'
            '</cp:coreProperties>')


def box(text):
    return ('<w:p><w:r><w:pict><v:shape xmlns:v="urn:schemas-microsoft-com:'
            f'vml"><v:textbox><w:txbxContent>{paragraph(text)}'
            '</w:txbxContent></v:textbox></v:shape></w:pict></w:r></w:p>')


def table(text):
    return f'<w:tbl><w:tr><w:tc>{paragraph(text)}</w:tc></w:tr></w:tbl>'


def word_files(c):
    """{place: docx}: the marking and the canary in places of their own."""
    said, mark = paragraph(str(c)), paragraph(MARK)
    return {
        'docx, first lines': package(mark + said),
        'docx, letter-spaced': package(paragraph('机　密 ★ 5 年') + said),
        'docx, text box': package(said + box(MARK)),
        'docx, canary in a text box': package(mark + box(c)),
        'docx, table': package(said + table(MARK)),
        'docx, canary in a table': package(mark + table(c)),
        'docx, header': package(
            said, [('h.xml', 'header', part('hdr', MARK))]),
        'docx, canary in the header': package(
            mark, [('h.xml', 'header', part('hdr', c))]),
        'docx, footer': package(
            said, [('f.xml', 'footer', part('ftr', MARK))]),
        'docx, canary in a footnote': package(
            mark, [('n.xml', 'footnotes', part('footnotes', c))]),
        'docx, property': package(said, properties=core(MARK)),
        'docx, canary in a property': package(mark, properties=core(c)),
        'docx, hidden text': package(
            mark + '<w:p><w:r><w:rPr><w:vanish/></w:rPr>'
            f'<w:t>{c}</w:t></w:r></w:p>'),
        'docx, deleted text': package(
            mark + f'<w:p><w:del><w:r><w:delText>{c}</w:delText></w:r>'
            '</w:del></w:p>'),
        'docx, after a page': package(
            ''.join(paragraph(TEXT) for _ in range(70)) + mark + said),
    }


def old_word(c):
    """Our .doc with the canary for its first line; its header has a marking."""
    with open(f'{ROOT}/tests/data/draft/rules.doc', 'rb') as f:
        data = f.read()
    first = '关于沙湾镇防汛备汛工作的信息'.encode('utf-16-le')
    assert data.count(first) == 1
    return data.replace(first, (str(c) + ' ' * 14)[:14].encode('utf-16-le'))


def rtf(text, where='{}\\par'):
    code = ''.join(f'\\u{ord(ch) - 65536 if ord(ch) > 32767 else ord(ch)}?'
                   for ch in text)
    return ('{\\rtf1\\ansi\\ansicpg936\\uc1 ' + where.format(code) +
            '\\par}').encode()


def rich_text(c):
    return {
        'rtf': rtf(f'{MARK}') [:-1] + rtf(str(c))[len('{\\rtf1\\ansi'):],
        'rtf, header': rtf(MARK, '{{\\header {}\\par}}')[:-1] +
                       rtf(str(c))[len('{\\rtf1\\ansi'):],
        'rtf, title': rtf(MARK, '{{\\info{{\\title {}}}}}')[:-1] +
                      rtf(str(c))[len('{\\rtf1\\ansi'):],
    }


def web_page(c):
    return (f'<html><body><p>{MARK}</p><p>{TEXT}{c}</p></body></html>'
            ).encode('gbk')


def flat_word(c):
    return ('<?xml version="1.0" encoding="UTF-8"?><?mso-application progid='
            '"Word.Document"?><w:wordDocument xmlns:w="http://schemas'
            '.microsoft.com/office/word/2003/wordml"><w:body>'
            f'{paragraph(MARK)}{paragraph(c)}</w:body></w:wordDocument>'
            ).encode()


def archive(entries):
    out = io.BytesIO()
    with zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as z:
        for name, data in entries:
            z.writestr(name, data)
    return out.getvalue()


# ---- mails ----

def raw(head, body=b''):
    return head.replace('\n', '\r\n').encode() + b'\r\n\r\n' + body


def encoded(text, charset='utf-8', way='B'):
    data = text.encode(charset)
    code = (base64.b64encode(data).decode() if way == 'B' else
            ''.join(f'={b:02X}' for b in data))
    return f'=?{charset}?{way}?{code}?='


def by_hand(subject, body, encoding, charset='utf-8', more=''):
    data = body.encode(charset)
    data = {'base64': base64.encodebytes, 'quoted-printable':
            quopri.encodestring, '8bit': lambda d: d}[encoding](data)
    return raw(f'From: {UNIT}\nTo: {ADDRESS}\nSubject: {subject}\n'
               f'Date: Tue, 05 Mar 2019 09:11:58 +0800\n{more}'
               f'MIME-Version: 1.0\nContent-Type: text/plain; '
               f'charset={charset}\nContent-Transfer-Encoding: {encoding}',
               data)


def within(inner):
    """A mail whose only part is another, as such."""
    return raw(f'From: {UNIT}\nTo: {ADDRESS}\nSubject: {encoded(PLAIN)}\n'
               'MIME-Version: 1.0\nContent-Type: message/rfc822', inner)


def file(name, data, subject=PLAIN, text='', **more):
    return mail(subject, text, files=[(name, data)], **more)


def in_the_mail(new):
    """The marking and the canary in subject, body and fields."""
    a = [new() for _ in range(16)]
    marked = f'{MARK}\n{{}}'
    return {
        'subject': mail(f'{MARK} {a[0]}', '您好'),
        'subject, in brackets': mail(f'【机密】{a[1]}', ''),
        'subject, GBK': by_hand(encoded(f'{MARK} {a[2]}', 'gbk'), '您好',
                                '8bit', 'gbk'),
        'subject, quoted-printable': by_hand(
            encoded(f'{MARK} {a[3]}', way='Q'), '您好', '8bit'),
        'subject, raw bytes': by_hand(f'{MARK} {a[4]}', '您好', '8bit'),
        'body': mail(PLAIN, marked.format(a[5])),
        'body, HTML': mail(PLAIN, html=f'<p>{MARK}</p><p>{a[6]}</p>'),
        'body, GBK in base64': by_hand(
            encoded(PLAIN), marked.format(a[7]), 'base64', 'gbk'),
        'body, quoted-printable': by_hand(
            encoded(PLAIN), marked.format(a[8]), 'quoted-printable'),
        'body, 8 bit without a label': by_hand(
            encoded(PLAIN), marked.format(f'{TEXT}{a[9]}'), '8bit', 'gbk').replace(
                b'charset=gbk', b'format=flowed'),
        'display name': mail(PLAIN, MARK,
                             sender=f'"{a[10].latin}" <{UNIT}>'),
        'Message-ID and references': mail(
            PLAIN, MARK, message_id=f'<{a[11].latin}@x.example>',
            headers=[('References', f'<{a[11].latin}@y.example>'),
                     ('In-Reply-To', f'<{a[11].latin}@y.example>')]),
        'other fields': mail(
            PLAIN, MARK, headers=[('X-Title', encoded(str(a[12]))),
                                  ('Keywords', encoded(str(a[12]))),
                                  ('Reply-To', f'{a[12].latin}@x.example'),
                                  ('Cc', f'{a[12].latin}@y.example')]),
        'Received and proof': mail(
            PLAIN, MARK, headers=[
                ('Received^', f'from {a[13].latin} by mail.tancheng.example; '
                 'Tue, 05 Mar 2019 09:00:00 +0800'),
                ('Authentication-Results^',
                 f'mail.tancheng.example; none ({a[13].latin})')]),
        'machine mail': mail(PLAIN, marked.format(a[14]),
                             headers=[('Auto-Submitted', 'auto-replied')]),
        "staff's order": order(f'补录 财政局 {a[15]}\n', subject=MARK),
    }


def in_files(new):
    """... and in attached files, in their names, and in mails within."""
    out = {}
    for place in word_files(new()):
        out[place] = file('稿件.docx', word_files(new())[place])
    for place in rich_text(new()):
        out[place] = file('稿件.doc', rich_text(new())[place])
    b = [new() for _ in range(20)]
    inner = mail(PLAIN, f'{MARK}\n{b[0]}')
    out.update({
        'doc, header': file('稿件.doc', old_word(b[1])),
        'wps': file('稿件.wps', old_word(b[2])),
        'Word 2003 XML': file('稿件.doc', flat_word(b[3])),
        'a web page under a Word name': file('稿件.doc', web_page(b[4])),
        'file name marked': file(f'机密-{b[5]}.docx', docx(str(b[5]))),
        'file name': file(f'{b[6]}.docx', docx(MARK)),
        'file name in a ZIP marked': file('a.zip', archive(
            [('机密★5年 报告.docx', docx(str(b[7])))])),
        'file name in a ZIP': file('a.zip', archive([(f'{b[8]}.txt', b'x')]),
                                   text=MARK),
        'a PDF beside the marking': file(
            'a.pdf', pdf() + str(b[9]).encode(), text=MARK),
        'a picture beside the marking': file(
            'a.png', b'\x89PNG\r\n\x1a\n' + b[10].latin.encode(), text=MARK),
        'a text file beside the marking': file(
            'a.txt', str(b[11]).encode(), text=MARK),
        'a second Word file': mail(PLAIN, files=[
            ('a.docx', docx(MARK)), ('b.docx', docx(str(b[12])))]),
        'a mail within': within(inner),
        'the subject of a mail within': within(mail(f'{MARK} {b[13]}')),
        'a Word file of a mail within': within(
            file('a.docx', docx(f'{MARK}\n{b[14]}'))),
        'a mail attached as a file': file('a.eml', mail(
            PLAIN, f'{MARK}\n{b[15]}')),
        'a base64 body that is cut': file('a.docx', docx(str(b[16])),
                                          text=MARK)[:-200],
        'behind the last boundary': file('a.docx', docx(), text=MARK) +
                                    str(b[17]).encode(),
        'a boundary': file('a.docx', docx(), text=MARK).replace(
            b'=-boundary', b[18].latin.encode()),
    })
    return out


def mails(seed):
    """({place: mail}, every word that must not be found again)"""
    rng, kept = random.Random(seed), []

    def new():
        kept.append(Canary(rng))
        return kept[-1]

    found = {**in_the_mail(new), **in_files(new)}
    return found, [w for c in kept for w in c.words]
