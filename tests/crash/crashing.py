"""Kill the program at its n-th step, run it again, and compare with a run
that was never killed.  tests/crash/run does it for every n, and
tests/flow/crash_sample.py for some."""
import os
import shutil
import signal
import sys

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
sys.path.insert(0, f'{ROOT}/tests/flow')

from mails import docx, draft, mail, order                      # noqa: E402
from office import Office, tree                                 # noqa: E402

SAY_EVERY = 10
LIMIT = 'size-limit: 1 MB\n'
MARCH, LATER, APRIL = '2019-03-20 17:00', '2019-03-28 10:00', '2019-04-01 09:00'


# ---- what lies in the mailbox ----

def damaged():
    """A Word file of which some bytes were lost on the way."""
    data = docx()
    return data[:len(data) // 2] + data[len(data) // 2 + 40:]


def deliver_mixed(o):
    """The demo's month, and what a month seldom has: a second copy, another
    content under the same Message-ID, a damaged file, one too large, orders
    proven in three ways and not at all, a bounce, a question."""
    o.deliver_demo()
    first = draft('物价保持平稳-县发改局-周涛-6201188')
    for data, at in (
            (first, '2019-03-18 10:00'),
            (first, '2019-03-18 10:05'),
            (draft('物价保持平稳-县发改局-周涛-6201188', '更正后的稿件，环比上涨0.4%。',
                   message_id='<test.same@tancheng.example>'),
             '2019-03-18 10:06'),
            (draft('粮食储备充足-县发改局-周涛-6201188', '储备粮4.2万吨。',
                   message_id='<test.same@tancheng.example>'),
             '2019-03-18 10:07'),
            (mail('社保扩面-县人社局-刘洋-6202020',
                  files=[('稿件.docx', damaged())]), '2019-03-18 10:08'),
            (mail('大文件-县财政局-张敏-6201001',
                  files=[('图.docx', os.urandom(1 << 20))]),
             '2019-03-18 10:09'),
            (order('补录 财政局 电话报送的信息 2019-03-11\n标注 2019-0001 没有此项\n',
                   proof='dkim'), '2019-03-20 09:00'),
            (order('得分 财政局 2019-03\n', proof='auth'), '2019-03-20 09:01'),
            (order('退稿 2019-0001 冒充的命令\n', proof='spf'),
             '2019-03-20 09:02'),
            (order('退稿 2019-0002 冒充的命令\n', proof=None),
             '2019-03-20 09:03'),
            (mail('Undelivered Mail Returned to Sender', 'unknown user',
                  sender='MAILER-DAEMON@mail.tancheng.example',
                  headers=[('Return-Path^', '<>')]), '2019-03-20 09:04')):
        o.deliver(data, at)


# ---- scenarios ----

class Scenario:
    """prepare(office) makes the state in which `arguments` are run at `now`.
    once: a person gave the command and repeats it only when it had no
    effect, and the next poll follows; otherwise it is simply run again."""

    def __init__(self, name, prepare, arguments, now, once=False):
        self.name, self.prepare, self.once = name, prepare, once
        self.arguments, self.now = arguments, now


def nothing(_):
    pass


def first_look(o):
    """Mail of the weeks before the office was set up, and of the last days."""
    o.configure(LIMIT)
    deliver_mixed(o)


def a_month(o):
    o.configure(LIMIT)
    o.set_up()
    deliver_mixed(o)


def after_the_month(o):
    a_month(o)
    o.poll(now=MARCH)


def handle(o, reason):
    """The handle of what is held for this reason."""
    return next(m['handle'] for m in o.json('held', now=LATER)
                if reason in m['reasons'])


# Orders of the desk, each upon what those before it have left.
ORDERS = (
    lambda o: ['标注', '2019-0003', '市专报采用', '2019-03-27'],
    lambda o: ['记分', '县人社局', '以干代训', '2019-03-26', '跟班一人'],
    lambda o: ['撤销', '2019-0003', '市专报采用', '误标'],
    lambda o: ['受理', handle(o, 'unknown-unit'), '单位=县商务局'],
    lambda o: ['退回', handle(o, 'unreadable'), '附件打不开，请重发'],
    lambda o: ['忽略', handle(o, 'unproven-command')],
    lambda o: ['补录', '县财政局', '座谈会上的建议', '2019-03-25'],
    lambda o: ['改', '2019-0004', '标题=一季度存贷款分析', '电话=6204456'],
    lambda o: ['退稿', '2019-0005', '内容重复'],
    lambda o: ['撤销命令', '5'],
    lambda o: ['清除', '2019-0006'],
    lambda o: ['解除隔离', handle(o, 'secrecy'), '并无密级'],
)


def after_orders(n):
    def prepare(o):
        after_the_month(o)
        for words in ORDERS[:n]:
            o.must('desk', *words(o), now=LATER)
    return prepare


def scenarios():
    yield Scenario('the very first poll', nothing, ['poll'], MARCH)
    yield Scenario('the first poll of an old mailbox', first_look, ['poll'],
                   MARCH)
    yield Scenario('a month of mail', a_month, ['poll'], MARCH)
    for n, words in enumerate(ORDERS):
        yield Scenario(f'desk order {n + 1}', after_orders(n), words, LATER,
                       once=True)
    yield Scenario('what the desk decided is carried out',
                   after_orders(len(ORDERS)), ['poll'], LATER)
    yield Scenario('the first of the month', after_orders(len(ORDERS)),
                   ['poll'], APRIL)
    yield Scenario('the bulletin is published', at_the_first,
                   lambda o: ['发布', '2019-03'], APRIL, once=True)


def at_the_first(o):
    after_orders(len(ORDERS))(o)
    o.poll(now=APRIL)


# ---- running ----

def state(o):
    """Everything that must be the same."""
    return {
        'register': o.dump(),
        'folders': o.where(),
        'outgoing': o.outgoing_bytes(),
        'drafts': tree(f'{o.data}/稿件'),
        'files of data': sorted(os.listdir(o.data)),
    }


def said(o, now):
    """What the commands say of that register; they take longer than all
    else, so that not every point asks them."""
    listed = o.json('list', now=now)
    return {
        'list': listed,
        'held': o.json('held', now=now),
        'scores': o.json('scores', '2019-03', now=now),
        'show': [o.json('show', s['number'], now=now) for s in listed],
    }


def difference(got, wanted, path=''):
    """Where two states differ first, in words; None where they do not."""
    if type(got) is not type(wanted):
        return f'{path}: {got!r:.300} instead of {wanted!r:.300}'
    if isinstance(got, dict):
        for key in [*wanted, *got]:
            if key not in got or key not in wanted:
                return (f'{path}/{key}: '
                        f'{"missing" if key in wanted else "too much"}')
            found = difference(got[key], wanted[key], f'{path}/{key}')
            if found:
                return found
        return None
    if isinstance(got, list) and got != wanted:
        extra = [x for x in got if x not in wanted]
        lost = [x for x in wanted if x not in got]
        return (f'{path}: {len(got)} instead of {len(wanted)}; '
                f'too much {extra!r:.600}; missing {lost!r:.600}')
    return None if got == wanted else f'{path}: {got!r:.300} instead of ' \
                                      f'{wanted!r:.300}'


class Crashing:
    """One scenario in a folder of its own.  Every run is at the same path,
    for the register knows a mailbox by it."""

    def __init__(self, scenario, folder, program):
        self.scenario, self.program = scenario, program
        self.here, self.base = f'{folder}/office', f'{folder}/base'
        os.makedirs(self.here)
        o = Office(self.here, program)
        scenario.prepare(o)
        words = scenario.arguments
        self.arguments = ['desk', *words(o)] if callable(words) else words
        os.rename(self.here, self.base)
        self.before = self.fresh().dump()
        self.steps, self.wanted, self.said = self.undisturbed()

    def fresh(self):
        shutil.rmtree(self.here, ignore_errors=True)
        shutil.copytree(self.base, self.here)
        return Office(self.here, self.program)

    def run(self, o, **env):
        return o.run(*self.arguments, now=self.scenario.now, env=env)

    def undisturbed(self):
        """The names of the steps, the state they lead to, what is said."""
        o = self.fresh()
        log = f'{self.here}/steps'
        r = self.run(o, BAOSONG_STEP_LOG=log)
        if r.code != 0:
            raise RuntimeError(f'{self.scenario.name}: {r}')
        with open(log) as f:
            steps = f.read().split()
        self.poll_after(o)
        return steps, state(o), said(o, self.scenario.now)

    def poll_after(self, o):
        if self.scenario.once:
            o.poll(now=self.scenario.now)

    def resume(self, o):
        if self.scenario.once and o.dump() != self.before:
            return None         # it took effect: nobody gives it again
        r = self.run(o)
        return None if r.code == 0 else f'resumed with {r}'

    def crash_at(self, n):
        """What is wrong after a crash at step n, or None."""
        o = self.fresh()
        r = self.run(o, BAOSONG_CRASH_AT=str(n))
        if r.code != -signal.SIGKILL:
            return f'not killed: {r}'
        problem = self.resume(o)
        self.poll_after(o)
        if not problem:
            problem = difference(state(o), self.wanted)
        if not problem and n % SAY_EVERY == 1:
            problem = difference(said(o, self.scenario.now), self.said)
        if not problem and not self.scenario.once:
            problem = self.changes_nothing(o)
        return problem

    def changes_nothing(self, o):
        seen = (tree(o.mailbox, o.outgoing, f'{o.data}/稿件'), o.dump())
        r = self.run(o)
        if r.code != 0:
            return f'a third time: {r}'
        if seen != (tree(o.mailbox, o.outgoing, f'{o.data}/稿件'), o.dump()):
            return 'a third run has changed something'
        return None
