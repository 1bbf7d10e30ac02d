"""Stages of Word files and workbooks."""
import glob
import json
import os
import re
import subprocess
import tempfile

from bench import BIN, DATA, PEERS
from measure import run, side_by_side
from servers_of_bench import ROOT
import word_equal

LEDGER_ROWS = 50000


# ---- Word ----

def soffice(paths, kind='txt:Text (encoded):UTF8'):
    """Text of all files by one LibreOffice; {stem: text}."""
    with tempfile.TemporaryDirectory() as out, \
            tempfile.TemporaryDirectory() as profile:
        took = run(['soffice', f'-env:UserInstallation=file://{profile}',
                    '--headless', '--convert-to', kind, '--outdir', out,
                    *paths])
        texts = {}
        for path in glob.glob(f'{out}/*.txt'):
            with open(path, encoding='utf-8', errors='replace') as f:
                texts[os.path.basename(path)[:-4]] = f.read()
    return took, texts


def stage_word(b):
    docx, doc = b.words('docx')[:60], b.words('doc')
    for kind, files in (('docx', docx), ('doc', doc)):
        if not files:
            b.skipped.add('libreoffice-writer-nogui')
            continue
        things = {f'baosong, .{kind}': lambda: run(
            [f'{BIN}/readspeed', 'word', '5', *files])}
        if kind == 'docx' and b.has_module('docx'):
            things['python-docx'] = lambda: run(
                ['/usr/bin/python3', f'{PEERS}/word.py', *files])
        if b.has('soffice', 'libreoffice-writer-nogui'):
            things['LibreOffice, one process'] = lambda: soffice(files)[0]
        rows = side_by_side(f'text of {len(files)} .{kind} files',
                            min(b.rounds, 3), things)
        ours = rows[f'baosong, .{kind}']
        if 'python-docx' in rows:
            b.goals.at_least('.docx beside python-docx', 40,
                             rows['python-docx'], ours)
        if 'LibreOffice, one process' in rows:
            b.goals.at_least(f'.{kind} beside LibreOffice', 400,
                             rows['LibreOffice, one process'], ours)


def stage_word_equal(b):
    """Needs the shared corpora, LibreOffice and python3-uno."""
    base = b.shared('corpora')
    if not base:
        b.skipped.add('the corpora of Word files')
    elif b.has('soffice', 'libreoffice-writer-nogui') and b.has_module('uno'):
        both, equal = word_equal.compare(base, b.tools)
        share = 100 * equal / both
        b.goals.add("text equal to LibreOffice's", '>= 98 %', f'{share:.1f} %',
                    f'{equal} of {both} files', share >= 98)


# ---- workbooks ----

def plain_data(b, path, *rows):
    """What a workbook of ours shows, for a peer to write again; None without
    openpyxl."""
    if not b.has_module('openpyxl'):
        return None
    out = f'{path[:-5]}.json'
    run(['/usr/bin/python3', f'{PEERS}/plain_workbook.py', path, out, *rows])
    return out


def stage_bulletin(b):
    """100 units; the peer writes the same sheets, formats and charts."""
    out, theirs = f'{DATA}/bulletin.xlsx', f'{DATA}/bulletin-openpyxl.xlsx'

    def ours():
        return run([f'{b.tools}/write_bulletin', f'{ROOT}/templates', out,
                    '55', 'time'])
    things = {'baosong': ours}
    ours()
    data = plain_data(b, out)
    if data:
        things['openpyxl'] = lambda: run(
            ['/usr/bin/python3', f'{PEERS}/openpyxl_bulletin.py', data,
             theirs])
    rows = side_by_side('bulletin of 100 units', b.rounds, things)
    if data:
        b.goals.at_least('bulletin beside openpyxl', 15, rows['openpyxl'],
                         rows['baosong'])


def exceljs(b):
    """Its folder, installed by npm once; None where that cannot be."""
    folder = f'{DATA}/npm'
    if not os.path.isdir(f'{folder}/node_modules/exceljs'):
        if not b.has('npm') or not b.has('node', 'nodejs'):
            return None
        os.makedirs(folder, exist_ok=True)
        if subprocess.run(['npm', 'install', '--silent', 'exceljs'],
                          cwd=folder, stdout=subprocess.DEVNULL,
                          stderr=subprocess.DEVNULL).returncode:
            b.skipped.add('exceljs')
            return None
    return f'{folder}/node_modules'


def write_ledger(b, path, rows):
    return run([f'{b.tools}/write_ledger', f'{ROOT}/templates', path,
                str(rows)], memory=True)


