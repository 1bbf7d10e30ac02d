#!/usr/bin/python3
"""A month of an office, told once and played twice: by mail alone, against a
real Dovecot and a real Postfix, and from the command line.  What units and
strangers send is the same; only what the desk orders comes by mail here and
from a terminal there.  In the end both registers say the same.

The office is 郯城's, with two things that other regulations have: a 续报
within four hours, and a task a month.  Each test is a day; one that is run
alone is told the days before it first.
"""
import contextlib
import datetime
import glob
import hashlib
import os
import re
import shutil
import subprocess

from mails import PROOFS, RECEIVED, docx, mail
from office import STAFF, Office, parse, text_of
from served import Mailbox, Servers
from servers import tempdir, until
from tap import Skip, equal, finish, test, true

TECH, CIVIL, MONEY, SAFETY = (
    'keji@tancheng.example', 'minzheng@tancheng.example',
    'caizheng@tancheng.example', 'yingji@tancheng.example')
INFORMANTS = {'县科技局': TECH, '县民政局': CIVIL, '县财政局': MONEY,
              '县应急管理局': SAFETY}
STRANGER = 'mail.tancheng.examp1e'      # a one for an l
WORDS = ('截至目前，全县落实{0}事项31项，惠及群众2.6万人，较上年同期增长12.4%。'
         '一是明确责任，建立{0}台账；二是强化保障，投入{0}资金430万元。')


# ---- the two offices ----

def rules_of(o):
    """郯城's pack, with a limit for the 续报 and a task a month."""
    def roster(text):
        for unit, address in INFORMANTS.items():
            text = text.replace(f'  - name: {unit}\n',
                                f'  - name: {unit}\n    informants:\n      - '
                                f'{{name: 何平, address: {address}}}\n')
        return text
    o.own_rules(roster=roster)
    with open(f'{o.folder}/rules/pack.yaml', encoding='utf-8') as f:
        text = f.read()
    text = text.replace('\nitems:\n', '\nitems:\n  - {name: 续报迟报, when: '
                        'overdue, stage: 续报, within-hours: 4, effect: '
                        'criticism, clause: 三}\n', 1)
    text = text.replace('\nmeasures:\n', '\nmeasures:\n  - {name: 月报送, per: '
                        'month, count: [报送, 约稿], targets: [{at-least: 2}], '
                        'clause: 附件1}\n', 1)
    with open(f'{o.folder}/rules/pack.yaml', 'w', encoding='utf-8') as f:
        f.write(text)


class Letters(list):
    """What one step has sent, in no particular order."""

    def to(self, address):
        return Letters(m for m in self if m['To'] == address)

    def one(self, address, word=''):
        found = [m for m in self.to(address)
                 if word in m['Subject'] + text_of(m)]
        equal(len(found), 1, f'letters to {address} with "{word}" among '
              f'{[(m["To"], m["Subject"]) for m in self]}')
        return text_of(found[0]) if 'Subject' not in word else found[0]


class World:
    """One of the two offices; `o` is its folder."""

    def __init__(self, o):
        self.o, self.seen = o, set()

    def clock(self, at):
        return f'2019-{at}'

    def send(self, data, at):
        self.deliver(data, self.clock(at))
        return self.poll(at)

    def poll(self, at):
        self.o.poll(now=self.clock(at))
        return self.new_letters()

    def unread(self, box):
        new = sorted(set(glob.glob(f'{box}/*')) - self.seen)
        self.seen |= set(new)
        out = Letters()
        for path in new:
            with open(path, 'rb') as f:
                out.append(parse(f.read()))
        return out

    def unit(self, sender, subject, at, about=None, text='见附件。', **how):
        """A unit writes, with a Word draft when it is about something."""
        files = [('稿件.docx', docx(WORDS.format(about)))] if about else []
        name = hashlib.sha256(f'{sender}{subject}{at}'.encode()).hexdigest()
        return self.send(mail(subject, text, files, sender=sender,
                              message_id=f'<{name[:12]}@tancheng.example>',
                              **how), at)


