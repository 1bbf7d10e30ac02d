#!/usr/bin/python3
"""`explain` read by somebody who has only the regulation in hand: each line with
clause, fact, date, who and how the groups decided, under each of the five packs;
what stands beside the lines; and marks that the rules of their day do not know.
"""
import os
import re
import shutil
import tempfile
from decimal import Decimal

from office import ROOT, STAFF, Office, text_of
from tap import equal, finish, test, true


def office(folder, pack, units=None, now='2019-01-02 08:00'):
    """An office of its own under a pack; {class: [unit]} instead of a roster
    that the regulation does not give."""
    o = Office(folder)
    shutil.copytree(f'{ROOT}/mailrules/{pack}', f'{folder}/rules')
    if units:
        with open(f'{folder}/rules/roster.yaml', 'w', encoding='utf-8') as f:
            f.write('units:\n' + ''.join(
                f'  - {{name: {u}, class: {c}}}\n'
                for c in units for u in units[c]))
    o.configure(rules='rules')
    o.poll(now=now)
    return o


def with_office(pack, units=None, now='2019-01-02 08:00'):
    def decorator(f):
        def run():
            with tempfile.TemporaryDirectory() as d:
                f(office(d, pack, units, now))
        return run
    return decorator


def desk(o, day, *order, stdin=None):
    r = o.run('desk', *order, now=f'{day} 10:00', stdin=stdin)
    equal(r.code, 0, r)
    return r.out


def enter(o, day, unit, title='一件事'):
    return re.search(r'\d{4}-\d{4}', desk(o, day, '补录', unit, title)).group()


def mark(o, number, *marks):
    for item, day, *more in marks:
        desk(o, day, '标注', number, item, day, *more)


def commission(o, day, due, units):
    out = desk(o, day, '-', stdin=f'约稿 春耕\n截止：{due} 17:00\n'
               f'单位：{units}\n')
    return re.search(r'\d{4}-\d{2}', out).group()


class Explained:
    """What `explain` printed, by its parts."""

    def __init__(self, o, who, period, now):
        self.text = o.must('explain', who, period, now=now + ' 09:00').out
        parts = self.text.split('\n\n')
        self.head = [x for x in parts[0].splitlines()
                     if not re.match(r'\d{4}-|total', x)]
        self.lines = [x for x in parts[0].splitlines()
                      if re.match(r'\d{4}-\d\d-\d\d', x)]
        self.totals = [x.split()[1] for x in parts[0].splitlines()
                       if x.startswith('total')]
        self.parts = {p.split('\n')[0]: p.splitlines()[1:] for p in parts[1:]}
        points = sum(Decimal(re.match('-?[0-9.]+', x.split()[1]).group())
                     for x in self.lines)
        if self.totals:
            equal(points, Decimal(self.totals[0]), self.text)

    def line(self, item, nth=0):
        found = [x for x in self.lines if x.split()[2] == item]
        true(len(found) > nth, f'{item}: {self.text}')
        return found[nth]

    def part(self, begins):
        found = [p for k, p in self.parts.items() if k.startswith(begins)]
        true(found, f'{begins}: {self.text}')
        return '\n'.join(found[0])


def says(line, *words):
    for w in words:
        true(w in line, f'{w!r}: {line}')


@test('tancheng: which mark won, what it counted before, who waived and why')
@with_office('tancheng-2019')
def _(o):
    a = enter(o, '2019-03-05', '县财政局', '减税降费')
    desk(o, '2019-03-06', '联合', a, '县财政局', '县农业农村局')
    mark(o, a, ('简讯', '2019-03-12'), ('普刊', '2019-03-15'),
         ('市专报采用', '2019-03-20'))
    c = commission(o, '2019-03-04', '2019-03-20', '财政局、教育局')
    desk(o, '2019-03-28', '免约', c, '教育局', '机构调整')
    desk(o, '2019-03-31', '记分', '财政局', '以干代训', '2019-03-31', '×2',
         '跟班两人')
    desk(o, '2019-03-31', '记分', '财政局', '重大信息未报', '2019-03-31', '某事')
    x = Explained(o, '财政局', '2019-03', '2019-04-02')
    says(x.head[1], '郯政办字[2019]10号', 'version 1', 'since 2019-03-01')
    says(x.line('简讯', 1), '-1', '附件1 三(二)1(1)', f'{a} 减税降费', '王芳',
         '"县采用" counts only the highest 1: 普刊 of 2019-03-15 goes before',
         'mark of 2019-03-12', 'counted 1 before')
    says(x.line('普刊', 1), '"采用" (附件1 三(二)末) counts only',
         '市专报采用 of 2019-03-20')
    says(x.line('市专报采用'), 'joint: each unit gets all of it')
    says(x.line('约稿未报'), f'{c} 春耕', 'commission not answered', 'worth -2')
    says(x.line('以干代训'), '跟班两人', 'worth 20 (10 each; ×2)')
    says(x.line('重大信息未报'), 'no award this year: 取消年度选优资格')
    says(x.part('rankings'), '月度得分  rank 1', 'no award this year')
    says(x.part('where the regulation is silent, decided by 信息科'),
         '采用: 只在各刊物之间取最高', '约稿扣分: ')
    waived = Explained(o, '教育局', '2019-03', '2019-04-02').line('约稿未报', 1)
    says(waived, '王芳', '机构调整', 'the commission was waived',
         'counted -2 before')
    both = Explained(o, a, '2019-03', '2019-04-02')
    says(both.line('普刊'), '县财政局')
    says(both.line('普刊', 1), '县农业农村局')


