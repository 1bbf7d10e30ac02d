#!/usr/bin/python3
"""Drafts of bulletins that staff get by themselves: of the period that the
pack names, and of the half-year and the year where the pack ranks or judges
by them.  Each once, on the first day after its period, also when the program
was off on that day; none of what is published."""
import re
import tempfile

from office import ROOT, Office, text_of
from tap import equal, finish, test, true


class Desk:
    """An office under one of the packs, and the drafts that came."""

    def __init__(self, folder, rules, first):
        self.o = Office(folder)
        self.o.configure(rules=f'{ROOT}/mailrules/{rules}')
        self.o.poll(now=f'{first} 09:00')
        self.seen = len(self.o.sent())

    def drafts(self, day):
        """periods of the drafts that this poll sends"""
        self.o.poll(now=f'{day} 08:00')
        new = self.o.sent()[self.seen:]
        self.seen += len(new)
        return [re.search('发送“发布 ([^”]+)”', text_of(m)).group(1)
                for m in new if '通报稿' in str(m['Subject'])]

    def next(self, day):
        return self.o.json('status', now=f'{day} 09:00')


def year_of(rules, first, days):
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(folder, rules, first)
        for day, expected in days:
            equal(desk.drafts(day), expected, f'{rules} {day}')
            equal(desk.drafts(day), [], f'{rules} {day}, once more')


@test('番禺: quarters, and by themselves the half-year and the year')
def _():
    year_of('panyu-2010', '2011-01-20', [
        ('2011-03-31', []),
        ('2011-04-01', ['2011-Q1']),
        ('2011-06-30', []),
        ('2011-07-01', ['2011-Q2', '2011-H1']),
        ('2011-10-01', ['2011-Q3']),
        ('2011-12-31', []),
        ('2012-01-01', ['2011-Q4', '2011-H2', '2011']),
        ('2012-01-02', []),
    ])


@test('郯城: months and the year')
def _():
    year_of('tancheng-2019', '2019-11-05', [
        ('2019-12-01', ['2019-11']),
        ('2020-01-01', ['2019-12', '2019']),
        ('2020-02-01', ['2020-01']),
    ])


@test('海城: quarters only, nothing there is judged by the year')
def _():
    year_of('haicheng-2019', '2019-11-05', [('2020-01-01', ['2019-Q4'])])


@test('the program was off on the day: the drafts come once it is on again')
def _():
    year_of('sample-city', '2019-12-05', [('2020-01-09', ['2019-12', '2019']),
                                          ('2020-01-10', [])])


@test('a year that is published already needs no draft')
def _():
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(folder, 'tancheng-2019', '2019-11-05')
        desk.drafts('2019-12-01')
        desk.o.must('bulletin', '2019', '--publish', now='2020-01-01 00:10')
        equal(desk.drafts('2020-01-01'), ['2019-12'])


@test('`status` names the draft that comes next')
def _():
    with tempfile.TemporaryDirectory() as folder:
        desk = Desk(folder, 'panyu-2010', '2011-05-05')
        desk.drafts('2011-06-30')
        due = str(desk.next('2011-06-30'))
        true('bulletin-draft 2011-Q2' in due, due)


def new_office(folder, rules, **how):
    o = Office(folder)
    o.configure(rules=f'{ROOT}/mailrules/{rules}', **how)
    return o


def codes(o):
    return [re.search('发送“发布 ([^”]+)”', text_of(m)).group(1)
            for m in o.sent() if '通报稿' in str(m['Subject'])]


@test('a new office is sent nothing of the time before it began')
def _():
    for rules in ('tancheng-2019', 'panyu-2010', 'sample-city'):
        with tempfile.TemporaryDirectory() as folder:
            o = new_office(folder, rules)
            o.poll(now='2020-03-20 09:00')
            equal(codes(o), [], rules)
            due = str(o.json('status', now='2020-03-20 09:00')['next_due'])
            true(' 2020' in due, f'{rules} {due}')
            # nobody wrote in March either: everybody is on the zero list
            o.poll(now='2020-04-01 09:00')
            equal(codes(o), ['2020-Q1' if rules == 'panyu-2010'
                             else '2020-03'], rules)


@test('a new office that took in what came before gets the drafts of it')
def _():
    with tempfile.TemporaryDirectory() as folder:
        o = new_office(folder, 'tancheng-2019')
        o.must('desk', '补录 财政局 春耕备播 2020-02-11',
               now='2020-03-19 09:00')
        o.poll(now='2020-03-20 09:00')
        equal(codes(o), ['2020-02'], 'the month, not the year before')


finish()
