#!/usr/bin/python3
"""A copy that was not proven comes first, from somebody who saw or guessed the
mail: the mail itself must be handled as if it had come alone, once."""
from mails import RECEIVED, UNIT, draft, mail, order
from office import Office
from servers import tempdir
from tap import equal, finish, test, true

HOST = 'mail.tancheng.example'
TRACE = f'Received: {RECEIVED}\r\n'
PROVEN = (f'Authentication-Results: {HOST}; dmarc=pass '
          'header.from={}\r\n' + TRACE)
FAILED = (f'Authentication-Results: {HOST}; dmarc=fail '
          'header.from={}\r\n' + TRACE)
DOMAIN = UNIT.split('@')[1]

# What may come first, of an order and of a submission; whether it waits for
# staff then.
COPIES = {
    'no proof': (TRACE, True),
    'dmarc=fail': (FAILED, True),
    'a machine says so': (TRACE + 'Auto-Submitted: auto-replied\r\n', False),
    'proven, with another Sender':
        (PROVEN + 'Sender: evil@evil.example\r\n', True),
}


def front(text, data, domain):
    return text.format(domain).encode() + data


def bare(data):
    """Without what the own server had put in front of it."""
    return data[data.index(b'From:'):]


def judged(o):
    return {name: (verdict, reasons) for name, verdict, reasons in o.rows(
        'SELECT p.name, m.verdict, m.reasons FROM place p JOIN message m '
        'ON m.id = p.message ORDER BY m.id')}


def office(tmp):
    o = Office(tmp, more='replies-per-day: 1000\n')
    o.set_up()
    return o


def closed(o, name):
    """The copy is a duplicate of the mail, in the folder of such, and the
    history says by which mail and what it was before."""
    equal(judged(o)[name], ('duplicate', 'same-message'))
    equal(o.folder_of(name), ['已忽略'])
    equal(o.rows('SELECT q.name FROM place p JOIN message m ON m.id = p.message '
                 'JOIN place q ON q.message = m.original WHERE p.name = ?',
                 name), [('genuine',)])
    (before, after), = o.rows(
        'SELECT w.old, w.new FROM place p JOIN history h ON '
        "h.object = p.message AND h.what = 'decide' JOIN history_words w "
        'ON w.change = h.id WHERE p.name = ?', name)
    true(before.startswith('held '), before)
    equal(after, 'duplicate')


def check_order(copy, waits):
    with tempdir() as tmp:
        o = office(tmp)
        data = bare(order('补录 财政局 电话报送的信息\n'))
        forged = front(copy, data, HOST)
        genuine = front(PROVEN, data, HOST)
        o.deliver(forged, '2019-03-20 09:00', 'forged')
        o.poll()
        equal(o.json('list'), [])
        equal(len(o.json('held')), waits)
        o.deliver(genuine, '2019-03-20 09:10', 'genuine')
        o.poll()
        equal(judged(o)['genuine'][0], 'command')
        equal(len(o.json('list')), 1)
        equal(o.json('held'), [])
        if waits:
            closed(o, 'forged')
        # ... and once: whoever sends it again, proven or not
        for n, again in enumerate((forged, genuine,
                                   b'X-Priority: 1\r\n' + genuine)):
            o.deliver(again, f'2019-03-20 10:0{n}', f'again-{n}')
        o.poll()
        equal({v for name, (v, _) in judged(o).items() if 'again' in name}
              - {'ignored'}, {'duplicate'})
        equal(len(o.json('list')), 1)
        equal(o.rows("SELECT count(*) FROM mail WHERE kind = 'answer'"), [(1,)])


def check_draft(copy, waits):
    with tempdir() as tmp:
        o = office(tmp)
        data = draft()
        o.deliver(front(copy, data, DOMAIN), '2019-03-20 09:00', 'forged')
        o.poll()
        first = judged(o)['forged'][0]
        o.deliver(front(PROVEN, data, DOMAIN), '2019-03-20 09:10', 'genuine')
        o.poll()
        if first == 'accepted':  # nothing was kept from anybody
            equal(judged(o)['genuine'][0], 'duplicate')
        else:
            equal(judged(o)['genuine'], ('accepted', ''))
        if first == 'held':
            closed(o, 'forged')
        equal(o.json('held'), [])
        equal(len(o.json('list')), 1)
        equal(len(o.sent(UNIT)), 1)
        o.deliver(front(PROVEN, data, DOMAIN), '2019-03-20 10:00', 'again')
        o.poll()
        equal(judged(o)['again'], ('duplicate', 'same-message'))
        equal((len(o.json('list')), len(o.sent(UNIT))), (1, 1))