@test('panyu: cases by form, quarters met and missed, four in a row')
@with_office('panyu-2010', now='2010-01-02 08:00')
def _(o):
    b = enter(o, '2010-04-12', '沙湾镇', '调研')
    desk(o, '2010-04-12', '改', b, '类别=综合调研')
    mark(o, b, ('信息上报', '2010-04-16'), ('区领导批示', '2010-04-17'),
         ('市采用', '2010-04-20'), ('省批示', '2010-05-20'))
    commission(o, '2010-05-04', '2010-05-20', '石基镇')
    x = Explained(o, '沙湾镇', '2010', '2011-01-02')
    says(x.line('信息上报'), '四(二)3', 'worth 8 (综合调研: 8)')
    says(x.line('区领导批示'), 'together with one of 政务动态, 信息上报: 5')
    says(x.line('市采用', 1), '-8', '省批示 of 2010-05-20 goes before')
    beside = x.part('without points')
    says(beside, '季度达标', 'target met: 季度得分 (33, target 18)',
         'target not met: 季度得分 (0, target 18); criticism: 书面通报批评')
    says(x.part('tasks'), '年度得分  2010年度  33 of at least 72  not met')
    says(x.part('where'), '上级加分: “按以下最高加分值”')
    four = Explained(o, '石基镇', '2010', '2011-01-02')
    says(four.line('约稿未按要求'), 'commission not answered in time')
    says(four.part('without'), '连续四季未完成', '(4, target 3)',
         '建议更换信息员')


@test('haidong: stated shares, an item that waits for another, no points at all')
@with_office('haidong-2023', {'县区': ['乐都区人民政府'],
                              '市直部门单位': ['市教育局', '市水务局']},
             now='2023-03-02 08:00')
def _(o):
    a = enter(o, '2023-03-05', '乐都区人民政府')
    desk(o, '2023-03-06', '联合', a, '乐都区人民政府:6', '市教育局:4')
    mark(o, a, ('国办采用', '2023-03-09'), ('省办通报', '2023-03-19'),
         ('海东单篇', '2023-03-20'))
    commission(o, '2023-03-04', '2023-03-20', '市水务局')
    x = Explained(o, '乐都区人民政府', '2023-Q1', '2023-04-01')
    says(x.line('国办采用'), ' 0 ', 'no case that gives points applies '
         '(together with 省办通报: 20)')
    says(x.line('国办采用', 1), '2023-03-19', ' 12 ', 'a share of 3/5',
         'mark of 2023-03-09')
    says(x.line('海东单篇'), 'worth 3 (5 each; a share of 3/5)')
    says(Explained(o, '市水务局', '2023-Q1', '2023-04-01')
         .part('without points'), '约稿不报', 'criticism: 不报')


@test('haicheng: no points, tasks by form')
@with_office('haicheng-2019')
def _(o):
    a = enter(o, '2019-02-05', '区发展和改革局')
    desk(o, '2019-02-05', '改', a, '类别=调研')
    x = Explained(o, '区发展和改革局', '2019-Q1', '2019-04-01')
    equal(x.totals, [], 'nothing is counted in points')
    says(x.part('tasks'), '季调研  2019年第一季度  1 of at least 1  met',
         '季问题  2019年第一季度  0 of at least 1  not met  附件1')
    says(x.part('where'), '季采用: 区、市、自治区任何一级采用都算')


@test('sample city: what the regulation does not state, a pot of the office')
@with_office('sample-city', {'乡镇': ['东镇'], '综合部门': ['市财政局'],
                             '其他部门': ['市水利局']})