class ByMail(World):
    """The desk never opens a terminal."""
    name = 'by mail'

    def deliver(self, data, at):
        self.o.arrive(data, at)

    def new_letters(self):
        """Postfix takes a moment; the register knows how many there are."""
        box = f'{self.o.postfix.maildir}/new'
        sent, = self.o.rows("SELECT count(*) FROM mail WHERE state = 'sent'")
        until(lambda: len(glob.glob(f'{box}/*')) >= sent[0],
              f'{sent[0]} letters')
        return self.unread(box)

    def order(self, lines, at, subject='命令', html=None, files=()):
        """(the answer, all other letters)"""
        proof = f'mail.tancheng.example; {PROOFS["dmarc"]}'
        name = hashlib.sha256(f'{lines}{at}'.encode()).hexdigest()[:12]
        letters = self.send(mail(
            subject, lines, files, sender=STAFF, html=html,
            message_id=f'<{name}@mail.tancheng.example>',
            headers=[('Authentication-Results^', proof),
                     ('Received^', RECEIVED)]), at)
        answer, = [m for m in letters if '来信中的命令' in text_of(m)]
        return text_of(answer), Letters(m for m in letters if m is not answer)

    def ledger(self, fill, at):
        """Asked for, filled in, saved by LibreOffice, sent back."""
        _, letters = self.order('台账 2019-03', at)
        sheet, = [m for m in letters if '台账' in m['Subject']]
        part, = sheet.iter_attachments()
        path = f'{self.o.folder}/台账.xlsx'
        with open(path, 'wb') as f:
            f.write(part.get_content())
        fill(path)
        with open(libreoffice(path), 'rb') as f:
            saved = f.read()
        return self.order('已填好，请查收。\n', at, '回复：台账',
                          files=[('台账.xlsx', saved)])


class ByHand(World):
    """The same orders from a terminal; units and strangers write as ever."""
    name = 'by command line'

    def deliver(self, data, at):
        self.o.deliver(data, at)

    def new_letters(self):
        return self.unread(f'{self.o.outgoing}/new')

    def order(self, lines, at, subject='', html=None, files=()):
        text = html_lines(html) if html else subject_and(subject, lines)
        said = self.o.run('desk', '--as', '王芳', '-', now=self.clock(at),
                          stdin=text)
        return said.out, self.poll(at)

    def ledger(self, fill, at):
        path = f'{self.o.folder}/台账.xlsx'
        self.o.must('ledger', '2019-03', '-o', path, now=self.clock(at))
        fill(path)
        said = self.o.run('ledger', '--apply', path, now=self.clock(at))
        equal(said.code, 65, 'one row is refused')
        return said.out, self.poll(at)


def subject_and(subject, lines):
    """A terminal has no subject, no signature and quotes nobody."""
    own = lines.split('\n--', 1)[0].split('\n在 2019', 1)[0]
    return own if subject in ('', '命令') else f'{subject}\n{own}'


def html_lines(html):
    return re.sub(r'<[^>]*>', '\n', html.split('<hr')[0])


