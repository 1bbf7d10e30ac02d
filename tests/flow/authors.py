#!/usr/bin/python3
"""A regulation that credits the author and not the unit (credit: authors): by
mail, from the first submission to the bulletin and a correction after it."""
import os
import tempfile

import openpyxl

from mails import draft
from office import Office
from tap import equal, finish, test, true

PACK = '''pack: authors-2019
title: 政务信息作者积分办法
version: 1
effective: 2019-01-01
choices-by: 信息科
credit: authors
bulletin: month
joint: '2:1'
classes: [{name: 部门}]
groups: [{name: 采用, keep: 1}, {name: 报送分, keep: all}]
items:
  - {name: 报送, group: 报送分, when: submitted, points: 0.3, clause: 一}
  - {name: 普刊, group: 采用, points: 3, clause: 二}
  - {name: 专报, group: 采用, points: 9, clause: 二}
measures: [{name: 得分, points: [all]}]
rankings:
  - {name: 月榜, per: month, by: 得分, awards: [{name: 优秀信息员, places: 1}]}
'''
ROSTER = '''units:
  - {name: 县财政局, short: 财政局, class: 部门}
  - {name: 县商务局, short: 商务局, class: 部门}
'''


def office(folder):
    o = Office(folder)
    os.makedirs(f'{folder}/rules')
    for name, text in (('pack.yaml', PACK), ('roster.yaml', ROSTER)):
        with open(f'{folder}/rules/{name}', 'w', encoding='utf-8') as f:
            f.write(text)
    o.configure(rules='rules')
    o.set_up()
    o.deliver(draft('直达资金-县财政局-张敏-0539-6201001'), '2019-03-05 09:12')
    o.deliver(draft('市场供应-县商务局-李强-0539-6201002', '市场供应充足。' * 30),
              '2019-03-06 09:12')
    o.deliver(draft('库款调度-县财政局-王芬-0539-6201003', '库款调度有序。' * 30),
              '2019-03-07 09:12')
    o.poll(now='2019-03-08 09:00')
    for order in (('标注', '2019-0001', '专报', '2019-03-10'),
                  ('标注', '2019-0002', '普刊', '2019-03-11')):
        o.must('desk', *order, now='2019-03-12 09:00')
    return o


def people(o, period='2019-03', now='2019-04-02 09:00', *more):
    return {u['unit']: u
            for u in o.json('scores', *more, period, now=now)['units']}


@test('points, ranks and awards are those of persons')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        got = {name: (u['points'], u['rank'], u['award'], u['submitted'])
               for name, u in people(o).items()}
        equal(got, {'张敏': ('9.3', 1, '优秀信息员', 1),
                    '李强': ('3.3', 2, None, 1), '王芬': ('0.3', 3, None, 1)})
        out = o.must('explain', '张敏', '2019-03', now='2019-04-02 09:00').out
        true('专报' in out and '9.3' in out, out)
        unit = o.run('explain', '财政局', '2019-03', now='2019-04-02 09:00')
        true('9.3' not in unit.out, 'the unit itself has no points')


@test('several names share, the first-named more; the order can be undone')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        o.must('desk', '改', '2019-0001', '报送人=王芬/张敏',
               now='2019-03-13 09:00')
        got = people(o)
        equal((got['王芬']['points'], got['张敏']['points']), ('6.5', '3.1'))
        undo = o.must('desk', '撤销命令', '3', now='2019-03-13 10:00').out
        true('已撤销' in undo, undo)
        equal(people(o)['张敏']['points'], '9.3')


@test('the bulletin names the person and the unit beside him')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        o.must('bulletin', '2019-03', '-o', f'{d}/b.xlsx',
               now='2019-04-02 09:00')
        sheet = openpyxl.load_workbook(f'{d}/b.xlsx')['通报']
        rows = [[c.value for c in r] for r in sheet.iter_rows()]
        first = next(r for r in rows if '张敏' in r)
        equal(first[:3], [1, '张敏', '县财政局'])
        heads = next(r for r in rows if '报送人' in r)
        equal(heads[1:3], ['报送人', '单位'])


@test('a correction of the author after the bulletin is an adjustment of both')
def _():
    with tempfile.TemporaryDirectory() as d:
        o = office(d)
        o.must('bulletin', '--publish', '2019-03', now='2019-04-02 09:00')
        before = people(o)
        o.must('desk', '改', '2019-0001', '报送人=王芬', now='2019-04-03 09:00')
        equal(people(o), before)
        april = people(o, '2019-04', '2019-05-02 09:00')
        equal((april['张敏']['adjustment'], april['王芬']['adjustment']),
              ('-9.3', '9.3'))
        fresh = people(o, '2019-03', '2019-05-02 09:00', '--recompute')
        equal((fresh['王芬']['points'], fresh.get('张敏')), ('9.6', None))


finish()
