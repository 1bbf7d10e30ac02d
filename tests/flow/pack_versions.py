#!/usr/bin/python3
"""A regulation is replaced in mid-year: two packs in one folder, from the
first mark to the published bulletins, seen from outside."""
import os
import re
import tempfile
from decimal import Decimal

import openpyxl

from office import ROOT, Office
from tap import equal, finish, test, true

SECOND = '''pack: tancheng-2019b
title: 郯城县政务信息工作考评办法（修订）
version: 1
effective: 2019-07-01
choices-by: 信息科
bulletin: quarter
decimals: 1
joint: full
classes: [{name: 乡镇(街道、开发区、景区)}, {name: 县直部门单位}]
groups:
  - {name: 报送分, keep: all}
  - {name: 采用, keep: 1}
items:
  - {name: 报送, group: 报送分, when: submitted, points: 0.5, clause: 新一}
  - {name: 要刊, group: 采用, points: 5, clause: 新二, was: [普刊]}
  - {name: 市专报采用, group: 采用, points: 12, clause: 新三}
  - {name: 内参, group: 采用, points: 20, clause: 新四}
measures: [{name: 得分, points: [all]}]
rankings: [{name: 季度得分, per: quarter, by: 得分}]
examples:
  - name: 要刊5分
    facts: [{date: 2019-07-05, mark: 要刊, unit: 县财政局}]
    expect: [{unit: 县财政局, period: 2019-07, points: 5}]
'''


def office(folder):
    o = Office(folder)
    o.own_rules()
    with open(f'{folder}/rules/pack-2019b.yaml', 'w', encoding='utf-8') as f:
        f.write(SECOND)
    o.set_up()
    return o


def desk(o, now, *order):
    return o.must('desk', *order, now=now).out


def unit(scores, name='财政局'):
    return [u for u in scores['units'] if u['unit'] == name][0]


def a_year(o):
    """Facts of both halves, recorded when they happened."""
    desk(o, '2019-05-06 09:00', '补录', '县财政局', '春季工作', '2019-05-06')
    desk(o, '2019-05-10 09:00', '标注', '2019-0001', '普刊', '2019-05-10')
    desk(o, '2019-06-04 09:00', '补录', '县财政局', '夏季工作', '2019-06-04')
    desk(o, '2019-06-10 09:00', '标注', '2019-0002', '简讯', '2019-06-10')
    desk(o, '2019-07-03 09:00', '补录', '县财政局', '秋季工作', '2019-07-03')
    desk(o, '2019-07-05 09:00', '标注', '2019-0003', '要刊', '2019-07-05')
    desk(o, '2019-07-08 09:00', '标注', '2019-0001', '市专报采用', '2019-07-08')


def scored(o, period, *more):
    return o.json('scores', *more, period, now='2019-10-08 09:00')


@test('facts are worth what the pack in force on their day says')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        a_year(o)
        equal(unit(scored(o, '2019-05'))['points'], '3.2')
        equal(unit(scored(o, '2019-06'))['points'], '1.2')
        # 0.5 and 5 of the new one; 12 instead of the 3 of May
        july = unit(scored(o, '2019-07'))
        equal(july['points'], '14.5')
        equal([(x['item'], x['clause'], x['points']) for x in july['lines']],
              [('报送', '新一', '0.5'), ('要刊', '新二', '5'),
               ('要刊', '附件1 三(二)1(1)', '-3'),
               ('市专报采用', '新三', '12')])
        equal(july['points_to_date'], '18.9')
        equal(unit(scored(o, '2019'))['points'], '18.9')
        equal(july['counts'].get('要刊'), 1)


@test('a reckoning of the first half does not know the second pack')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        a_year(o)
        before = scored(o, '2019-H1')
        os.remove(f'{d}/rules/pack-2019b.yaml')
        equal(scored(o, '2019-H1'), before)
        true('附件1' in o.must('explain', '财政局', '2019-05').out)


