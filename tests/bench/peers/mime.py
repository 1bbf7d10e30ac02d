#!/usr/bin/python3
"""mime.py FILE... - Python's email package taking the same messages apart and
decoding everything in them, from memory.  Prints "SECONDS s COUNT"."""
import email
import sys
import time
from email.header import decode_header, make_header


def read(data):
    m = email.message_from_bytes(data)
    try:
        str(make_header(decode_header(m['subject'])))
    except (UnicodeError, LookupError):
        pass
    for part in m.walk():
        if part.is_multipart():
            continue
        payload = part.get_payload(decode=True)
        if part.get_content_maintype() == 'text':
            payload.decode(part.get_content_charset() or 'utf-8', 'replace')
        else:
            part.get_filename()


files = [open(path, 'rb').read() for path in sys.argv[1:]]
start = time.monotonic()
for one in files:
    read(one)
print(f'{time.monotonic() - start:.4f} s {len(files)}')
