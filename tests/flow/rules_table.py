#!/usr/bin/python3
"""`baosong rules`: the pack as tables and as JSON, and --diff in words."""
import json
import os
import subprocess
import sys
import tempfile

from tap import equal, finish, test, true

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, os.path.join(ROOT, 'tests', 'tools'))
sys.dont_write_bytecode = True
import mutate_packs                                             # noqa: E402

RULES = os.path.join(ROOT, 'mailrules')
EVERYTHING = os.path.join(ROOT, 'tests/data/rules/everything/pack.yaml')


def rules(*args):
    """(exit status, what was printed, what was complained of)"""
    p = subprocess.run([mutate_packs.BAOSONG, 'rules', *args],
                       capture_output=True, env=dict(os.environ, LC_ALL='C.UTF-8'))
    return p.returncode, p.stdout.decode(), p.stderr.decode()


def pack_file(folder, name, text):
    path = os.path.join(folder, name)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    return path


def read(path):
    with open(path, encoding='utf-8') as f:
        return f.read()


@test('the tables name every item, group, measure and ranking, with clauses')
def _():
    import yaml
    for name in sorted(os.listdir(RULES)):
        code, out, _ = rules(name)
        equal(code, 0, name)
        lines = out.splitlines()
        pack = yaml.safe_load(read(os.path.join(RULES, name, 'pack.yaml')))
        for part in ('items', 'groups', 'measures', 'rankings', 'classes'):
            for x in pack.get(part, []):
                row = [l for l in lines if l.split()[:1] == [x['name']]]
                true(row, f'{name}: {x["name"]} has no row')
                true(x.get('clause', '') in ' '.join(row),
                     f'{name}: {x["name"]}: no {x.get("clause")}')
                true(x.get('choice', '') in out, f'{name}: {x.get("choice")}')
        true(not any(l != l.rstrip() for l in lines), 'blanks at a line\'s end')


@test('columns stand in line, also where Chinese is twice as wide')
def _():
    _, out, _ = rules('tancheng-2019')
    table = out.split('\nitems\n')[1].split('\n\n')[0].splitlines()

    def wide(s):
        return sum(2 if ord(c) > 0x2e7f else 1 for c in s)
    at = wide(table[0][:table[0].index('clause')])
    rows = [l for l in table[1:] if '附件1' in l and 'choice' not in l]
    true(len(rows) > 30)
    equal({wide(l[:l.index('附件1')]) for l in rows}, {at})


@test('JSON has every part, and the points of an item')
def _():
    code, out, _ = rules('--json', 'panyu-2010')
    equal(code, 0)
    d = json.loads(out)
    equal((d['pack'], d['version'], d['effective']),
          ('panyu-2010', 1, '2010-01-01'))
    items = {i['name']: i for i in d['items']}
    equal(items['市批示']['points'], '10')
    equal(items['市批示']['label'], '市批示')
    equal(items['信息上报']['points'], '综合调研: 8\n标题信息: 5\n短波信息: 2')
    equal(items['报送']['points'], '')
    equal({g['name']: g['keep'] for g in d['groups']}['区批示'], 'the highest 1')
    equal([m['targets'] for m in d['measures'] if m['name'] == '年度得分'],
          ['镇街, 部门A类: at least 72\n部门B类: at least 48\n直报点: at least 12'])
    equal(len(d['units']), 80)


@test('--diff of a pack with itself says that nothing changed')
def _():
    for name in sorted(os.listdir(RULES)):
        equal(rules('--diff', name, os.path.join(RULES, name))[:2],
              (0, 'the two say the same\n'))


@test('--diff tells what is new, gone, renamed and changed')
def _():
    text = read(os.path.join(RULES, 'sample-city', 'pack.yaml'))
    old = text[:text.index('examples:')]
    new = old
    for a, b in (('points: 1, clause: 三(三)2', 'points: 2, clause: 三(三)2'),
                 ('name: 专期,', 'name: 专刊, was: [专期],'),
                 ('  - {name: 年度达标,', '  - {name: 新项, clause: 九}\n'
                  '  - {name: 年度达标,'),
                 ('  - {name: 失实, group: 扣分, points: -10, clause: 三(三)6}\n', ''),
                 ('at-least: 40', 'at-least: 45'), ('keep: 5', 'keep: 6')):
        true(a in new, a)
        new = new.replace(a, b, 1)
    with tempfile.TemporaryDirectory() as d:
        code, out, _ = rules('--diff', pack_file(d, 'old.yaml', old),
                             pack_file(d, 'new.yaml', new))
    equal(code, 0)
    equal([l for l in out.splitlines() if not l.startswith('    ')], [
        'items: 快报: points changed from 1 to 2',
        'items: 专期 is called 专刊 now',
        'items: 新项 is new',
        'items: 失实 is gone',
        'groups: 乡镇优秀: keep changed from the highest 5 to the highest 6',
        'measures: 年度得分: targets changed from 综合部门: at least 40 '
        'to 综合部门: at least 45',
        'the version is still the same: raise it'])
    true('    points: -10\n' in out, 'what is gone is not told whole')


@test('--diff tells every number that is changed in a pack')
def _():
    text = read(EVERYTHING)
    whole = text.index('\nexamples:')
    with tempfile.TemporaryDirectory() as d:
        pack_file(d, 'roster.yaml', read(EVERYTHING.replace('pack.', 'roster.')))
        old = pack_file(d, 'old.yaml', text[:whole])
        for a, b, line, what, news in mutate_packs.changes(text):
            new = pack_file(d, 'new.yaml', text[:a] + news[0] + text[b:whole])
            code, out, err = rules('--diff', old, new)
            equal(code, 0, f'{line}: {what}: {err}')
            true(' changed from ' in out, f'{line}: {what} is not told: {out}')


@test('what cannot be read or is not asked rightly is said')
def _():
    equal(rules('--diff', 'panyu-2010')[0], 64)
    equal(rules('--diff', '--json', 'panyu-2010', 'panyu-2010')[0], 64)
    equal(rules('panyu-2010', 'sample-city')[0], 64)
    code, out, err = rules('no-such-pack')
    equal((code, out), (78, ''))
    true('no-such-pack' in err, err)


finish()