@test('what the pack of the day does not have cannot be marked')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        a_year(o)
        late = o.run('desk', '标注', '2019-0003', '简讯', '2019-07-09',
                     now='2019-07-09 09:00')
        true('简讯' in late.out and '已标注' not in late.out, late)
        early = o.run('desk', '标注', '2019-0002', '内参', '2019-06-20',
                      now='2019-07-09 09:00')
        true('内参' in early.out and '已标注' not in early.out, early)
        # late, but of the old pack's time; and by the name of today
        desk(o, '2019-07-09 09:00', '标注', '2019-0002', '报市办', '2019-06-20')
        desk(o, '2019-07-09 09:00', '标注', '2019-0002', '要刊', '2019-06-21')
        equal(unit(scored(o, '2019-06', '--recompute'))['points'], '3.2')
        equal([m for m in o.json('list', '2019-06',
                                 now='2019-07-09 10:00')][0]['marks'][-1]['item'],
              '普刊')
        desk(o, '2019-07-09 09:00', '撤销', '2019-0002', '要刊')


@test('bulletins: the last month of the old pack, the first quarter of the new')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        a_year(o)
        o.poll(now='2019-07-20 08:00')     # off on the day of the change
        o.poll(now='2019-10-08 08:00')
        drafts = [m['Subject'] for m in o.sent('wangfang@mail.tancheng.example')
                  if '通报' in m['Subject']]
        equal(len([s for s in drafts if '6月' in s]), 1, drafts)
        equal(len([s for s in drafts if '第三季度' in s]), 1, drafts)
        equal(len([s for s in drafts if '7月' in s or '8月' in s]), 0, drafts)


@test('a published half stays; what is corrected later is an adjustment')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        a_year(o)
        o.must('bulletin', '--publish', '2019-Q2', now='2019-07-01 09:00')
        frozen = scored(o, '2019-Q2')
        equal(unit(frozen)['points'], '4.4')
        equal(unit(scored(o, '2019-Q3'))['adjustment'], '0')
        desk(o, '2019-07-10 09:00', '标注', '2019-0002', '报市办', '2019-06-20')
        equal(scored(o, '2019-Q2'), frozen)
        third = unit(scored(o, '2019-Q3'))
        equal((third['points'], third['adjustment'], third['points_to_date']),
              ('14.5', '2', '20.9'))


@test('monthly bulletins, then quarterly: the new series goes on from the old')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        a_year(o)
        for month, day in (('2019-05', '06-01'), ('2019-06', '07-01')):
            o.must('bulletin', '--publish', month, now=f'2019-{day} 09:00')
        desk(o, '2019-07-10 09:00', '标注', '2019-0002', '报市办', '2019-06-20')
        third = unit(scored(o, '2019-Q3'))
        equal((third['points'], third['adjustment'], third['points_to_date']),
              ('14.5', '2', '20.9'))
        shown = sum(Decimal(unit(scored(o, p))[k]) for k in ('points', 'adjustment')
                    for p in ('2019-05', '2019-06', '2019-Q3'))
        fresh = unit(scored(o, '2019-05-01..2019-09-30'))['points']
        equal(shown, Decimal(fresh), 'published and adjusted')


# ---------------------------------------------------------------- in mid-month
def in_mid_month(folder):
    """The same regulation with 普刊 called 要刊 and worth 5, and no 简讯, since
    14 August."""
    o = Office(folder)
    o.own_rules()
    with open(f'{folder}/rules/pack.yaml', encoding='utf-8') as f:
        text = f.read()
    for old, new in (('pack: tancheng-2019', 'pack: tancheng-2019b'),
                     ('effective: 2019-03-01', 'effective: 2019-08-14'),
                     ('title: 郯城县政务信息工作考评办法', 'title: 修订办法'),
                     ('name: 普刊, group: 县采用, points: 3',
                      'name: 要刊, was: [普刊], group: 县采用, points: 5')):
        true(old in text, old)
        text = text.replace(old, new)
    text = re.sub(r'\n  - \{name: 简讯,[^\n]*', '', text)
    text = re.sub(r'\nexamples:.*', '\nexamples: []\n', text, flags=re.S)
    with open(f'{folder}/rules/pack-2019b.yaml', 'w', encoding='utf-8') as f:
        f.write(text)
    o.set_up()
    return o


def august(o):
    """Two submissions, before the seam and behind it; a commission across it"""
    desk(o, '2019-08-02 09:00', '补录', '县财政局', '月初的事', '2019-08-02')
    o.must('desk', '-', now='2019-08-03 09:00',
           stdin='约稿 秋收\n截止：2019-08-20 17:00\n单位：财政局\n')
    desk(o, '2019-08-10 09:00', '标注', '2019-0001', '普刊', '2019-08-10')
    desk(o, '2019-08-16 09:00', '补录', '县财政局', '月末的事', '2019-08-16')
    desk(o, '2019-08-18 09:00', '标注', '2019-0002', '要刊', '2019-08-18')
    desk(o, '2019-08-19 09:00', '标注', '2019-0001', '市报省办', '2019-08-19')


