#!/usr/bin/python3
"""A mailbox of submissions, made from a seed: every message another.

    corpus.py FOLDER [--messages 5000] [--seed 1]

FOLDER/eml/000001.eml ...  lines end in CR LF, as on the wire
FOLDER/word/*.docx, *.doc  the Word files that the attachments are made from
FOLDER/word/*.txt          their text, a paragraph a line

About 100 kB a message: a Word file as python-docx writes it, with a picture
in some, and a text of its own; one in a hundred has 2 to 5 MB; one in twenty
is .doc, written by LibreOffice (without it all are .docx).  Subjects, names of files and bodies
are in the encodings that the field uses, and of some nobody says which."""
import argparse
import base64
import io
import os
import quopri
import random
import re
import shutil
import struct
import subprocess
import sys
import tempfile
import zipfile
import zlib
from email.utils import formatdate

import docx
import yaml

from prose import Prose

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
ROSTER = f'{ROOT}/mailrules/tancheng-2019/roster.yaml'
TO = b'xxk@mail.tancheng.example'
START = 1551400000      # the first was received then, one a minute follows
SENDERS = 300           # so that nobody is over the replies of a day
DOCX, DOC, LARGE = 60, 24, 6
WORD_TYPES = {
    'docx': b'application/vnd.openxmlformats-officedocument.wordprocessingml'
            b'.document', 'doc': b'application/msword'}
SUBJECTS = (('utf-8', 'B', 45), ('gb18030', 'B', 20), ('gbk', 'Q', 12),
            ('gb2312', 'B', 8), ('raw', '', 15))
BODIES = (('utf-8', 'base64', 50), ('gb18030', 'base64', 25),
          ('gb2312', 'quoted-printable', 15), ('utf-8', '8bit', 10))
MAILERS = (b'Foxmail 7.2.25.254[cn]', b'Coremail Webmail Server',
           b'QQMail 2.x', b'Microsoft Outlook 16.0')


def units():
    with open(ROSTER, encoding='utf-8') as f:
        return [u.get('short') or u['name'] for u in yaml.safe_load(f)['units']]


def weighted(r, table):
    return r.choices(table, [row[-1] for row in table])[0]


# ---- Word files ----

def picture(r, size):
    """A PNG of noise, of about `size` bytes."""
    side = max(8, int((size / 3) ** 0.5))
    rows = b''.join(b'\0' + r.randbytes(side * 3) for _ in range(side))

    def chunk(kind, data):
        return (struct.pack('>I', len(data)) + kind + data
                + struct.pack('>I', zlib.crc32(kind + data)))
    head = struct.pack('>IIBBBBB', side, side, 8, 2, 0, 0, 0)
    return (b'\x89PNG\r\n\x1a\n' + chunk(b'IHDR', head)
            + chunk(b'IDAT', zlib.compress(rows, 0)) + chunk(b'IEND', b''))


