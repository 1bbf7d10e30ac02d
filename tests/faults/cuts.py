"""Lines that break: the connection to the mailbox or to the outgoing server
ends after each number of bytes, in either direction, in one of three ways,
or the program is killed and its mailbox numbered anew; then the program looks
again, over a line that holds."""
import copy
import os
import random

from account import account, digest, repeated
from crashing import SHIM, Crashing, difference
from fake_imap import ALL, FakeImap
from fake_smtp import FakeSmtp
from mails import draft, mail, order
from office import Office, instant
from relay import Plan, Relay
from scenes import Scenario
from servers import until

NOW, LATER = '2019-03-20 17:00', '2019-03-20 17:30'
RENUMBERED = '邮箱服务器已重新编号'
FOLDERS = ('INBOX', '已受理', '已退回', '已忽略', '待处理')
ABLE = {'MOVE': ALL, 'COPY': ALL.replace(' MOVE', ''),
        'COPY alone': ALL.replace(' MOVE UIDPLUS', '')}


class Served(Office):
    """An office between two lines; Crashing's rig owns the servers."""

    def __init__(self, folder, program, rig):
        super().__init__(folder, program)
        self.rig = rig
        with open(f'{folder}/password', 'w', encoding='ascii') as f:
            f.write(FakeImap.password)
        os.chmod(f'{folder}/password', 0o600)
        self.configure('password-file: password\ntls: none\n',
                       f'imap://xxk@localhost:{rig.imap_line.port}/INBOX',
                       f'smtp://xxk@localhost:{rig.smtp_line.port}')

    def arrive(self, data, at):
        self.rig.imap.inbox.add(data, instant(at))

    def where(self):
        """What is marked as deleted is no longer there for people."""
        return {name: sorted(digest(m.data) for m in
                             self.rig.imap.folder(name).messages
                             if '\\Deleted' not in m.flags)
                for name in FOLDERS}

    def outgoing_bytes(self):
        out = {}
        for m in self.rig.smtp.mails:
            head = m.data.split(b'\r\nMessage-ID: ', 1)[1].split(b'\r\n', 1)[0]
            out.setdefault(head.decode(), []).append(m.data)
        return out


def arrivals(o):
    o.set_up()
    for n, data in enumerate((
            draft('财政资金直达基层-县财政局-张敏-0539-6201001', '拨付1.47亿元。'),
            mail('没有稿件-县商务局-李强-6202002', '见附件。'),
            draft('市场供应充足-某某单位-赵六-6203003', '储备菜3吨。'),
            mail('自动回复：收到', '已收到。',
                 headers=[('Auto-Submitted', 'auto-replied')]))):
        o.arrive(data, f'2019-03-20 09:0{n}')


def alike(n):
    """Held, and told from its neighbours by its content alone: all have one
    size and came at one instant."""
    return draft(f'市场供应第{n}期-县电商办-何平-6203003', f'储备菜{n}吨。',
                 message_id=f'<held.{n}@tancheng.example>')


def decided(o):
    """Staff have decided about three of six that lie side by side in 待处理,
    and an order about a fourth lies in the inbox with new mail."""
    o.set_up()
    for n in range(6):
        o.arrive(alike(n), '2019-03-19 09:00')
    o.poll(now='2019-03-19 17:00')
    handles = [m['handle'] for m in o.json('held', now='2019-03-19 17:00')]
    for words in (['受理', handles[1], '单位=县商务局'],
                  ['退回', handles[3], '单位名称请写全'], ['忽略', handles[4]]):
        o.must('desk', *words, now='2019-03-20 08:00')
    o.arrive(order(f'受理 {handles[2]} 单位=县财政局\n'), '2019-03-20 09:00')
    o.arrive(draft('财政资金直达基层-县财政局-张敏-0539-6201001', '拨付1.47亿元。'),
             '2019-03-20 09:01')


SCENES = {'': arrivals, ', decided': decided}


def many_arrivals(o):
    """Ten, each from an address of its own: worth two connections."""
    o.set_up()
    for n in range(10):
        o.arrive(draft(f'第{n}批项目开工-县财政局-张敏-0539-6201001',
                       f'第{n}批，{n}.2亿元。',
                       sender=f'u{n}@tancheng.example'),
                 f'2019-03-20 09:{n:02}')