def libreoffice(path):
    if not shutil.which('soffice'):
        raise Skip('no soffice')
    folder = os.path.dirname(path)
    subprocess.run(['soffice', f'-env:UserInstallation=file://{folder}/profile',
                    '--headless', '--convert-to', 'xlsx', '--outdir',
                    f'{folder}/saved', path], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    return f'{folder}/saved/{os.path.basename(path)}'


# ---- telling ----

WORLDS = []
STACK = contextlib.ExitStack()


def open_offices():
    if WORLDS:
        return WORLDS
    d, p = Servers.start()
    d.user = 'month@mail.example.gov.cn'
    d.make_maildir()
    served = Mailbox(STACK.enter_context(tempdir()), d, p)
    rules_of(served)
    served.configure(served.setting, served.url, served.way_out, 'rules')
    plain = Office(STACK.enter_context(tempdir()))
    rules_of(plain)
    WORLDS.extend([ByMail(served), ByHand(plain)])
    return WORLDS


DAYS = []       # (name, what happens), those that were not told yet


def tell_one():
    """The next day of the story, to both offices."""
    name, happens = DAYS.pop(0)
    for w in open_offices():
        try:
            happens(w)
        except AssertionError as e:
            raise AssertionError(f'{name}, {w.name}: {e}') from e


def tell_until(last=None):
    """The story up to the end of a day, or to its own: what a test that is
    run alone stands on.  No day is told twice."""
    while last in (name for name, _ in DAYS) or (last is None and DAYS):
        tell_one()


def day(name):
    """A day of the story, and the test of it."""
    def keep(happens):
        DAYS.append((name, happens))
        test(name)(lambda: tell_until(name))
        return happens
    return keep


def says(text, *words):
    for word in words:
        true(word in text, f'no "{word}" in\n{text}')


# ---- March 2019 ----

@day('1 March: the office opens its mailbox')
def _(w):
    equal(w.poll('03-01 09:00'), [])


@day('4 March: units report; one forgot the phone, one nobody knows')
def _(w):
    letters = w.unit(TECH, '科技特派员下乡服务春耕-科技局-何平-6201001',
                     '03-04 09:10', '科技')
    says(letters.one(TECH, '已受理'), '2019-0001', '科技特派员下乡服务春耕')
    letters = w.unit(MONEY, '财政直达资金惠企利民-财政局-张敏', '03-04 09:30', '财政')
    says(letters.one(MONEY, '退回补正'), '缺联系电话')
    letters = w.unit(MONEY, '财政直达资金惠企利民-财政局-张敏-6201234',
                     '03-04 09:50', '财政')
    says(letters.one(MONEY, '已受理'), '2019-0002')
    letters = w.unit('dsb@else.example', '电商进农村提质扩面-县电商办-李强-6207777',
                     '03-04 10:00', '电商')
    handle = re.search(r'待-\d+', letters.one(STAFF, '待处理')).group()
    answer, letters = w.order(f'受理 {handle} 单位=县商务局\n', '03-04 10:20')
    says(answer, '编号2019-0003', '县商务局本年得分由0分变为0.2分', '撤销命令')
    says(letters.one('dsb@else.example', '已受理'), '2019-0003')
    equal(w.o.json('held', now=w.clock('03-04 10:21')), [])


@day('5 March: the desk asks four units, by an HTML mail from Outlook')
def _(w):
    answer, letters = w.order('', '03-05 09:00', html=(
        '<div style="font-family:宋体"><p>约稿　春耕备播有关情况</p>'
        '<p>单位：科技局、民政局、财政局、应急局</p><p>截止：3月10日17时</p>'
        '<p>要求：写清进度、做法，附数据。</p></div><hr>'
        '<div><b>发件人：</b>何平<br><b>主题：</b>旧事<br>标注 2019-0001 普刊</div>'))
    says(answer, '约稿2019-01', '约4个单位', '已通知4个单位')
    true('标注' not in answer, 'what is quoted orders nothing')
    equal(sorted(m['To'] for m in letters), sorted(INFORMANTS.values()))
    says(letters.one(TECH), '2019年3月10日17时', '附数据')
    equal(w.o.json('list', now=w.clock('03-05 09:01'))[0]['marks'], [])


@day('6 March: slips of the pen are answered with what was meant')
def _(w):
    answer, _ = w.order(
        '标柱 2019-0001 普刊\n标注 2019-0001 普干\n标注 2019-0099 普刊\n'
        '记分 财务局 以干代训 跟班\n标注　２０１９－０００１　普刊　３月６日\n'
        '-- \n王芳\n信息科 标注 2019-0002 普刊\n', '03-06 09:00')
    says(answer, '是否要写“标注”', '是否要写“普刊”', '没有编号为2019-0099',
         '是否是县财政局', '已标注：2019-0001', '由0.2分变为3.2分',
         '撤销 2019-0001 普刊 2019-03-06')
    equal([[(m['item'], m['date']) for m in s['marks']]
           for s in w.o.json('list', now=w.clock('03-06 09:01'))],
          [[('普刊', '2019-03-06')], [], []])


def forged(w, at, sender, headers):
    return w.send(mail('命令', f'退稿 2019-0001 作废{at[-2]}\n', sender=sender,
                       headers=headers,
                       message_id=f'<{at.replace(" ", ".")}@x.example>'),
                  f'03-{at}')


@day('7 March: mail that pretends to be ours is not obeyed, and told of')
def _(w):
    proof = f'mail.tancheng.example; {PROOFS["dmarc"]}'
    for at, sender, headers in (
            ('07 09:00', STAFF, [('Received^', RECEIVED)]),
            ('07 09:10', STAFF, [('Received^', RECEIVED),
                                 ('Authentication-Results', proof)]),
            ('07 09:20', STAFF, [
                ('Authentication-Results^', proof.replace('mail.', 'mx.', 1)),
                ('Received^', RECEIVED)])):
        letters = forged(w, at, sender, headers)
        says(letters.one(STAFF), '命令')
        equal(len(letters), 1, 'and nobody else hears anything')
    stranger = f'wangfang@{STRANGER}'
    letters = forged(w, '07 09:30', stranger, [('Received^', RECEIVED)])
    says(letters.one(stranger), '缺稿件')   # as any sender without a draft
    true(all(s['status'] == 'recorded' for s in
             w.o.json('list', now=w.clock('03-07 10:00'))))
    held = w.o.json('held', now=w.clock('03-07 10:00'))
    answer, _ = w.order('\n'.join(f'忽略 {m["handle"]}' for m in held),
                        '03-07 10:10')
    equal(answer.count('已忽略'), len(held))


@day('8 to 12 March: one answers in time, one late, one never, one is excused')
def _(w):
    letters = w.unit(TECH, '回复：[约稿2019-01] 春耕科技服务到田间-科技局-何平-'
                     '6201001', '03-08 10:00', '春耕科技')
    says(letters.one(TECH, '已受理'), '约稿2019-01')
    letters = w.poll('03-09 18:00')
    equal(sorted(m['To'] for m in letters), sorted([CIVIL, MONEY, SAFETY]))
    answer, _ = w.order('免约 2019-01 应急局 正在处置险情，电话请假\n',
                        '03-10 09:00')
    says(answer, '已免约')
    letters = w.poll('03-10 17:01')
    equal(sorted(m['To'] for m in letters), sorted([CIVIL, MONEY, STAFF]))
    says(letters.one(STAFF), '县民政局：未报', '县应急管理局：免约')
    letters = w.unit(MONEY, '[约稿2019-01] 支农资金拨付到位-财政局-张敏-6201234',
                     '03-11 09:00', '支农')
    answer, _ = w.order('查询 约稿2019-01', '03-12 09:00', subject='查询 约稿2019-01')
    says(answer, '按时1，逾期1，未报1，免约1', '县科技局：2019年3月8日10时按时报送',
         '县财政局：2019年3月11日9时逾期报送', '县民政局：未报', '电话请假')


@day('14 March: an incident; staff are warned before four hours are over')
def _(w):
    w.unit(SAFETY, '某园区燃气泄漏初报-应急局-赵刚-6205119', '03-14 08:10', '险情')
    number = w.o.json('list', now=w.clock('03-14 08:11'))[-1]['number']
    answer, _ = w.order(f'紧急 {number} 发生=3月14日7时30分 燃气泄漏',
                        '03-14 08:20')
    says(answer, '紧2019-01', '续报（事发后4小时内，2019年3月14日11时30分前）：待报')
    equal(w.poll('03-14 10:29'), [])
    warning = w.poll('03-14 10:30').one(STAFF, '将到时限')
    says(warning, '还有60分钟', f'初报　{number}')
    equal(w.poll('03-14 10:40'), [])
    for at, stage, about in (('03-14 11:00', '续报', '处置'),
                             ('03-14 15:00', '终报', '善后')):
        w.unit(SAFETY, f'某园区燃气泄漏{stage}-应急局-赵刚-6205119', at, about)
        number = w.o.json('list', now=w.clock(at))[-1]['number']
        answer, _ = w.order(f'紧急 紧2019-01 {number}', at)
        says(answer, stage + number)
    says(answer, '按时报送')
    answer, _ = w.order('终结 紧2019-01', '03-14 16:00')
    says(answer, '已终结')
    equal(w.poll('03-14 18:00'), [])


@day('20 March: 雷同 is told to the unit at once; a wrong mark is taken back')
def _(w):
    answer, letters = w.order('标注 2019-0002 雷同\n标注 2019-0001 市专报采用\n',
                              '03-20 09:00')
    says(answer, '已向报送单位发出即时通报', '撤销命令')
    says(letters.one(MONEY), '材料雷同，即时通报')
    undo = re.search(r'撤销 2019-0001 市专报采用 [-\d]+', answer).group()
    answer, _ = w.order(f'{undo}\n', '03-20 09:10')
    says(answer, '已撤销', '由')
    answer, _ = w.order('补录 民政局 座谈会上的建议 3月18日\n', '03-20 09:20')
    undo = re.search(r'撤销命令 \d+', answer).group()
    answer, _ = w.order(f'{undo}\n', '03-20 09:30')
    says(answer, '已撤销', '作退稿处理', '县民政局本年得分由')


@day('25 March: a unit asks how it stands, and about others in vain')
def _(w):
    answer = w.unit(TECH, '得分', '03-25 09:00', text=' ').one(TECH)
    says(answer, '你单位报送2条', '2019-0001')
    answer = w.unit(TECH, '提问', '03-25 09:10',
                    text='查询 2019-0001\n得分 财政局 2019-03\n').one(TECH)
    says(answer, '《科技特派员下乡服务春耕》', '只能查询本单位')
    true('县财政局' not in answer, answer)


@day('27 March: who is short of the task hears of it, once')
def _(w):
    letters = w.poll('03-27 08:00')
    equal(letters.to(TECH), [])
    says(letters.one(CIVIL, '催报'), '任务2，已完成0，尚缺2', '2019年3月31日')
    says(letters.one(STAFF, '已催报'), '没有邮箱')
    equal(w.poll('03-28 08:00'), [])


def fill_in(path):
    """What the desk does to the ledger, as a spreadsheet would store it."""
    import openpyxl
    book = openpyxl.load_workbook(path)
    sheet = book['台账']
    heads = [c.value for c in sheet[1]]
    mark, when = heads.index('标注1'), heads.index('日期1')
    remark = heads.index('备注')
    for row in sheet.iter_rows(min_row=2):
        if row[0].value == '2019-0002':
            free = mark + 2 if row[mark].value else mark
            row[free].value = '市专报采用'
            row[free + 1].value = datetime.datetime(2019, 3, 28)
        elif row[0].value == '2019-0003':
            row[mark].value = '普刊'
            row[when].value = datetime.datetime(2019, 3, 29)
            row[remark].value = '照片另存'
        elif row[0].value == '2019-0004':
            row[heads.index('标题')].value = '改过的标题'
    book.save(path)


@day('29 March: the ledger, filled in and saved by LibreOffice, comes back')
def _(w):
    answer, _ = w.ledger(fill_in, '03-29 09:00')
    says(answer, '已标注：2019-0002', '市专报采用', '已标注：2019-0003',
         '2019-0003的备注已改为：照片另存', '2019-0004的“标题”与发出时不同')
    listed = w.o.json('list', now=w.clock('03-29 09:01'))
    equal([m['item'] for m in listed[2]['marks']], ['普刊'])
    true(listed[3]['title'] != '改过的标题')


@day('1 April: the draft of the bulletin comes by itself, and is published')
def _(w):
    letters = w.poll('04-01 08:00')
    draft = [m for m in letters.to(STAFF) if '通报稿' in m['Subject']]
    equal([len(list(m.iter_attachments())) for m in draft], [2])
    answer, letters = w.order('发布 2019-03\n', '04-01 09:00')
    says(answer, '已发布并冻结')
    for address in INFORMANTS.values():
        bulletin, = letters.to(address)
        equal(len(list(bulletin.iter_attachments())), 2)
        true('更正' not in bulletin['Subject'], bulletin['Subject'])
    answer, _ = w.order('发布 2019-03\n', '04-01 09:10')
    says(answer, '已经发布', '更正 2019-03')


@day('2 April: what was forgotten is an adjustment; a correction says so')
def _(w):
    frozen = w.o.rows('SELECT scores FROM bulletin ORDER BY id')
    answer, _ = w.order('标注 2019-0001 市专报采用 2019-03-30\n', '04-02 09:00')
    says(answer, '属于已发布的通报，原通报不变')
    answer, letters = w.order('更正 2019-03\n', '04-02 09:10')
    says(answer, '更正已发布')
    for address in INFORMANTS.values():
        true('更正' in letters.to(address)[0]['Subject'])
    both = w.o.rows('SELECT scores FROM bulletin ORDER BY id')
    equal(both[0], frozen[0], 'what is published never changes')
    true(len(both) == 2 and both[1] != both[0])


# ---- the two registers ----

END = '2019-04-02 10:00'


def both(ask):
    tell_until()
    by_mail, by_hand = (ask(w.o) for w in open_offices())
    return by_mail, by_hand


def same(ask, what):
    by_mail, by_hand = both(ask)
    true(by_mail, f'{what}: nothing')
    equal(by_mail, by_hand, what)


@test('the same submissions, marks, drafts and commissions')
def _():
    same(lambda o: o.json('list', '2019', now=END), 'list')
    for table, columns in (
            ('submission', 'year, serial, title, received, day, words, '
             'category, commission, incident, stage, state, state_reason, '
             'remark'),
            ('credit', 'submission, unit, share'),
            ('mark', 'submission, unit, item, day, quantity, amount, note, '
             'who, recorded, revoked, revoked_by'),
            ('version', 'submission, submitter, phones, file_name, words'),
            ('draft', 'sha256, kind, text'),
            ('commission', 'year, serial, title, level, requirement, issued, '
             'due, cancelled'),
            ('commission_unit', 'commission, unit, waived, waived_by, '
             'waived_note'),
            ('incident', 'year, serial, name, unit, happened, closed')):
        same(lambda o: sorted(o.rows(f'SELECT {columns} FROM {table}'),
                              key=repr), table)


@test('the same scores, explained in the same lines')
def _():
    for period in ('2019-03', '2019-04', '2019'):
        same(lambda o: o.json('scores', '--recompute', period, now=END), period)
    same(lambda o: o.must('explain', '财政局', '2019-03', now=END).out,
         'explain')


@test('the same published bulletins, to the byte')
def _():
    same(lambda o: o.rows('SELECT period, first_day, last_day, published, '
                          'who, pack, scores, corrects FROM bulletin '
                          'ORDER BY id'), 'bulletin')
    same(lambda o: o.json('scores', '2019-03', now=END), 'as published')


@test('the same letters to units')
def _():
    same(lambda o: sorted(o.rows(
        "SELECT kind, recipient, subject, created FROM mail WHERE recipient "
        "<> ?1 AND state = 'sent'", STAFF)), 'letters')


# By command line no mail came, and the number of a command is another where
# the ledger was asked for by mail.
ARRIVAL = re.compile(r'^命令\d+$')


def log_of(o):
    rows = o.rows('SELECT h.at, h.who, h.what, h.subject, w.old, w.new, w.note '
                  'FROM history h LEFT JOIN history_words w ON w.change = h.id '
                  'ORDER BY h.id')
    return [(at, who, what, '命令' if ARRIVAL.match(subject or '') else subject,
             old, new, note) for at, who, what, subject, old, new, note in rows]


@test('the same log: who, when, what, before and after; the chain is whole')
def _():
    same(log_of, 'history')
    for w in open_offices():
        true('history' not in w.o.run('check', now=END).err, w.name)


try:
    finish()
finally:
    STACK.close()
    Servers.stop()
