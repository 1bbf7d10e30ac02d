#!/usr/bin/python3
"""The mail, Word files and workbooks of other projects, read by the program as
it is: in its sandboxed readers and under its limits.

What is in them is held to their index by corpus_mail.py and corpus_word.py; here
no reader may die, hang or lie, none may ask the system for anything, time and
memory stay bounded, and a workbook that poses as a ledger changes nothing.
$HOSTILE: all files, else every tenth.  Skipped where there are no corpora.
"""
import csv
import glob
import io
import json
import os
import re
import shutil
import subprocess
import sys
import tempfile
import zipfile

from mails import mail
from office import Office
from tap import Skip, equal, test, true, finish

HERE = os.path.dirname(os.path.abspath(__file__))
ROOT = os.path.dirname(os.path.dirname(HERE))
SHARED = os.environ.get('BAOSONG_SHARED') or os.path.join(ROOT, '..', 'shared')
CORPORA = os.path.join(SHARED, 'corpora')
SANITIZED = os.environ.get('VARIANT') in ('san', 'cov')
STEP = 1 if os.environ.get('HOSTILE') else 10
MEGABYTES = 1500 if SANITIZED else 250
SECONDS = 10            # of CPU a file: more is a hang
GUARD = 1800
SIZE_LIMIT = 25 << 20   # of a message, as configured by default
TOKEN = ('<row><c t="inlineStr"><is><t>baosong-ledger:1</t></is></c></row>')

# What a reader may do behind its filter.  Nothing else is even tried, but for
# files that GMime and GLib go on without (converters, /dev/urandom): refused.
ALLOWED = {'read', 'write', 'mmap', 'munmap', 'mremap', 'mprotect', 'madvise', 'munlock',
           'brk', 'futex', 'getrusage', 'exit_group', 'exit', 'getpid',
           'clock_gettime', 'gettimeofday', 'time', 'getrandom', 'tgkill',
           'rt_sigprocmask', 'rt_sigaction', 'rt_sigreturn', 'gettid',
           'sigaltstack', 'sched_yield', 'restart_syscall'}

folder = tempfile.TemporaryDirectory()
office = Office(folder.name)
seen = {'inputs': 0, 'checks': 0, 'megabytes': 0}


def files(*kinds):
    index = os.path.join(CORPORA, 'INDEX.tsv')
    if not os.path.exists(index):
        raise Skip('skipped: no corpora')
    with open(index, encoding='utf-8') as f:
        rows = [r for r in csv.DictReader(f, delimiter='\t',
                                          quoting=csv.QUOTE_NONE)
                if r['file'].split('/')[0] in kinds]
    chosen = [r['file'] for r in rows][::STEP]
    true(chosen, f'no files of {kinds}')
    return [os.path.join(CORPORA, f) for f in chosen]


def content(path):
    with open(path, 'rb') as f:
        return f.read()


def as_mail(n, path):
    """The file as the draft of a mail."""
    to = os.path.join(folder.name, f'{n}.eml')
    with open(to, 'wb') as f:
        f.write(mail('全县春耕备播进展顺利-县财政局-张敏-0539-6201001',
                     files=[(os.path.basename(path), content(path))]))
    return to


def measured(command):
    p = subprocess.run([sys.executable, os.path.join(HERE, 'measure.py')]
                       + command, cwd=folder.name, timeout=GUARD,
                       env=dict(os.environ, LC_ALL='C.UTF-8'),
                       stdout=subprocess.PIPE)
    return json.loads(p.stdout)


def read_all(paths):
    """Each has an outcome, and no reader's end was the cause of it."""
    used = measured(office.command('replay', '--json', *paths))
    equal(used['status'], 0, 'the status of replay')
    said = [json.loads(line) for line in used['out'].splitlines()]
    equal(len(said), len(paths), 'outcomes')
    broken = [s['file'] for s in said if 'reader-died' in s['reasons']]
    equal(broken, [], 'readers that died, hung or lied')
    true(all(s['verdict'] for s in said))
    true(used['cpu'] <= SECONDS * len(paths), f"{used['cpu']:.0f} s")
    true(used['megabytes'] <= MEGABYTES, f"{used['megabytes']:.0f} MB")
    seen['megabytes'] = max(seen['megabytes'], used['megabytes'])
    seen['inputs'] += len(paths)
    seen['checks'] += 2 * len(paths) + 2


@test('corpora: every mail in the sandbox')
def _():
    read_all(files('mail'))


