#!/usr/bin/python3
"""docs/rules.md and docs/rules.zh-CN.md, from which a clerk writes a rule
pack: what they show works, and they leave no word out.  `check --rules` says
what became of a pack."""
import os
import re
import subprocess
import sys
import tempfile

from tap import equal, finish, test, true

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'tools'))
sys.dont_write_bytecode = True
import mutate_packs                                             # noqa: E402



def guide(name):
    with open(os.path.join(ROOT, 'docs', name), encoding='utf-8') as f:
        return f.read()


def blocks(text):
    return re.findall(r'^```yaml\n(.*?)^```', text, re.M | re.S)


GUIDE, CHINESE = guide('rules.md'), guide('rules.zh-CN.md')
BLOCKS = blocks(GUIDE)
# The language, as the loader has it; and what only formulas know.
with open(os.path.join(ROOT, 'src', 'pack', 'pack_fields.c'),
          encoding='utf-8') as f:
    WORDS = set(re.findall(r'"([a-z-]+)"', f.read())) | {
        'full', 'equal', 'stated', 'all', 'unstated'}
COLUMNS = {'actual', 'target', 'base', 'nth'}
PACKS = [b for b in BLOCKS if b.startswith('pack:')]


def check(text, **files):
    """(exit status, the lines that `check --rules` prints about a pack)"""
    with tempfile.TemporaryDirectory() as d:
        for name, body in dict(files, pack=text).items():
            with open(os.path.join(d, name + '.yaml'), 'w',
                      encoding='utf-8') as out:
                out.write(body)
        p = subprocess.run([mutate_packs.BAOSONG, 'check', '--rules', '.'],
                           cwd=d, capture_output=True, check=False,
                           env=dict(os.environ, LC_ALL='C.UTF-8'))
    return p.returncode, p.stdout.decode().splitlines()


@test('a pack whose examples come out is ok')
def _():
    code, lines = check(PACKS[0])
    equal((code, lines), (0, ['ok       .', '3 passed, 0 failed']))


@test('one whose examples do not come out is not: what, where, how many')
def _():
    wrong = PACKS[0].replace('points: 7}', 'points: 8}')
    code, lines = check(wrong)
    line = wrong[:wrong.index('points: 8}')].count('\n') + 1
    equal((code, lines), (78, [
        'NOT OK   .: the pack is in order, but 1 of the 2 things its '
        'examples expect is not so',
        f'./pack.yaml:{line}:9: 先普刊后专报，共10分: 财政局 2019-04: 7, '
        'expected 8',
        '2 passed, 1 failed']))


@test('a mark that is expected and missing, or there and not expected, is named')
def _():
    for has, said in (('false', 'there is a 专报, and none is expected'),
                      ('true', 'there is no 普刊, and one is expected')):
        item = '专报' if has == 'false' else '普刊'
        _, lines = check(PACKS[0].replace(
            'points: 7}', f'item: {item}, has: {has}}}'))
        true(lines[1].endswith(f'财政局 2019-04: {said}'), lines[1])


@test('every pack that the guide shows is right, and its examples hold it')
def _():
    equal(len(PACKS), 2)
    for text in PACKS:
        code, lines = check(text)
        equal(code, 0, '\n'.join(lines))
    with tempfile.TemporaryDirectory() as d:
        path = os.path.join(d, 'pack.yaml')
        with open(path, 'w', encoding='utf-8') as f:
            f.write(PACKS[1])
        p = subprocess.run([mutate_packs.__file__, path], check=False,
                           capture_output=True)
    true(b' 0 survived' in p.stdout, p.stdout.decode())


@test('what it shows of a pack is YAML in words of the language')
def _():
    import yaml

    def keys(value):
        if isinstance(value, dict):
            for k, v in value.items():
                yield k
                yield from keys(v)
        elif isinstance(value, list):
            for v in value:
                yield from keys(v)
    for block in BLOCKS:
        used = set(keys(yaml.safe_load(block)))
        true(used, block)
        equal(used - WORDS, set(), block)


@test('its table has every word of the language, once, and no other')
def _():
    for text, head in ((GUIDE, 'All words'), (CHINESE, '全部词语')):
        table = text.split(f'\n## {head}\n')[1].split('\n## ')[0]
        rows = re.findall(r'^\| `([a-z-]+)` \| \S.* \| \S.* \|$', table, re.M)
        equal(len(rows), len(set(rows)), 'a word stands there twice')
        equal(sorted(WORDS - set(rows)), [], 'not in the table')
        equal(sorted(set(rows) - WORDS - COLUMNS), [], 'no such words')


def keys_of_tables(text):
    """the words at the beginning of each row, table after table"""
    return [re.findall('`([^`]*)`', row.split(' | ')[0])
            for row in re.findall(r'^\| (`.*)$', text, re.M)]


@test('the Chinese guide shows the same packs, keys and values')
def _():
    import yaml
    equal([yaml.safe_load(b) for b in blocks(CHINESE)],
          [yaml.safe_load(b) for b in BLOCKS])
    equal(keys_of_tables(CHINESE), keys_of_tables(GUIDE))
    for quoted in re.findall(r'^> .*$', GUIDE, re.M):
        true(quoted in CHINESE, quoted)


@test('every link leads to a heading')
def _():
    for text in (GUIDE, CHINESE):
        heads = {re.sub(r'[^\w\s-]', '', h).strip().lower().replace(' ', '-')
                 for h in re.findall(r'^#+ (.*)$', text, re.M)}
        for link in re.findall(r'\]\(#([^)]*)\)', text):
            true(link in heads, link)


finish()
