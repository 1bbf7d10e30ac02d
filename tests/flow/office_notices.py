#!/usr/bin/python3
"""What staff are told: of the mail that waits for them, and how often, when
strangers flood them; of duties that cannot be done."""
import base64
import contextlib
import sqlite3

from mails import UNIT, docx, draft, mail, order
from office import Office, text_of
from servers import tempdir
from tap import equal, finish, test, true

AT, LOOK = '2019-03-05 09:00', '2019-03-05 09:01'


@contextlib.contextmanager
def office(more=''):
    with tempdir() as tmp:
        o = Office(tmp, more=more)
        o.set_up()
        yield o


@test('E3 E6 what could not be decoded is said to the unit and to staff')
def _():
    title = '财政资金直达基层'.encode()
    for broken, noted in ((title, False), (title[:-1], True)):
        with office() as o:
            subject = b'Subject: ' + broken + '-县财政局-张敏-6201001'.encode()
            data = draft('SUBJECT').replace(b'Subject: SUBJECT', subject)
            o.deliver(data, AT)
            o.poll(now=LOOK)
            receipt, = o.sent(UNIT)
            equal('无法识别的字符' in text_of(receipt), noted)
            equal('bad-charset' in o.must('show', '2019-0001').out, noted)


@test('E8 an attachment with two names of different kinds is said to both')
def _():
    for other, noted in (('稿件.exe', True), ('稿件.doc', False)):
        with office() as o:
            o.deliver(renamed(draft(), other), AT)
            o.poll(now=LOOK)
            receipt, = o.sent(UNIT)
            equal(f'：稿件.docx、{other}。' in text_of(receipt), noted)
            equal('two-names' in o.must('show', '2019-0001').out, noted)


def renamed(data, other):
    """The draft's part, with this as the name of its Content-Type."""
    kind = b'Content-Type: application/vnd.openxmlformats'
    word = base64.b64encode(other.encode()).decode()
    start = data.index(kind)
    end = data.index(b'\r\n', start)
    return (data[:end] + f'; name="=?utf-8?B?{word}?="'.encode() + data[end:])


def notice_of(o, data):
    """The text that staff get of a mail that is held."""
    before = len(o.sent())
    o.deliver(data, AT)
    o.poll(now=LOOK)
    found = [m for m in o.sent()[before:] if '待处理：' in m['Subject']]
    equal(len(found), 1, 'one notice')
    return text_of(found[0])