@test('a seam in mid-month: each line by the rules of its day')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = in_mid_month(d)
        august(o)
        out = o.run('desk', '标注', '2019-0002', '简讯', '2019-08-19',
                    now='2019-08-19 09:00').out
        true('没有“简讯”' in out, out)
        month = o.json('scores', '2019-08', now='2019-09-01 09:00')
        equal([(x['label'], x['date'][8:], x['points'])
               for x in unit(month)['lines']],
              [('报送', '02', '0.2'), ('普刊', '10', '3'),
               ('报送', '16', '0.2'), ('要刊', '18', '5'),
               ('普刊', '19', '-3'), ('市报省办', '19', '4'),
               ('约稿未报', '20', '-2')])
        r = o.must('explain', '财政局', '2019-08', now='2019-09-01 09:00')
        true('under: 郯城县政务信息工作考评办法 (' in r.out
             and 'under: 修订办法 (' in r.out, r)
        true('普刊 (now 要刊)' in r.out and 'worth nothing' not in r.err, r)


@test('a seam in mid-month: the bulletin names both, and labels of the day')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = in_mid_month(d)
        august(o)
        book = f'{d}/b.xlsx'
        o.must('bulletin', '2019-08', '-o', book, now='2019-09-01 09:00')
        sheets = openpyxl.load_workbook(book)
        adopted = [row[5:7] for row in
                   sheets['采用目录'].iter_rows(min_row=3, values_only=True)]
        true(('普刊', '2019-08-10') in adopted
             and ('要刊', '2019-08-18') in adopted, adopted)
        notes = [c for row in sheets['说明'].iter_rows(values_only=True)
                 for c in row if c]
        true(any(n.startswith('《修订办法》') for n in notes), notes)
        true(any(n.startswith('2019年8月13日及以前的事项依据《郯城县') for n in notes),
             notes)


@test('a seam in mid-month: published and adjusted is what is known')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = in_mid_month(d)
        august(o)
        o.must('bulletin', '--publish', '2019-08', now='2019-09-01 09:00')
        frozen = o.json('scores', '2019-08', now='2019-09-01 10:00')
        # late, of the old rules' days; revoked; moved; waived
        desk(o, '2019-09-05 09:00', '标注', '2019-0001', '简讯', '2019-08-09')
        desk(o, '2019-09-05 09:00', '撤销', '2019-0001', '市报省办')
        desk(o, '2019-09-06 09:00', '改', '2019-0002', '单位=县民政局')
        desk(o, '2019-09-07 09:00', '免约', '2019-01', '财政局', '不属职责')
        o.must('bulletin', '--publish', '2019-09', now='2019-10-01 09:00')
        equal(o.json('scores', '2019-08', now='2019-10-02 09:00'), frozen)
        fresh = o.json('scores', '2019-08-01..2019-09-30',
                       now='2019-10-02 09:00')
        for name in ('财政局', '民政局'):
            shown = sum(Decimal(unit(o.json('scores', p, now='2019-10-02 09:00'),
                                     name)[k])
                        for p in ('2019-08', '2019-09')
                        for k in ('points', 'adjustment'))
            equal(shown, Decimal(unit(fresh, name)['points']), name)
        equal(unit(fresh)['points'], '3.2')       # 0.2 and 普刊's 3
        equal(unit(fresh, '民政局')['points'], '5.2')


@test('check names each pack; two of one day are refused')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        out = o.must('check', '--rules', 'rules').out
        true('rules/pack.yaml' in out and 'rules/pack-2019b.yaml' in out, out)
        path = f'{d}/rules/pack-2019b.yaml'
        with open(path, 'w', encoding='utf-8') as f:
            f.write(SECOND.replace('2019-07-01', '2019-03-01'))
        r = o.run('check', '--rules', 'rules')
        equal(r.code, 78)
        true('same day' in r.out, r)
        out = o.run('rules', '--diff', f'{ROOT}/mailrules/tancheng-2019',
                    path).out
        true('普刊 is called 要刊 now' in out, out)


finish()
