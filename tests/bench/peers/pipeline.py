#!/usr/bin/python3
"""pipeline.py PORT USER DATABASE - what a Python programmer would write for
the same work: imaplib, email, zipfile and ElementTree, sqlite3 with a flush
for every 50 messages; .doc by catdoc.  Prints "SECONDS s COUNT"."""
import email
import hashlib
import imaplib
import io
import re
import sqlite3
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree
import zipfile
from email.header import decode_header, make_header

BATCH = 50
W = '{http://schemas.openxmlformats.org/wordprocessingml/2006/main}'
SCHEMA = '''PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;
CREATE TABLE message (id INTEGER PRIMARY KEY, uid INT UNIQUE, sender TEXT,
                      subject TEXT, size INT, sha BLOB);
CREATE TABLE draft (id INTEGER PRIMARY KEY, message INT, body TEXT);
CREATE TABLE audit (id INTEGER PRIMARY KEY, message INT, what TEXT);
CREATE TABLE outbox (id INTEGER PRIMARY KEY, message INT, state INT)'''


def docx(data):
    with zipfile.ZipFile(io.BytesIO(data)) as z:
        root = ElementTree.fromstring(z.read('word/document.xml'))
    return '\n'.join(''.join(t.text or '' for t in p.iter(W + 't'))
                     for p in root.iter(W + 'p'))


def doc(data):
    p = subprocess.run(['catdoc', '-w', '-d', 'utf-8'], input=data,
                       capture_output=True)
    return p.stdout.decode('utf-8', 'replace')


def text_of(message):
    text = ''
    for part in message.walk():
        if part.is_multipart():
            continue
        data = part.get_payload(decode=True)
        if part.get_content_maintype() == 'text':
            data.decode(part.get_content_charset() or 'utf-8', 'replace')
        else:
            text = docx(data) if data[:2] == b'PK' else doc(data)
    return text


def record(db, uid, raw):
    m = email.message_from_bytes(raw)
    try:
        subject = str(make_header(decode_header(m['subject'])))
    except (UnicodeError, LookupError):
        subject = ''
    db.execute('INSERT INTO message VALUES (NULL, ?, ?, ?, ?, ?)',
               (uid, str(m['from']), subject, len(raw),
                hashlib.sha256(raw).digest()))
    db.execute('INSERT INTO draft VALUES (NULL, ?, ?)', (uid, text_of(m)))
    db.execute("INSERT INTO audit VALUES (NULL, ?, 'in')", (uid,))
    db.execute('INSERT INTO outbox VALUES (NULL, ?, 0)', (uid,))


def main():
    port, user, path = int(sys.argv[1]), sys.argv[2], sys.argv[3]
    imaplib._MAXLINE = 10 ** 8
    start, done = time.monotonic(), 0
    server = imaplib.IMAP4('127.0.0.1', port)
    server.login(user, 'pw')
    count = int(server.select('INBOX', readonly=True)[1][0])
    db = sqlite3.connect(path, isolation_level=None)
    db.executescript(SCHEMA)
    for first in range(1, count + 1, BATCH):
        items = server.fetch(f'{first}:{min(count, first + BATCH - 1)}',
                             '(UID INTERNALDATE RFC822.SIZE BODY.PEEK[])')[1]
        db.execute('BEGIN IMMEDIATE')
        for item in items:
            if isinstance(item, tuple):
                uid = int(re.search(rb'UID (\d+)', item[0]).group(1))
                record(db, uid, item[1])
                done += 1
        db.execute('COMMIT')
    print(f'{time.monotonic() - start:.4f} s {done}')


main()
