#!/usr/bin/python3
"""The texts that an office changes: every letter can be looked at, one of its
own takes the place of the program's, and mistakes are found when they are
loaded, with their place and the nearest name."""
import atexit
import collections
import glob
import os
import re
import shutil
import tempfile

from mails import draft
from office import ROOT, Office, text_of
from tap import equal, finish, test, true

LETTERS = sorted(os.path.basename(p).split('.')[0] for p in
                 glob.glob(f'{ROOT}/templates/*.txt.mustache'))


def office(**own):
    """With files of its own in data/templates: name -> text, '__' for '.'"""
    folder = tempfile.mkdtemp(prefix='baosong-templates-')
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    o = Office(folder)
    os.makedirs(f'{o.data}/templates')
    for name, text in own.items():
        path = f'{o.data}/templates/{name.replace("__", ".")}'
        with open(path, 'w', encoding='utf-8') as f:
            f.write(text)
    return o


@test('every letter has a preview, signed and dated, with nothing left open')
def _():
    o = office()
    true(len(LETTERS) > 25)
    for name in LETTERS:
        for option in ([], ['--html']):
            said = o.must('preview', *option, name).out
            true('{{' not in said and 'baosong ' not in said, (name, said))
            true('郯城县人民政府办公室信息科' in said, (name, said))
            true(re.search('[0-9]{4}年[0-9]+月[0-9]+日', said), (name, said))
    r = o.run('preview', 'reciept')
    true(r.code == 64 and 'receipt' in r.out + r.err, r)


@test('letters to units are text and HTML, with the same words')
def _():
    o = office()
    for name in ('receipt', 'return', 'held', 'quarantine', 'query-answer',
                 'commission', 'reminder', 'commission-cancelled', 'bulletin',
                 'criticism', 'quota', 'registered'):
        true(os.path.exists(f'{ROOT}/templates/{name}.html.mustache'), name)
        text = o.must('preview', name).out
        html = o.must('preview', '--html', name).out
        bare = re.sub(r'<[^>]*>|[\s　]', '', html)
        for line in text.splitlines()[2:-5]:
            word = re.split('[：●]', re.sub(r'[\s　]', '', line))[-1][:12]
            true(word in bare, (name, word, bare))


@test('a letter, a part and a word of the office replace those of the program')
def _():
    o = office(receipt__txt__mustache='Subject: 收到 {{number}}\n'
               '{{unit}}：来件收悉。\n{{> foot}}\n',
               receipt__html__mustache='<p>{{unit}}：来件收悉。</p>\n',
               desk__ini='[desk]\nmarked=记好了：{{number}}\n')
    o.set_up()
    o.deliver(draft(), '2019-03-05 09:12')
    o.poll(now='2019-03-05 09:13')
    m, = o.sent('czj@tancheng.example')
    equal(m['Subject'], '收到 2019-0001')
    true(text_of(m).startswith('县财政局：来件收悉。'), text_of(m))
    said = o.must('desk', '标注 2019-0001 普刊 2019-03-12').out
    equal(said.splitlines()[0], '记好了：2019-0001')


@test('mistakes: the file, the place, the nearest name; nothing starts')
def _():
    for name, text, says in (
            ('receipt__txt__mustache', 'Subject: 收到\n{{titel}}\n',
             ('receipt.txt.mustache:2:1', '"title"')),
            ('receipt__txt__mustache', '收到\n', ('receipt.txt.mustache',)),
            ('reciept__txt__mustache', 'Subject: 收到\n', ('reciept',)),
            ('quota__html__mustache', '{{#measures}}\n',
             ('quota.html.mustache:1', 'measures')),
            ('desk__ini', '[desk]\nmarked={{nubmer}}\n',
             ('desk.ini desk.marked:1:1', '"number"')),
            ('desk__ini', '[desk]\nmaked=x\n', ('desk.ini', 'desk.marked')),
            ('ledger__ini', '[line]\ntitle={{perod}}\n',
             ('ledger.ini line.title', '"period"')),
            ('ledger__ini', '[column]\nnumbr=号\n',
             ('ledger.ini', 'column.number')),
            ('bulletin__ini', '[title]\nmain={{perod}}\n',
             ('bulletin.ini title.main', '"period"')),
            ('reasons__ini', '[no-titel]\nshort=x\n',
             ('reasons.ini', 'no-title'))):
        o = office(**{name: text})
        for command in ('check', 'poll'):
            r = o.run(command)
            true(r.code in (65, 78), (name, r))
            for word in says:
                true(word in r.out + r.err, (name, word, str(r)))


def literals():
    """How often each string stands in the program."""
    found = collections.Counter()
    for path in glob.glob(f'{ROOT}/src/**/*.[ch]', recursive=True):
        with open(path, encoding='utf-8') as f:
            found.update(re.findall(r'"((?:[^"\\\n]|\\.)*)"', f.read()))
    return found


def catalogue(path):
    """(section, key) of each word of an .ini file."""
    section = None
    with open(path, encoding='utf-8') as f:
        for line in f:
            if line.startswith('['):
                section = line.strip()[1:-1]
            elif '=' in line and not line.startswith('#'):
                yield section, line.split('=')[0]


@test('no file of the templates and no word is there for nobody')
def _():
    named = literals()
    files = [p for p in glob.glob(f'{ROOT}/templates/**', recursive=True)
             if os.path.isfile(p)]
    texts = ''
    for path in files:
        with open(path, encoding='utf-8') as f:
            texts += f.read()
    unused = [os.path.basename(p) for p in files
              if os.path.basename(p) not in named
              and os.path.basename(p).split('.')[0] not in named
              and f'{{{{> {os.path.basename(p).split(".")[0]}}}}}' not in texts]
    equal(unused, [], 'files')
    # once in the list of what there must be, once where it is used
    words = [f'{os.path.basename(p)} {section}.{key}' for p in files
             if p.endswith('.ini') and os.path.basename(p) != 'samples.ini'
             for section, key in catalogue(p)
             if named[f'{section}.{key}'] < 2 and key not in named]
    equal(words, [], 'words')


@test('orders are asked for in one wording')
def _():
    for path in glob.glob(f'{ROOT}/templates/*'):
        if os.path.isfile(path):
            with open(path, encoding='utf-8') as f:
                said = re.findall('[^。，；]{0,9}(?:请发：|请发“|撤回，请)', f.read())
            equal(said, [], path)


finish()