def _(o):
    a = enter(o, '2019-03-01', '东镇')
    mark(o, a, ('乡镇优秀信息', '2019-04-01'), ('国办采用', '2019-04-02'))
    desk(o, '2019-04-11', '记分', '东镇', '重大信息瞒报', '2019-04-11', '某案')
    x = Explained(o, '东镇', '2019', '2020-01-01')
    says(x.line('报送'), 'the regulation states no points')
    says(x.line('乡镇优秀信息'), 'worth 5 (乡镇: 5)')
    says(x.line('国办采用'), 'praise: 予以表彰')
    says(x.line('重大信息瞒报'), 'no award this year: 取消年度评先资格')
    says(x.part('rankings'), '年度得分表  rank ', 'no award this year')
    says(x.part('where'), '月报送: 当月多报的不补前后月')


# ---------------------------------------------------------------- adjustments
@test('what is corrected later: published, now, and the total with it')
@with_office('tancheng-2019')
def _(o):
    a = enter(o, '2019-03-05', '县财政局')
    mark(o, a, ('普刊', '2019-03-12'))
    o.must('bulletin', '--publish', '2019-03', now='2019-04-01 09:00')
    desk(o, '2019-04-08', '撤销', a, '普刊', '2019-03-12', '查无此文')
    x = Explained(o, '财政局', '2019-04', '2019-05-01')
    equal(x.totals, ['0'])
    says(x.part('adjustments'), '2019-03-12', '-3', '普刊',
         'published 3, now 0', 'with these       -3')
    march = Explained(o, '财政局', '2019-03', '2019-05-01')
    equal(march.totals, ['0.2'])
    true('published as 3.2; what has changed since' in march.text, march.text)


# ---------------------------------------------------------------- not counted
def without_item(o, item):
    """The clerk takes an item, and the examples that speak of it, out."""
    path = f'{o.folder}/rules/pack.yaml'
    with open(path, encoding='utf-8') as f:
        text = f.read()
    text = re.sub(r'\n  - \{name: %s, [^\n]*(\n      [^\n]*)*' % item, '', text)
    text = re.sub(r'\nexamples:.*', '\nexamples: []\n', text, flags=re.S)
    with open(path, 'w', encoding='utf-8') as f:
        f.write(text)
    os.utime(path)


@test('a mark whose item left the pack is named wherever points are told')
@with_office('tancheng-2019')
def _(o):
    a = enter(o, '2019-03-05', '县财政局', '春耕')
    mark(o, a, ('简讯', '2019-03-12'))
    out = o.run('check', now='2019-03-20 09:00').out
    true('marks: the rules of their days know them all' in out, out)
    without_item(o, '简讯')
    refused = o.run('desk', '标注', a, '简讯', '2019-03-13',
                    now='2019-03-20 09:00').out
    true('没有“简讯”' in refused, refused)
    r = o.run('scores', '2019-03', now='2019-04-01 09:00')
    true(f'worth nothing: 2019-03-12 简讯 {a} 春耕' in r.err, r)
    x = Explained(o, '财政局', '2019-03', '2019-04-01')
    equal(x.totals, ['0.2'])
    says(x.part('recorded, but worth nothing'), '2019-03-12', '简讯', a, '王芳')
    r = o.run('check', now='2019-04-01 09:00')
    true('简讯: 1 mark since 2019-03-12: worth nothing' in r.out, r)
    equal(r.code, 65, r)
    o.poll(now='2019-03-21 09:00')
    o.poll(now='2019-03-22 09:00')
    letters = [m for m in o.sent(STAFF) if '不再计分' in m['Subject']]
    equal(len(letters), 1, 'told once')
    true('简讯：1项，最早为2019年3月12日' in text_of(letters[0]))
    desk(o, '2019-04-02', '通报', '2019-03')
    o.poll(now='2019-04-02 12:00')
    draft = [m for m in o.sent(STAFF) if '通报稿' in m['Subject']][-1]
    true(f'2019-03-12 简讯 {a} 春耕 王芳' in text_of(draft), text_of(draft))


@test('a unit by any of its names; of a misspelt one the nearest is named')
@with_office('tancheng-2019')
def _(o):
    said = [o.must('explain', name, '2019-03', now='2019-04-01 09:00').out
            for name in ('财政局', '县财政局', '郯城县财政局')]
    equal(len(set(said)), 1, said)
    r = o.run('explain', '财正局', '2019-03', now='2019-04-01 09:00')
    true(r.code == 65 and 'did you mean 县财政局?' in r.err, r)
    r = o.run('explain', '无此', '2019-03', now='2019-04-01 09:00')
    true(r.code == 65 and 'did you mean' not in r.err, r)


finish()
