#!/usr/bin/python3
"""查重 from outside: what is found to be alike, who is told of it and who is
not, and what becomes of it when a draft is purged."""
import contextlib
import os
import random
import re
import sqlite3

import openpyxl

from mails import docx, draft, mail
from office import NOW, STAFF, Office, text_of
from servers import tempdir
from tap import equal, finish, test, true

COMMON = [bytes((a, b)).decode('gb2312')
          for a in range(0xb0, 0xd7) for b in range(0xa1, 0xfa)]
FINANCE, TRADE = '县财政局', '县商务局'


@contextlib.contextmanager
def office(more=''):
    with tempdir() as tmp:
        os.mkdir(f'{tmp}/published')
        o = Office(tmp, more=more)
        o.set_up()
        yield o


def prose(seed, sentences=12):
    """A text of its own: no two seeds share a sentence."""
    r = random.Random(seed)
    return ''.join(''.join(r.choices(COMMON, k=r.randint(9, 16))) + '，'
                   + ''.join(r.choices(COMMON, k=r.randint(14, 30))) + '。'
                   for _ in range(sentences))


def sends(o, unit, text, name, title=None, at='2019-03-05 09:00'):
    """`unit` sends a text; its number."""
    title = title or f'{unit[1:3]}信息{name}'
    o.deliver(draft(f'{title}-{unit}-张敏-0539-6201001', text,
                    sender=f'{name}@tancheng.example'), at, name)
    o.poll()
    return o.rows('SELECT s.year, s.serial FROM submission s '
                  'JOIN version v ON v.submission = s.id '
                  'JOIN place p ON p.message = v.message WHERE p.name = ?',
                  name)


def number(rows):
    return '%04d-%04d' % rows[0]


def similar(o, what):
    return [(f['number'] or f['reference'], f['percent'],
             f['percent_of_other'])
            for f in o.json('show', what)['similar']]


def rewritten(text, every, seed):
    """Every `every`-th sentence is another one."""
    parts = re.findall('[^。]*。', text)
    others = re.findall('[^。]*。', prose(seed, len(parts)))
    return ''.join(b if n % every == 0 else a
                   for n, (a, b) in enumerate(zip(parts, others)))


@test('C16 the same text by two units: two records, both flagged')
def _():
    with office() as o:
        a = number(sends(o, FINANCE, prose(1), 'a'))
        b = number(sends(o, TRADE, prose(1), 'b'))
        equal(similar(o, b), [(a, 100, 100)])
        equal(similar(o, a), [(b, 100, 100)])
        rows = {s['number']: s for s in o.json('list')}
        equal(rows[b]['notes'].count('similar'), 1)
        equal([f['number'] for f in rows[a]['similar']], [b])
        o.must('ledger', '2019-03', '-o', f'{o.folder}/l.xlsx')
        sheet = openpyxl.load_workbook(f'{o.folder}/l.xlsx')['台账']
        head = [c.value for c in sheet[1]]
        cells = {r[0].value: r[head.index('查重')].value
                 for r in sheet.iter_rows(min_row=2)}
        equal(cells, {a: f'{b} 100%', b: f'{a} 100%'})


@test('staff are told, with the passages; the unit is not')
def _():
    with office() as o:
        text = prose(2)
        a = number(sends(o, FINANCE, text, 'a'))
        b = number(sends(o, TRADE, rewritten(text, 3, 20), 'b'))
        told = [m for m in o.sent(STAFF) if '查重' in m['Subject']]
        equal(len(told), 1)
        body = text_of(told[0])
        true(a in body and b in body and f'标注 {b} 雷同' in body, body)
        true(re.findall('[^。]*。', text)[1][:20] in body, body)
        for m in o.sent('b@tancheng.example'):
            true(a not in text_of(m) and '相近' not in text_of(m), m)
        found = o.json('show', b)['similar'][0]
        true(50 <= found['percent'] <= 80, found)
        true(any(re.findall('[^。]*。', text)[1][:-1] in p
                 for p in found['passages']), found)


