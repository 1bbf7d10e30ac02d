#!/usr/bin/python3
"""紧急信息: reports that belong together, hours by the pack's limits, and who
is told of them when; on Maildirs, from outside.  The pack is 海东's: a 续报
within four hours of the event."""
from desk_office import OTHER, STAFF, TEXT, Office, one, to
from tap import equal, finish, test, true

PARK = 'yuanqu@dept.example'
UNIT = '海东工业园区管委会'


def office():
    return Office(informants={UNIT: PARK}, rules='haidong-2023')


def report(o, what, at):
    """A report arrives; its number."""
    o.mail(PARK, f'海东工业园区-燃气泄漏险情{what}-何平-13905390001', at=at,
           draft=TEXT + what + at)
    o.poll(at)
    return o.json(at, 'list', '2023-03')[-1]['number']


def linked(o):
    """An event of 7:30, its 初报 of 8:10 linked at 8:20."""
    first = report(o, '初报', '2023-03-05 08:10')
    said = o.desk('2023-03-05 08:20',
                  f'紧急 {first} 发生=2023-03-05 07:30 燃气泄漏')
    true('紧2023-01《燃气泄漏》' in said, said)
    return said


def due(o, now):
    s = o.json(now, 'status')
    return s['next_due'], s['next_due_at'][:16]


@test('the limit of the pack is counted from the event and shown')
def _():
    o = office()
    said = linked(o)
    true('续报（事发后4小时内，2023年3月5日11时30分前）：待报' in said, said)
    true('终结请发送：终结 紧2023-01' in said, said)
    state = o.desk('2023-03-05 08:30', '查询 紧急2023-1')
    true('初报：2023-0001，2023年3月5日8时10分收到（事发后0.7小时）' in state,
         state)
    true('：待报' in state, state)
    o.close()


@test('staff are warned an hour before it passes, told when it has; once')
def _():
    o = office()
    linked(o)
    equal(due(o, '2023-03-05 08:30'),
          ('incident 紧2023-01 续报 4 before', '2023-03-05T10:30'))
    equal(o.json('2023-03-05 08:30', 'status')['open_incidents'], ['2023-01'])
    equal(o.poll('2023-03-05 10:29'), [], 'not before')
    letters = o.poll('2023-03-05 10:30')
    equal(sorted(x.to for x in letters), [OTHER, STAFF])
    warning = one(letters, STAFF, '紧2023-01续报将到时限')
    true('还有60分钟' in warning.text and '11时30分前' in warning.text, warning)
    equal(o.poll('2023-03-05 10:31'), [], 'once')
    equal(due(o, '2023-03-05 10:32'),
          ('incident 紧2023-01 续报 4 after', '2023-03-05T11:30'))
    equal(o.poll('2023-03-05 11:30'), [], 'exactly on time is on time')
    over = one(o.poll('2023-03-05 11:31'), STAFF, '逾期未报')
    true('时限2023年3月5日11时30分已过' in over.text, over)
    equal(o.poll('2023-03-05 12:00'), [], 'once')
    o.close()


@test('what is late is charged when the limit is over, not that morning')
def _():
    o = office()
    linked(o)
    for now, charged in (('2023-03-05 11:30', False),
                         ('2023-03-05 11:31', True)):
        said = o.run(now, 'explain', UNIT, '2023-03')
        equal('续报迟报' in said, charged, said)
    o.close()


@test('a program that was off says only what is still true')
def _():
    o = office()
    linked(o)
    letters = o.poll('2023-03-05 15:00')
    one(letters, STAFF, '逾期未报')
    equal(len(to(letters, STAFF)), 1)
    o.close()


@test('in time: no letter; late and missing are listed')
def _():
    o = office()
    linked(o)
    second = report(o, '续报', '2023-03-05 09:40')
    said = o.desk('2023-03-05 09:41', f'紧急 紧2023-01 {second}')
    true(f'：{second}按时报送' in said, said)
    equal(o.poll('2023-03-05 10:40'), [])
    late = report(o, '初报', '2023-03-06 09:00')
    o.desk('2023-03-06 09:01', f'紧急 {late} 发生=3月6日7时 另一事')
    missing = o.desk('2023-03-06 12:00', '查询 紧急')
    true('紧2023-01《燃气泄漏》' in missing and '续报按时' in missing, missing)
    true('紧2023-02《另一事》' in missing and '续报逾期未报' in missing, missing)
    third = report(o, '续报', '2023-03-06 13:00')
    said = o.desk('2023-03-06 13:01', f'紧急 紧2023-02 {third}')
    true(f'：{third}迟报' in said, said)
    o.close()