def write_docx(path, lines, table, image):
    d = docx.Document()
    d.add_heading(lines[0], 1)
    for n, line in enumerate(lines[1:]):
        paragraph = d.add_paragraph()
        third = max(1, len(line) // 3)      # several runs, as Word writes
        for at in range(0, len(line), third):
            run = paragraph.add_run(line[at:at + third])
            run.bold = (n + at) % 5 == 0
    if table:
        t = d.add_table(rows=len(table), cols=len(table[0]))
        for row, cells in zip(t.rows, table):
            for cell, text in zip(row.cells, cells):
                cell.text = text
    if image:
        d.add_picture(io.BytesIO(image))
    d.save(path)


def as_doc(folder, paths):
    """The same as .doc; [] without LibreOffice."""
    if not shutil.which('soffice'):
        return []
    with tempfile.TemporaryDirectory() as profile:
        subprocess.run(['soffice', f'-env:UserInstallation=file://{profile}',
                        '--headless', '--convert-to', 'doc:MS Word 97',
                        '--outdir', folder, *paths], check=True,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return [p[:-1] for p in paths]


def write_words(folder, r, prose, names):
    """(docx files, large docx files, doc files with their lines)"""
    small, large, texts = [], [], []
    for n in range(DOCX + LARGE):
        lines = prose.draft(r.randint(600, 2500))
        table = [[r.choice(names), str(r.randrange(999)), f'{n}%']
                 for n in range(4)] if n % 3 == 0 and n < DOCX else None
        size = (r.randint(1_200_000, 3_400_000) if n >= DOCX
                else r.choice((0, 0, 0, 24_000)))
        path = f'{folder}/{n:03}.docx'
        write_docx(path, lines, table, picture(r, size) if size else None)
        with open(path[:-4] + 'txt', 'w', encoding='utf-8') as f:
            f.writelines(line + '\n' for line in lines
                         + ['\t'.join(row) for row in table or []])
        (small if n < DOCX else large).append(path)
        texts.append(lines)
    docs = as_doc(folder, small[:DOC])
    return ([contents(p) for p in small], [contents(p) for p in large],
            [(contents(p), lines) for p, lines in zip(docs, texts)])


def contents(path):
    with open(path, 'rb') as f:
        return f.read()


def paragraphs(lines):
    """As Word writes them: several runs each."""
    out = []
    for line in lines:
        third = max(1, len(line) // 3)
        runs = ''.join(f'<w:r><w:t>{line[at:at + third]}</w:t></w:r>'
                       for at in range(0, len(line), third))
        out.append(f'<w:p>{runs}</w:p>')
    return ''.join(out).encode()


def vary_docx(data, lines):
    """The same file with a text of its own; tables and pictures stay."""
    out = io.BytesIO()
    with zipfile.ZipFile(io.BytesIO(data)) as old, \
            zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as new:
        for part in old.infolist():
            text = old.read(part)
            if part.filename == 'word/document.xml':
                kept = b''.join(re.findall(
                    rb'<w:tbl>.*?</w:tbl>|<w:p><w:r><w:drawing>.*?</w:p>',
                    text, re.S))
                start = text.index(b'<w:body>') + 8
                text = (text[:start] + paragraphs(lines) + kept
                        + text[text.rindex(b'<w:sectPr'):])
            stored = part.filename.endswith('.png')
            new.writestr(part, text,
                         zipfile.ZIP_STORED if stored else
                         zipfile.ZIP_DEFLATED, None if stored else 1)
    return out.getvalue()


def vary_doc(data, lines, prose):
    """The same for .doc: every paragraph becomes another of its length."""
    for line in lines:
        other = prose.paragraph(len(line))[:len(line)]
        data = data.replace(line.encode('utf-16-le'),
                            other.encode('utf-16-le'))
    return data


# ---- mails ----

def base64_lines(data):
    text = base64.b64encode(data)
    return b'\r\n'.join(text[i:i + 76]
                        for i in range(0, len(text), 76)) + b'\r\n'


def encoded_word(charset, how, text):
    data = text.encode(charset)
    if how == 'B':
        return b'=?%s?B?%s?=' % (charset.upper().encode(),
                                 base64.b64encode(data))
    plain = b''.join(b'%c' % c if chr(c).isalnum() and c < 128
                     else b'=%02X' % c for c in data)
    return b'=?%s?Q?%s?=' % (charset.upper().encode(), plain)


def encoded(charset, how, text):
    """RFC 2047: words of at most 75 characters, no character cut."""
    if charset == 'raw':
        return text.encode('gbk')
    try:
        text.encode(charset)
    except UnicodeEncodeError:
        charset = 'gb18030'
    words, at = [], ''
    for c in text:
        if at and len(encoded_word(charset, how, at + c)) > 72:
            words.append(encoded_word(charset, how, at))
            at = ''
        at += c
    return b'\r\n '.join([*words, encoded_word(charset, how, at)])


def encoded_body(text, charset, how):
    data = text.replace('\n', '\r\n').encode(charset, 'replace')
    if how == 'base64':
        return base64_lines(data)
    if how == 'quoted-printable':
        data = quopri.encodestring(data.replace(b'\r\n', b'\n'))
        return data.replace(b'\n', b'\r\n') + b'\r\n'
    lines = [line[i:i + 200] for line in text.split('\n')
             for i in range(0, max(1, len(line)), 200)]
    return '\r\n'.join(lines).encode(charset) + b'\r\n'


def named(r, name):
    """(Content-Type's parameter, Content-Disposition's)"""
    way = r.random()
    if way < 0.4:
        word = encoded('utf-8', 'B', name)
        return b'name="%s"' % word, b'filename="%s"' % word
    if way < 0.75:
        percent = ''.join(f'%{c:02X}' for c in name.encode()).encode()
        return b"name*=utf-8''" + percent, b"filename*=utf-8''" + percent
    raw = name.encode('gbk', 'replace')
    return b'name="%s"' % raw, b'filename="%s"' % raw


def part(head, body):
    return b'\r\n'.join([*head, b'', body])


def alternatives(prose, r, title, person, unit, boundary):
    charset, how, _ = weighted(r, BODIES)
    plain = (f'县政府办公室信息科：\n    现报送《{title}》，请审阅。\n'
             + prose.paragraph(r.randint(60, 400))
             + f'\n\n{unit}　{person}\n')
    html = (f'<html><head><meta charset="{charset}"></head>'
            '<body style="font-family:宋体">'
            + ''.join(f'<p style="text-indent:2em">{line}</p>'
                      for line in plain.split('\n')) + '</body></html>')
    out = [b'Content-Type: multipart/alternative; boundary="%s"' % boundary,
           b'', b'']
    for kind, text in ((b'plain', plain), (b'html', html)):
        out[-1] += b'--%s\r\n' % boundary + part(
            [b'Content-Type: text/%s; charset="%s"' % (kind, charset.encode()),
             b'Content-Transfer-Encoding: ' + how.encode()],
            encoded_body(text, charset, how))
    return b'\r\n'.join(out) + b'--%s--\r\n' % boundary


def message(n, r, prose, names, files):
    small, large, docs = files
    unit, person, title = r.choice(names), prose.person(), prose.title()
    way, kind = r.random(), 'docx'
    if way < 0.05 and docs:
        data, kind = vary_doc(*r.choice(docs), prose), 'doc'
    else:
        data = vary_docx(r.choice(large if way < 0.06 else small),
                         [title, *prose.draft(r.randint(400, 1600))[1:]])
    charset, how, _ = weighted(r, SUBJECTS)
    subject = (f'{title}-{unit}-{person}-0539-62{r.randrange(100000):05}')
    address = b'u%03d@tancheng.example' % r.randrange(SENDERS)
    name = encoded(charset, how, unit + person)
    in_type, in_disposition = named(r, f'{title}.{kind}')
    mark = b'%d_%08x' % (n, r.getrandbits(32))
    at = formatdate(START + n * 60).encode()
    head = [
        b'Return-Path: <%s>' % address,
        b'Received: from mx.tancheng.example ([192.0.2.%d]) by '
        b'mail.tancheng.example with ESMTP id %08X; %s'
        % (r.randrange(255), r.getrandbits(32), at),
        b'Message-ID: <%s@tancheng.example>' % mark, b'Date: ' + at,
        b'From: %s <%s>' % (b'"%s"' % name if charset == 'raw' else name,
                            address),
        b'To: <%s>' % TO, b'Subject: ' + encoded(charset, how, subject),
        b'MIME-Version: 1.0', b'X-Mailer: ' + r.choice(MAILERS),
        b'Content-Type: multipart/mixed; boundary="=_a%s"' % mark]
    return part(head, b''.join([
        b'This is a multi-part message in MIME format.\r\n--=_a%s\r\n' % mark,
        alternatives(prose, r, title, person, unit, b'=_b' + mark),
        b'--=_a%s\r\n' % mark,
        part([b'Content-Type: %s;\r\n\t%s' % (WORD_TYPES[kind], in_type),
              b'Content-Transfer-Encoding: base64',
              b'Content-Disposition: attachment;\r\n\t' + in_disposition],
             base64_lines(data)),
        b'--=_a%s--\r\n' % mark]))


def make(folder, messages, seed):
    r, prose, names = random.Random(seed), Prose(seed), units()
    os.makedirs(f'{folder}/eml')
    os.makedirs(f'{folder}/word')
    files = write_words(f'{folder}/word', r, prose, names)
    total = 0
    for n in range(1, messages + 1):
        data = message(n, r, prose, names, files)
        total += len(data)
        with open(f'{folder}/eml/{n:06}.eml', 'wb') as f:
            f.write(data)
    return total


def main():
    a = argparse.ArgumentParser()
    a.add_argument('folder')
    a.add_argument('--messages', type=int, default=5000)
    a.add_argument('--seed', type=int, default=1)
    args = a.parse_args()
    total = make(args.folder, args.messages, args.seed)
    print(f'{args.messages} messages, {total} bytes, mean '
          f'{total // args.messages}')


if __name__ == '__main__':
    sys.exit(main())