@test('C15 the unit\'s own: a new version, a resubmission, a joint one')
def _():
    with office() as o:
        text = prose(3)
        sends(o, FINANCE, text, 'a')
        b = number(sends(o, FINANCE, rewritten(text, 6, 30), 'b'))
        equal(similar(o, b), [])
        c = number(sends(o, f'{FINANCE}、{TRADE}', text + '补充。', 'c',
                         title='联合信息'))
        equal(similar(o, c), [])
        equal([m for m in o.sent(STAFF) if '查重' in m['Subject']], [])


@test('what was copied from us is no news when we send ours again')
def _():
    with office() as o:
        text = prose(4)
        sends(o, FINANCE, text, 'a')
        copy = number(sends(o, TRADE, text + prose(40, 2), 'b'))
        equal(len(similar(o, copy)), 1)
        again = number(sends(o, FINANCE, text + prose(41, 1), 'c'))
        equal([x for x, _, _ in similar(o, again)], [])


@test('a short item in a long one, and the reverse')
def _():
    with office() as o:
        short = prose(5, 4)
        a = number(sends(o, FINANCE, short, 'a'))
        b = number(sends(o, TRADE, prose(50, 20) + short + prose(51, 20), 'b'))
        [(found, part, whole)] = similar(o, b)
        equal((found, whole), (a, 100))
        true(part < 20, part)
        c = number(sends(o, '县教体局', re.findall(
            '.{200}', prose(50, 20))[1], 'c'))
        equal([x for x, _, _ in similar(o, c)], [b])


@test('unrelated drafts, and drafts of a few words, are left alone')
def _():
    with office() as o:
        for n, unit in enumerate((FINANCE, TRADE, '县教体局')):
            sends(o, unit, prose(60 + n), f'x{n}')
            sends(o, unit, '本月无信息报送。', f'y{n}')
        equal(o.rows('SELECT count(*) FROM similar'), [(0,)])


@test('清除: fingerprint, finding, notice and file are gone')
def _():
    with office() as o:
        text = prose(7)
        a = number(sends(o, FINANCE, text, 'a'))
        b = number(sends(o, TRADE, text, 'b'))
        open(f'{o.folder}/data/similar.index', 'wb').write(b'x' * 100000)
        o.must('desk', '清除', a)
        equal(similar(o, b), [])
        equal(o.rows("SELECT count(*) FROM mail WHERE kind = 'staff' "
                     "AND data IS NOT NULL AND subject LIKE '%查重%'"), [(0,)])
        equal(os.path.exists(f'{o.folder}/data/similar.index'), False)
        # the text itself is still that of b, and still compared with
        c = number(sends(o, '县教体局', text, 'c'))
        equal([x for x, _, _ in similar(o, c)], [b])
        o.must('desk', '清除', b)
        o.must('desk', '清除', c)
        equal(o.rows('SELECT count(*) FROM fingerprint'), [(0,)])
        equal(o.rows('SELECT count(*) FROM similar'), [(0,)])


@test('a held draft is compared when staff accept it, not before')
def _():
    with office() as o:
        text = prose(8)
        a = number(sends(o, FINANCE, text, 'a'))
        o.deliver(draft('电商示范县通过验收-县电商办-何平-15253901234', text), name='h')
        o.poll()
        equal(o.rows('SELECT count(*) FROM similar'), [(0,)])
        handle = o.json('held')[0]['handle']
        o.must('desk', '受理', handle, f'单位={TRADE}')
        b = o.json('list')[-1]['number']
        equal(similar(o, b), [(a, 100, 100)])


@test('quarantined drafts have no fingerprint')
def _():
    with office() as o:
        o.deliver(draft(text='秘密★1年\n' + prose(9)), name='q')
        o.poll()
        equal(o.rows('SELECT verdict FROM message'), [('quarantined',)])
        equal(o.rows('SELECT count(*) FROM fingerprint'), [(0,)])