def lost_bytes():
    data = docx()
    return data[:len(data) // 2] + data[len(data) // 2 + 40:]


@test('a held notice names what was written and the nearest that is known')
def _():
    with office() as o:
        said = notice_of(o, draft('春耕备播进展顺利-县才政局-张敏-0539-6201001'))
        true('● 单位不在名单内。“县才政局”不在报送单位名单内，名称相近的有：县民政局、县财政局、'
             in said, said)
        said = notice_of(o, mail('春耕备播顺利开展-县财政局-张敏-0539-6201002',
                                 files=[('稿件.docx', lost_bytes())]))
        true('● 稿件无法读取。来信所附的Word文件已损坏或者版本过旧，无法读取（附件：稿件.docx）。'
             '请打开原邮件查看。' in said, said)
        said = notice_of(o, draft('').replace(
            b'From:', b'Sender: x@evil.example\r\nFrom:', 1))
        true('邮件主题：（无主题）' in said, said)
        true('实际发送：x@evil.example（来信所注，未核实）' in said, said)


@test('a mail of several authors: the notice names all of them, as claims')
def _():
    with office() as o:
        two = draft().replace(b'From:', b'From: x@evil.example\r\nFrom:', 1)
        said = notice_of(o, two)
        true('x@evil.example、czj@tancheng.example（来信署有2个发件人，均未核实）' in said
             or 'czj@tancheng.example、x@evil.example（来信署有2个发件人，均未核实）'
             in said, said)
        equal(o.rows('SELECT sender FROM message'), [(None,)], 'nobody is')
        said = notice_of(o, draft('春耕备播顺利开展-县财政局-张敏-0539-6201002',
                                  sender='a@b.example, c@d.example'))
        true('a@b.example、c@d.example（来信署有2个发件人，均未核实）' in said, said)
        said = notice_of(o, draft('春耕生产全面展开-县财政局-张敏-0539-6201002',
                                  sender=None))
        true('发 件 人：（无有效地址）' in said, said)


# ---- floods ----

OFFICERS = 'secrecy-officers: baomi@mail.tancheng.example\n'


def strangers(o, n, at, sender='x@evil.example'):
    """n mails of an unknown unit, and what is sent of them to staff."""
    before = len(o.sent())
    for k in range(n):
        o.deliver(draft(f'事项{k}有关情况-县才政局-张敏-0539-6201001',
                        f'{at}，第{k}次。', sender=sender.format(k)), at)
    o.poll(now=at)
    return [text_of(m) for m in o.sent()[before:]]


@test('a flood by one sender: so many notices, the last says so, none is lost')
def _():
    with office(f'replies-per-day: 7\n{OFFICERS}') as o:
        said = strangers(o, 30, '2019-03-05 09:00')
        equal(len(said), 7)
        equal([n for n, text in enumerate(said) if '已达7件的上限' in text], [6])
        equal(len(o.json('held')), 30, 'each has its handle')
        equal(strangers(o, 3, '2019-03-05 20:00'), [])
        equal(len(strangers(o, 3, '2019-03-05 20:01', 'X{}@evil.example')), 3,
              'another sender')
        o.deliver(mail('机密★5年 甲', '您好', sender='x@evil.example'), LOOK)
        o.poll(now='2019-03-05 21:00')
        equal(len([m for m in o.sent() if '疑似涉密' in m['Subject']]), 1)
        equal(len(strangers(o, 3, '2019-03-06 09:01')), 3, 'a day later')


@test('a flood by many senders: so many notices in an hour, the last says so')
def _():
    with office('replies-per-hour: 9\n') as o:
        said = strangers(o, 30, '2019-03-05 09:00', 'x{}@evil.example')
        equal(len(said), 9)
        equal([n for n, text in enumerate(said)
               if '一小时内的待处理通知已达9件的上限' in text], [8])
        equal(len(o.json('held')), 30)
        equal(len(strangers(o, 3, '2019-03-05 10:01', 'y{}@evil.example')), 3)


# ---- duties ----

NOT_DONE = '告警：有到期事项未能办理'


@contextlib.contextmanager
def refused(o, name):
    """The register refuses to note that `name` is done."""
    def change(sql):
        with contextlib.closing(sqlite3.connect(
                f'{o.data}/register.db')) as db:
            db.execute(sql)
            db.commit()
    change(f"CREATE TRIGGER refuse BEFORE INSERT ON once WHEN NEW.name LIKE "
           f"'{name} %' BEGIN SELECT RAISE(ABORT, 'for the test'); END")
    yield
    change('DROP TRIGGER refuse')


def subjects_at(o, now, code):
    before = len(o.sent())
    r = o.run('poll', now=now)
    equal(r.code, code, r)
    return [m['Subject'] for m in o.sent()[before:]]


@test('a duty that cannot be done stops no other, and staff are told each day')
def _():
    with office() as o:
        o.must('desk', '信息员', '财政局', '张敏', UNIT, now='2019-03-02 09:00')
        o.deliver(order('约稿 春耕有关情况\n截止：4月1日17时\n单位：财政局\n'), AT)
        o.poll(now=LOOK)
        with refused(o, 'bulletin-draft'):
            equal(subjects_at(o, '2019-04-01 09:00', 70),
                  [NOT_DONE, '[约稿2019-01] 催办：春耕有关情况'])
            said = text_of(o.sent()[-2])
            true('：自动生成通报稿\n' in said.replace('\r', '')
                 and '程序出错' in said and 'for the test' in said, said)
            equal(subjects_at(o, '2019-04-01 18:00', 70)[-1],
                  '约稿2019-01已截止：春耕有关情况')
            equal(subjects_at(o, '2019-04-01 19:00', 70), [])
            equal(subjects_at(o, '2019-04-02 09:00', 70), [NOT_DONE])
        equal(len(subjects_at(o, '2019-04-02 10:00', 0)), 1,
              'the draft, as soon as it can be made')


@test('several duties that cannot be done: the first gives the exit status')
def _():
    with office() as o:
        with refused(o, 'bulletin-draft'), contextlib.closing(sqlite3.connect(
                f'{o.data}/register.db')) as db:
            db.execute("CREATE TRIGGER more BEFORE INSERT ON once "
                       "WHEN NEW.name LIKE 'maintain %' "
                       "BEGIN SELECT RAISE(ABORT, 'and more'); END")
            db.commit()
            r = o.run('poll', now='2019-04-01 09:00')
        equal(r.code, 70)
        equal(r.err.count('event=not-done'), 2)
        true('duty=drafts' in r.err and 'duty=maintenance' in r.err, r)
        true('for the test' in r.err.splitlines()[-1], r)
        equal([m['Subject'] for m in o.sent()], [NOT_DONE] * 2)


finish()