class ByServers(Crashing):
    """The program between a fake IMAP and a fake SMTP server, each behind a
    line; killed at its steps."""

    scenes, connections = SCENES, 1

    def __init__(self, able, scene, folder, program):
        self.imap, self.smtp = FakeImap(), FakeSmtp()
        self.imap.capability = ABLE[able]
        self.imap.__enter__()
        self.smtp.__enter__()
        self.imap_line = Relay(self.imap.port).__enter__()
        self.smtp_line = Relay(self.smtp.port).__enter__()
        self.kept = None
        super().__init__(Scenario(f'by {able}{scene}', self.scenes[scene],
                                  ['poll'], NOW), folder, program)

    def close(self):
        for one in (self.imap_line, self.smtp_line, self.imap, self.smtp):
            one.__exit__()

    def office(self):
        return Served(self.here, self.program, self)

    def keep_base(self):
        self.kept = copy.deepcopy(self.imap.folders)

    def fresh(self):
        self.imap.folders = copy.deepcopy(self.kept)
        self.smtp.mails.clear()
        self.imap_line.plan = self.smtp_line.plan = Plan()
        self.imap_line.lines.clear()
        self.smtp_line.lines.clear()
        return super().fresh()

    def state(self, o):
        return account(o)

    def poll_after(self, o):
        o.poll(now=LATER)

    def may_repeat(self, o):
        """The letters whose fate the register does not know, though the
        server has them: only these may go out again.  On a loaded machine it
        takes the last ones after the program has been killed."""
        self.smtp_line.settle()
        until(lambda: not self.smtp.open, 'the last letter')
        known = {i for i, in o.rows(
            "SELECT mail_id FROM mail WHERE state = 'sent' "
            'OR id IN (SELECT mail FROM mail_sent)')}
        return set(o.outgoing_bytes()) - known

    def between(self, n):
        """What happens before the program is run again."""
        self.imap_line.plan = self.smtp_line.plan = Plan()

    def attempt(self, n):
        o = self.fresh()
        problem = self.disturb(o, n)
        self.between(n)
        unknown = self.may_repeat(o)
        if len(unknown) > self.connections:
            problem = f'sent before the answer was recorded: {unknown}'
        problem = problem or self.resume(o)
        self.poll_after(o)
        problem = problem or difference(self.state(o), self.wanted)
        twice = repeated(o.outgoing_bytes())
        if not problem and (set(twice) - unknown or
                            any(k > 2 for k in twice.values())):
            problem = f'repeated without need: {twice}'
        if not problem and self.imap.complaints:
            problem = f'the server complains: {self.imap.complaints}'
        return problem or self.nothing_more(o)

    def nothing_more(self, o):
        before = o.dump(), o.where(), o.outgoing_bytes()
        self.poll_after(o)
        if before != (o.dump(), o.where(), o.outgoing_bytes()):
            return 'another poll has changed something'
        return None


class Renumbered(ByServers):
    """Killed at its steps, and before it runs again the server is rebuilt:
    every folder has another validity, and its mail other uids in another
    order.  Staff are told of it, which is no difference, and what an old
    uid was to be done with is never done: `folders` says that it was, under
    the new one."""

    def between(self, n):
        super().between(n)
        order_ = random.Random(n)
        for f in self.imap.folders.values():
            f.validity += 1
            order_.shuffle(f.messages)
            for uid, message in enumerate(f.messages, 1):
                message.uid = uid
            f.uidnext = len(f.messages) + 1

    def state(self, o):
        found = account(o)
        del found['not moved']
        found['letters'] = [x for x in found['letters']
                            if RENUMBERED not in x[3]]
        found['sent'] = [x for x in found['sent'] if RENUMBERED not in x[1]]
        return found


class NoMemoryForCurl(ByServers):
    """libcurl is refused the n-th memory that it asks for: an error like
    others, of the mailbox or of a letter."""

    env = {'LD_PRELOAD': SHIM, 'FAULT_CALLS': 'malloc', 'FAULT_KIND': 'ENOMEM',
           'FAULT_LIBRARY': 'libcurl'}

    def logged(self, o, log):
        return self.run(o, **dict(self.env, FAULT_LOG=log))

    def disturb(self, o, n):
        r = self.run(o, **dict(self.env, FAULT_AT=str(n)))
        if r.code not in (0, 69, 75):
            return f'ended with {r}'
        return None if r.code == 0 or r.err else 'failed without a word'


class TwoLines(ByServers):
    """Letters over two connections, killed at each step: whatever was on its
    way, two at most may go out again."""

    scenes, connections = {', many': many_arrivals}, 2

    def __init__(self, folder, program):
        super().__init__('MOVE', ', many', folder, program)
        if self.smtp.peak != self.connections:
            raise RuntimeError(f'{self.smtp.peak} connections')

    def disturb(self, o, n):
        """How many answers share a commit is another matter in every run, and
        so is how many steps there are: the last ones may not come."""
        problem = super().disturb(o, n)
        few = len(self.labels) - len(o.outgoing_bytes())
        return None if problem and n > few else problem


class Cuts(ByServers):
    """A label says which line ends, in which direction, after how many
    bytes."""

    def __init__(self, able, scene, end, every, folder, program):
        self.end, self.every = end, every
        super().__init__(able, scene, folder, program)

    def logged(self, o, log):
        r = super().run(o)
        with open(log, 'w', encoding='ascii') as f:
            for line in ('imap', 'smtp'):
                passed = getattr(self, f'{line}_line').passed
                for number, both in enumerate(passed, 1):
                    for direction, total in zip(('up', 'down'), both):
                        for at in range(0, total, self.every):
                            f.write(f'{line}:{number}:{direction}:{at}\n')
        return r

    def disturb(self, o, n):
        line, number, direction, at = self.labels[n - 1].split(':')
        which = getattr(self, f'{line}_line')
        which.plan = Plan(end=self.end, which=int(number),
                          **{direction: int(at)})
        r = self.run(o)
        if r.code not in (0, 69, 75):
            return f'ended with {r}'
        if not [x for x in which.lines if x.plan is which.plan]:
            return 'not cut'
        return None


class Segments(ByServers):
    """Everything comes in pieces of so many bytes."""

    def logged(self, o, log):
        with open(log, 'w', encoding='ascii') as f:
            f.write('1\n2\n7\n1460\n')
        return super().run(o)

    def disturb(self, o, n):
        self.imap_line.plan = Plan(segment=int(self.labels[n - 1]))
        self.smtp_line.plan = Plan(segment=int(self.labels[n - 1]))
        r = self.run(o)
        return None if r.code == 0 else f'ended with {r}'