for _name, (_copy, _waits) in COPIES.items():
    test(f'D7 an order is obeyed behind its copy: {_name}')(
        lambda copy=_copy, waits=_waits: check_order(copy, waits))
    test(f'C12 a submission is recorded behind its copy: {_name}')(
        lambda copy=_copy, waits=_waits: check_draft(copy, waits))


@test('C12 both in one look, in the same second, and put back later')
def _():
    with tempdir() as tmp:
        o = office(tmp)
        data = draft()
        o.deliver(front(FAILED, data, DOMAIN), '2019-03-20 09:00', 'forged')
        o.deliver(front(PROVEN, data, DOMAIN), '2019-03-20 09:00', 'genuine')
        o.poll()
        equal(judged(o)['genuine'], ('accepted', ''))
        closed(o, 'forged')
        o.deliver(front(PROVEN, data, DOMAIN), '2019-03-20 09:00', 'back')
        o.deliver(front(FAILED, data, DOMAIN), '2019-03-20 09:00', 'forged-back')
        o.poll()
        equal(len(o.json('list')), 1)
        equal(o.rows('SELECT verdict FROM message ORDER BY id'),
              [('duplicate',), ('accepted',)])
        equal(o.folder_of('back'), ['已受理'])
        equal(o.folder_of('forged-back'), ['已忽略'])


@test('what staff have decided about a copy stays, and is not asked again')
def _():
    with tempdir() as tmp:
        o = office(tmp)
        data = bare(order('补录 财政局 电话报送的信息\n'))
        o.deliver(front(TRACE, data, HOST), '2019-03-20 09:00', 'forged')
        o.poll()
        handle = o.json('held')[0]['handle']
        o.must('desk', f'忽略 {handle}')
        o.deliver(front(PROVEN, data, HOST), '2019-03-20 10:00', 'genuine')
        o.poll()
        equal(judged(o)['genuine'], ('duplicate', 'same-message'))
        equal(o.json('list'), [])


@test('a copy of what comes out the same is a duplicate, answered once')
def _():
    with tempdir() as tmp:
        o = office(tmp)
        data = mail('财政资金直达基层-县财政局-张敏-0539-6201001', '无附件')
        o.deliver(front(TRACE, data, DOMAIN), '2019-03-20 09:00', 'one')
        o.deliver(front(PROVEN, data, DOMAIN), '2019-03-20 10:00', 'two')
        o.poll()
        equal([v for v, _ in judged(o).values()], ['returned', 'duplicate'])
        equal(len(o.sent(UNIT)), 1)


@test('C13 a guessed Message-ID with other text does not hold the order back')
def _():
    with tempdir() as tmp:
        o = office(tmp)
        forged = bare(order('补录 财政局 伪造的信息\n', message_id='<guess@x>'))
        for n, data in enumerate((
                front(TRACE, forged, HOST), front(FAILED, forged, HOST),
                draft(sender='evil@evil.example', message_id='<guess@x>'))):
            o.deliver(data, f'2019-03-20 09:0{n}')
        o.poll()
        held = len(o.json('held'))
        o.deliver(order('补录 财政局 真的信息\n', message_id='<guess@x>'),
                  '2019-03-20 10:00', 'genuine')
        o.poll()
        equal(judged(o)['genuine'][0], 'command')
        true('真的信息' in {s['title'] for s in o.json('list')})
        equal(len(o.json('held')), held, 'the forgery still waits for staff')
        # worked on, behind the real one: as before
        o.deliver(order('补录 财政局 改过的信息\n', message_id='<guess@x>'),
                  '2019-03-20 11:00', 'worked-on')
        o.deliver(b'X-A: 1\r\n' + order('补录 财政局 改过的信息\n',
                                       message_id='<guess@x>'),
                  '2019-03-20 11:01', 'worked-on-again')
        o.poll()
        equal(judged(o)['worked-on'], ('held', 'unproven-command'))
        true(judged(o)['worked-on-again'][0] in ('held', 'duplicate'))
        true('改过的信息' not in {s['title'] for s in o.json('list')})


finish()