def stage_ledger(b):
    """The peer writes the same columns, formats, validations and conditional
    formats, a row at a time, as the program does."""
    out, few = f'{DATA}/ledger.xlsx', f'{DATA}/ledger-few.xlsx'
    count = b.size(LEDGER_ROWS, 100)
    things = {'baosong': lambda: write_ledger(b, out, count)}
    modules = exceljs(b)
    write_ledger(b, few, 2)
    data = modules and plain_data(b, few, '2')
    if data:
        things['exceljs'] = lambda: run(
            ['node', f'{PEERS}/exceljs_ledger.js', modules, data,
             f'{DATA}/ledger-exceljs.xlsx', str(count)], memory=True)
    rows = side_by_side(f'ledger of {count} rows', b.rounds, things)
    peak = rows['baosong'].peak / 1024
    if data:
        b.goals.at_least('ledger beside exceljs', 3, rows['exceljs'],
                         rows['baosong'])
    b.goals.add('memory of the ledger', '<= 20 MB', f'{peak:.0f} MB', '',
                peak <= 20)


# ---- near duplicates ----

KIND = re.compile(r'^(.+?) +\d+ asked  source named +([0-9.]+)%  '
                  r'flagged +([0-9.]+)%', re.M)
# Of gen_dups.py too: what the issue does not ask for is only printed.
UNRELATED = ('unrelated', 'new')
UNASKED = ('every 3rd sentence', 'char20', 'two')


def ask_neardup(b, what, drafts, *more):
    """What its own program says (docs/similar.md)."""
    queries = str(max(20, min(400, drafts // 250)))
    out = run([f'{b.tools}/neardup_bench', '--drafts', str(drafts),
               '--queries', queries, '--seed', str(b.seed), '--words',
               f'{ROOT}/tests/data/prose.txt', *more]).out
    print(f'\nnear duplicates, {what}\n{out}', end='')
    return out


def judge_time(b, what, milliseconds, out):
    took = float(re.search(r'([0-9.]+) ms a draft', out).group(1))
    b.goals.add(f'a draft, {what}', f'<= {milliseconds} ms', f'{took:.2f} ms',
                '', took <= milliseconds)


def judge_found(b, what, out):
    kinds = {name: (float(named), float(flagged))
             for name, named, flagged in KIND.findall(out)}
    named = {k: v[0] for k, v in kinds.items()
             if k not in UNRELATED + UNASKED}
    worst = min(named, key=named.get)
    flagged = max(v[1] for k, v in kinds.items() if k in UNRELATED)
    b.goals.add(f'copies named, {what}', '>= 99 %', f'{named[worst]:.1f} %',
                f'the least: {worst}', named[worst] >= 99)
    b.goals.add(f'unrelated flagged, {what}', '<= 0.5 %', f'{flagged:.2f} %',
                '', flagged <= 0.5)


def neardup(b, what, drafts, *more):
    out = ask_neardup(b, what, drafts, *more)
    judge_found(b, what, out)
    judge_time(b, what, 2, out)


def stage_similar(b):
    neardup(b, '100,000 made', b.size(100000, 2000))


def stage_similar_given(b):
    """Drafts of the shared generator."""
    maker = None if b.smoke else b.shared('bench')
    if not maker:
        b.skipped.add('the shared generator of drafts')
        return
    folder = f'{DATA}/drafts-{b.seed}'
    if not os.path.exists(f'{folder}/queries.tsv'):
        run(['/usr/bin/python3', f'{maker}/gen/gen_dups.py', folder, '-n',
             '100000', '-q', '400', '--seed', str(b.seed)])
    neardup(b, '100,000 given', 100000, '--given', folder)


def stage_similar_million(b):
    """Of so many only time and size are asked for; what is found is told."""
    what = '1,000,000 made'
    out = ask_neardup(b, what, b.size(1000000, 3000))
    judge_time(b, what, 5, out)
    size = sum(float(n) for n in re.findall(r'drafts, ([0-9.]+) MB', out))
    made = float(re.search(r'made in ([0-9.]+) s', out).group(1))
    b.goals.add('index of 1,000,000', '<= 1024 MB', f'{size:.0f} MB',
                f'made in {made:.1f} s', size <= 1024)


# ---- scores ----

def stage_scores(b):
    """A year of 2,000 units scored, beside reading its facts from SQLite."""
    for pack in sorted(glob.glob(f'{ROOT}/mailrules/*/')):
        said = subprocess.run([f'{b.tools}/scorespeed', pack,
                               *b.size((), ('50', '2000'))], check=False,
                              stdout=subprocess.PIPE).stdout
        took = json.loads(said)
        print(f'scores by {took["pack"]}: {took["ratio"]} readings, '
              f'{took["us_a_mark"]} us a mark')
        b.goals.add(f'scores by {took["pack"]} beside reading them',
                    '<= 10x', f'{took["ratio"]}x',
                    f'{took["us_a_mark"]} us a mark', took['ratio'] <= 10)


STAGES = {'word': stage_word, 'word-equal': stage_word_equal,
          'bulletin': stage_bulletin,
          'ledger': stage_ledger, 'similar': stage_similar,
          'similar-given': stage_similar_given,
          'similar-million': stage_similar_million, 'scores': stage_scores}