@test('drafts from before there were fingerprints are compared with')
def _():
    with office() as o:
        text = prose(10)
        a = number(sends(o, FINANCE, text, 'a'))
        with contextlib.closing(
                sqlite3.connect(f'{o.data}/register.db')) as db:
            db.execute('DELETE FROM fingerprint')
            db.execute("INSERT INTO setting VALUES ('fingerprints', 'missing')")
            db.commit()
        b = number(sends(o, TRADE, text, 'b'))
        equal(similar(o, b), [(a, 100, 100)])
        equal(o.rows("SELECT count(*) FROM setting "
                     "WHERE name = 'fingerprints'"), [(0,)])


@test('most of the index lies in a file, which is only a shadow')
def _():
    with office() as o:
        text, path = prose(15), f'{o.data}/similar.index'
        a = number(sends(o, FINANCE, text, 'a'))
        equal(os.path.exists(path), False)
        with contextlib.closing(
                sqlite3.connect(f'{o.data}/register.db')) as db:
            db.executemany(
                "INSERT INTO draft (sha256, kind, size, words, text, bytes) "
                "VALUES (?, 'body', 0, 0, ?, x'')",
                [(str(n), prose(5000 + n, 6)) for n in range(1500)])
            db.execute("INSERT INTO setting VALUES ('fingerprints', 'missing')")
            db.commit()
        b = number(sends(o, TRADE, text, 'b'))
        equal([x for x, _, _ in similar(o, b)], [a])
        equal(o.rows('SELECT count(*) FROM fingerprint'), [(1501,)])    # b is the same file
        true(os.path.getsize(path) > 100000, 'there is no file')
        equal(os.stat(path).st_mode & 0o777, 0o600)
        made = os.stat(path).st_mtime_ns
        c = number(sends(o, '县教体局', rewritten(text, 4, 150), 'c'))
        equal([x for x, _, _ in similar(o, c)], [a, b])
        equal(os.stat(path).st_mtime_ns, made)      # it was used
        with open(path, 'r+b') as f:                # cut, or of others
            f.truncate(5000)
        d = number(sends(o, '县民政局', rewritten(text, 4, 151), 'd'))
        equal({x for x, _, _ in similar(o, d)}, {a, b, c})
        o.must('desk', '清除', c)
        equal(os.path.exists(path), False)
        e = number(sends(o, '县水利局', rewritten(text, 4, 152), 'e'))
        equal({x for x, _, _ in similar(o, e)}, {a, b, d})


@test('网络抄袭: a folder of published texts, in step with its files')
def _():
    with office('reference-texts: published\n') as o:
        folder = f'{o.folder}/published'
        web, book = prose(11), prose(12)
        with open(f'{folder}/综述.txt', 'w', encoding='gb18030') as f:
            f.write(web)
        os.mkdir(f'{folder}/2019')
        with open(f'{folder}/2019/经验.docx', 'wb') as f:
            f.write(docx(book))
        with open(f'{folder}/密件.txt', 'w', encoding='utf-8') as f:
            f.write('机密★3年\n' + prose(13))
        a = number(sends(o, FINANCE, prose(110, 6) + web + prose(111, 6), 'a'))
        [(found, part, whole)] = similar(o, a)
        equal((found, whole), ('综述.txt', 100))
        true(40 < part < 60, part)
        told = [m for m in o.sent(STAFF) if '查重' in m['Subject']]
        true('综述.txt' in text_of(told[0]), told[0])
        answer = o.must('desk', f'查询 {a}')
        true(f'已公开发表的“综述.txt”内容相近，本稿约{part}%' in answer.out, answer)
        b = number(sends(o, TRADE, book, 'b'))
        equal([x for x, _, _ in similar(o, b)], ['2019/经验.docx'])
        equal(o.rows('SELECT count(*) FROM reference WHERE text IS NULL'),
              [(1,)])
        # changed, deleted
        with open(f'{folder}/综述.txt', 'w', encoding='utf-8') as f:
            f.write(prose(14))
        os.unlink(f'{folder}/2019/经验.docx')
        c = number(sends(o, '县教体局', prose(112) + book, 'c'))
        equal([x for x, _, _ in similar(o, c)], [b])
        d = number(sends(o, '县教体局', prose(14), 'd'))
        equal([x for x, _, _ in similar(o, d)], ['综述.txt'])


finish()