@test('a report that came before the event is a slip of the pen: refused')
def _():
    o = office()
    linked(o)
    early = report(o, '续报', '2023-03-05 08:15')
    for order in (f'紧急 {early} 发生=2023-03-05 08:16',
                  '紧急 2023-0001 发生=2023-03-05 08:11 误'):
        said = o.desk('2023-03-05 09:00', order)
        true('早于' in said and o.code == 65, said)
    true('续报' in o.desk('2023-03-05 09:00', f'紧急 紧2023-01 {early}'))
    o.close()


@test('a day of a thousand years ago is a slip of the pen: refused')
def _():
    o = office()
    early = report(o, '初报', '2023-03-05 08:15')
    for order, word in ((f'紧急 {early} 发生=1023-03-05 08:00 火灾', '不是时间'),
                        (f'标注 {early} 海东单篇 1023-03-05', '超过十年'),
                        ('补录 海东工业园区管委会 春耕 1023-03-05', '超过十年'),
                        ('补录 海东工业园区管委会 春耕 2023-03-06', '还没有到')):
        said = o.desk('2023-03-05 09:00', order)
        true(word in said and o.code == 65, said)
    equal(o.desk('2023-03-05 09:01', '查询 紧急').count('2023-01'), 0)
    o.close()


@test('a period of two thousand years, or as far from now, is one too')
def _():
    o = office()
    for order in ('得分 海东工业园区管委会 4048-03', '通报 4048-q1', '台账 4048',
                  '发布 2023-01-01..4048-12-31', '更正 4048-H1',
                  '得分 海东工业园区管委会 0023-01-01..2023-03-01'):
        said = o.desk('2023-03-05 09:00', order)
        true('截止于十年以后' in said and o.code == 65, said)
    said = o.desk('2023-03-05 09:00', '得分 海东工业园区管委会 2030')
    true('十年' not in said and o.code == 0, said)
    o.close()


@test('终结 ends the waiting; 撤销命令 begins it again')
def _():
    o = office()
    linked(o)
    said = o.desk('2023-03-05 09:00', '终结 紧2023-01')
    true('不再等候续报' in said and 'to take it back: 撤销命令' in said,
         said)
    equal(o.poll('2023-03-05 10:40'), [])
    true('没有未终结' in o.desk('2023-03-05 10:41', '查询 紧急'))
    true('已撤销' in o.desk('2023-03-05 10:42', '撤销命令 2'))
    one(o.poll('2023-03-05 10:43'), STAFF, '将到时限')
    o.desk('2023-03-05 10:44', '撤销命令 1')
    equal(o.poll('2023-03-05 12:00'), [], 'no such incident any more')
    true('没有编号' in o.desk('2023-03-05 12:01', '查询 紧2023-01'))
    o.close()


@test('a report moved to another incident is said to be; the empty one ends')
def _():
    o = office()
    linked(o)
    second = report(o, '续报', '2023-03-05 09:40')
    said = o.desk('2023-03-05 09:41', f'紧急 紧2023-01 {second}')
    true('移入' not in said and '取消' not in said, said)
    said = o.desk('2023-03-05 09:42', f'紧急 {second} 发生=2023-03-05 09:00 另一事')
    true(f'{second}已从紧2023-01移入' in said and '取消' not in said, said)
    said = o.desk('2023-03-05 09:43', '紧急 紧2023-02 2023-0001')
    true('早于' in said, said)
    third = report(o, '续报', '2023-03-05 10:00')
    o.desk('2023-03-05 10:01', f'紧急 紧2023-01 {third}')
    for n in (second, third):
        o.desk('2023-03-05 10:02', f'紧急 {n} 发生=2023-03-05 07:45')
    said = o.desk('2023-03-05 10:03', '查询 紧急')
    true('紧2023-01' in said and '紧2023-02' not in said, said)
    o.close()


@test('two incidents that were one: both reports move, the first is cancelled')
def _():
    o = office()
    linked(o)
    second = report(o, '续报', '2023-03-05 09:40')
    o.desk('2023-03-05 09:41', f'紧急 紧2023-01 {second}')
    said = o.desk('2023-03-05 09:50',
                  f'紧急 2023-0001 {second} 发生=2023-03-05 07:40 燃气泄漏')
    true(f'2023-0001已从紧2023-01移入；{second}已从紧2023-01移入；'
         '紧2023-01已没有报告，随即取消，不再提醒和计分' in said, said)
    true(said.count('取消') == 1, said)
    true('没有编号' in o.desk('2023-03-05 09:51', '查询 紧2023-01'))
    equal(o.poll('2023-03-05 11:31'), [], 'nobody waits for its reports')
    said = o.desk('2023-03-05 12:00', '撤销命令 3')
    true('紧急2023-01恢复' in said and '紧急2023-02已取消' in said, said)
    said = o.desk('2023-03-05 12:01', '查询 紧2023-01')
    true('初报：2023-0001' in said and f'续报：{second}' in said, said)
    true('没有编号' in o.desk('2023-03-05 12:02', '查询 紧2023-02'))
    o.close()


if __name__ == '__main__':
    finish()