@test('corpora: every Word file, workbook and damaged file, in a mail')
def _():
    paths = [p for p in files('word', 'other', 'sheet', 'tnef')
             if os.path.getsize(p) < SIZE_LIMIT // 2]
    read_all([as_mail(n, p) for n, p in enumerate(paths)])


# ---- workbooks as ledgers ----

def poses(path):
    """The workbook with our token in its first sheet, or None when it is no
    archive that Python can copy."""
    out = io.BytesIO()
    try:
        with zipfile.ZipFile(path) as old, \
                zipfile.ZipFile(out, 'w', zipfile.ZIP_DEFLATED) as new:
            for entry in old.infolist():
                data = old.read(entry)
                if re.search(r'worksheets/[^/]*\.xml$', entry.filename):
                    data = data.replace(b'<sheetData>',
                                        b'<sheetData>' + TOKEN.encode(), 1)
                new.writestr(entry.filename, data)
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, OSError,
            ValueError, EOFError):
        return None
    to = os.path.join(folder.name, 'posing.xlsx')
    with open(to, 'wb') as f:
        f.write(out.getvalue())
    return to


def apply(path):
    """Refused with a sentence, nothing changed."""
    used = measured(office.command('ledger', '--apply', path))
    true(used['status'] in (0, 65), f"{path}: status {used['status']}")
    true(used['cpu'] <= SECONDS, f"{path}: {used['cpu']:.0f} s")
    true(used['megabytes'] <= MEGABYTES, f"{path}: {used['megabytes']:.0f} MB")
    seen['megabytes'] = max(seen['megabytes'], used['megabytes'])
    seen['inputs'] += 1
    seen['checks'] += 3


@test('F15: every workbook as a ledger that came back')
def _():
    bombs = glob.glob(os.path.join(CORPORA, 'sheet', '*', 'poc-*.xlsx'))
    paths = [p for p in files('sheet') if p.endswith('.xlsx')]
    paths = sorted({*paths, *bombs})
    office.set_up()
    before = office.rows('SELECT count(*) FROM mark')
    for path in paths:
        apply(path)
        posing = poses(path)
        if posing:
            apply(posing)
    equal(office.rows('SELECT count(*) FROM mark'), before)
    equal(office.rows('SELECT count(*) FROM submission'), [(0,)])


# ---- what the readers ask the system for ----

def calls_of_readers(paths):
    """[names of the calls] of every process, behind its seccomp filter; a file
    that was asked for and not got is left out."""
    trace = os.path.join(folder.name, 'trace')
    shutil.rmtree(trace, ignore_errors=True)
    os.mkdir(trace)
    p = subprocess.run(['strace', '-ff', '-qq', '-o', f'{trace}/t']
                       + office.command('replay', '--json', *paths),
                       cwd=folder.name, timeout=GUARD,
                       stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    equal(p.returncode, 0, 'replay under strace')
    found = []
    for name in os.listdir(trace):
        with open(os.path.join(trace, name), encoding='utf-8',
                  errors='replace') as f:
            lines = f.read().splitlines()
        walls = [n for n, line in enumerate(lines)
                 if 'SECCOMP_SET_MODE_FILTER' in line
                 or 'PR_SET_SECCOMP' in line]
        if walls:
            found.append({line.split('(')[0] for line in lines[walls[-1] + 1:]
                          if '(' in line and not (line.startswith('openat(')
                                                  and ' EACCES ' in line)})
    return found


@test('a reader asks for memory and time, its socket, and nothing else')
def _():
    if not shutil.which('strace') or SANITIZED:
        raise Skip('no strace, or sanitizers that look around')
    own = [os.path.join(ROOT, 'tests', 'demo', 'mail', n)
           for n in os.listdir(os.path.join(ROOT, 'tests', 'demo', 'mail'))]
    seeds = os.path.join(ROOT, 'tests', 'fuzz', 'seeds')
    own += [os.path.join(seeds, 'mail', n)
            for n in os.listdir(os.path.join(seeds, 'mail'))]
    try:
        own += files('mail') + [as_mail(n, p) for n, p in
                                enumerate(files('word', 'other'))]
    except Skip:
        pass
    readers = calls_of_readers(own)
    true(readers, 'no reader was seen')
    for calls in readers:
        true('read' in calls, str(calls))
        equal(calls - ALLOWED, set(), 'asked for')
    seen['inputs'] += len(own)
    seen['checks'] += 2 * len(readers)


@test('corpora: the sum')
def _():
    print(f"# report: corpora: {seen['inputs']} inputs, {seen['checks']} checks;"
          f" at most {seen['megabytes']:.0f} MB")


finish()
