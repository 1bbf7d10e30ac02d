#!/usr/bin/python3
"""撤销命令: what an order did is changed back, units hear of what they must,
and every answer says the points before and after; on Maildirs, from outside."""
from desk_office import STAFF, TEXT, Office, find, one
from tap import equal, finish, test, true

TECH, CIVIL = 'keji@dept.example', 'minzheng@dept.example'


def office():
    return Office(informants={'县科技局': TECH, '县民政局': CIVIL})


def ordered(o, text, at):
    """One order by mail; the answer's text, and the other letters."""
    o.mail(STAFF, '命令', text, at=at)
    letters = o.poll(at)
    answer = one(letters, STAFF, '来信中的命令')
    return answer.text, [x for x in letters if x is not answer]


@test('受理 is undone: withdrawn, the mail waits again, and keeps its number')
def _():
    o = office()
    o.mail('x@else.example', '科技服务春耕-县电商办-何平-13905390001', draft=TEXT)
    o.poll('2019-03-05 09:10')
    equal(len(o.json('2019-03-05 09:10', 'held')), 1)
    said, letters = ordered(o, '受理 待-1 单位=科技局', '2019-03-05 10:00')
    true('编号2019-0001' in said, said)
    undo = find(r'撤销命令 \d+', said)
    said, letters = ordered(o, undo, '2019-03-05 10:10')
    true('2019-0001' in said and '作退稿处理' in said, said)
    true('待-1改回待处理' in said and said.count('【已办】') == 1, said)
    held, = o.json('2019-03-05 10:11', 'held')
    equal((held['handle'], held['reasons']), ('待-1', ['unknown-unit']))
    equal(o.json('2019-03-05 10:11', 'list')[0]['status'], 'withdrawn')
    o.poll('2019-03-05 10:12')
    equal(o.count_in('待处理'), 1, 'and lies in 待处理 again')
    said, letters = ordered(o, '受理 待-1 单位=民政局', '2019-03-05 10:20')
    true('编号仍为2019-0001' in said, said)
    equal(o.count_in('待处理'), 0)
    again, = o.json('2019-03-05 10:21', 'list')
    equal((again['unit'], again['status']), ('民政局', 'recorded'))
    o.close()


@test('退回 and 忽略 are undone: it waits again; the letter stays sent')
def _():
    o = office()
    for n in range(2):
        o.mail('x@else.example', f'科技服务春耕{n}-县电商办-何平-13905390001',
               draft=TEXT + str(n))
    o.poll('2019-03-05 09:10')
    said, letters = ordered(o, '退回 待-1 请核实数据\n忽略 待-2\n',
                            '2019-03-05 10:00')
    one(letters, 'x@else.example', '请核实数据')
    equal((o.count_in('待处理'), o.count_in('已退回')), (0, 1))
    ordered(o, find(r'撤销命令 \d+', said), '2019-03-05 10:10')
    equal({m['handle'] for m in o.json('2019-03-05 10:11', 'held')},
          {'待-1', '待-2'})
    o.poll('2019-03-05 10:12')
    equal(o.count_in('待处理'), 2)
    o.close()


@test('what a late decision was about can be accepted for a month after it')
def _():
    o = office()
    for n in range(2):
        o.mail('x@else.example', f'科技服务春耕{n}-县电商办-何平-13905390001',
               draft=TEXT + str(n), at='2019-03-05 09:00')
    o.poll('2019-03-05 09:10')
    for handle, at in (('待-1', '2019-04-10'), ('待-2', '2019-04-12')):
        said, _ = ordered(o, f'忽略 {handle}', f'{at} 09:00')
        o.poll(f'{at} 09:10')
    o.poll('2019-05-11 09:00')
    ordered(o, '撤销命令 1\n撤销命令 2\n', '2019-05-11 10:00')
    said, _ = ordered(o, '受理 待-1 单位=科技局', '2019-05-11 10:10')
    true('已满一个月' in said and '【未办】' in said, said)
    said, _ = ordered(o, '受理 待-2 单位=科技局', '2019-05-11 10:20')
    true('编号2019-0001' in said, said)
    o.close()


@test('约稿 is undone: whoever has the notice is told, the waived are not')
def _():
    o = office()
    ordered(o, '约稿 春耕备播\n截止：3月10日\n单位：科技局、民政局、统计局\n',
            '2019-03-05 09:00')
    ordered(o, '免约 2019-01 民政局 另有任务', '2019-03-05 09:10')
    said, letters = ordered(o, '撤销命令 1', '2019-03-05 09:20')
    true('已取消，已通知1个单位' in said and '须另行通知：县统计局' in said, said)
    letter, = letters
    equal((letter.to, letter.subject), (TECH, '[约稿2019-01] 取消：春耕备播'))
    true('无须再报送' in letter.text, letter)
    equal(o.poll('2019-03-11 09:00'), [], 'no reminder, nothing due')
    equal(o.points('2019-03-12 09:00', '科技局'), '0')
    said, _ = ordered(o, '撤销命令 1', '2019-03-12 09:00')
    true('此前已经撤销' in said, said)
    o.close()


@test('the line that restores makes the same mark; an undo is not undone')
def _():
    o = office()
    said, _ = ordered(o, '记分 科技局 以干代训 2019-03-01 ×2 跟班两人\n',
                      '2019-03-05 09:00')
    points = o.points('2019-03-05 09:01', '科技局')
    said, _ = ordered(o, '撤销 科技局 以干代训\n', '2019-03-05 09:10')
    equal(o.points('2019-03-05 09:11', '科技局'), '0')
    again = find(r'恢复请发送：(.*)', said)
    ordered(o, again, '2019-03-05 09:20')
    equal(o.points('2019-03-05 09:21', '科技局'), points)
    said, _ = ordered(o, '撤销命令 3\n', '2019-03-05 09:30')
    true('已撤销' in said, said)
    said, _ = ordered(o, '撤销命令 4\n', '2019-03-05 09:40')
    true('请重发原命令' in said, said)
    o.close()


@test('what changes nothing offers no undo, and says so in the office\'s words')
def _():
    o = office()
    o.desk('2019-03-05 09:00', '补录 科技局 科技服务春耕 2019-03-04')
    o.desk('2019-03-05 09:00', '退稿 2019-0001 内容失实')
    for order, says in (('得分 科技局', '报送0条'),
                        ('查询 2019-0001', '已退稿'),
                        ('查询 约稿', '没有约稿'),
                        ('帮助', '标注'),
                        ('撤销命令 77', '没有第77号命令'),
                        ('退稿 2019-0001 再退', '此前已经退稿'),
                        ('发布 2019-03', '还没有结束'),
                        ('更正 2019-02', '还没有发布'),
                        ('台账 2019-03', '共1条')):
        said, _ = ordered(o, order, '2019-03-05 10:00')
        true(says in said and '如需' not in said, said)
    said, _ = ordered(o, '撤销命令 3', '2019-03-05 10:10')
    true('没有可以撤销的改动' in said, said)
    o.desk('2019-04-01 09:00', '发布 2019-03')
    said, _ = ordered(o, '发布 2019-03', '2019-04-01 09:10')
    true('已经发布' in said and '更正 2019-03' in said, said)
    o.close()


@test('every answer that moves points says from where to where')
def _():
    o = office()
    o.mail(TECH, '[约稿2019-01] 科技服务春耕-科技局-何平-13905390001',
           draft=TEXT)
    o.mail('x@else.example', '民政工作-县电商办-何平-13905390001',
           draft=TEXT + '民政')
    ordered(o, '约稿 春耕备播\n截止：2019-03-10\n单位：科技局、民政局\n',
            '2019-03-01 09:00')
    said, _ = ordered(o, '受理 待-1 单位=民政局\n标注 2019-0001 普刊\n',
                      '2019-03-05 10:00')
    number = '2019-0002'
    true('县民政局本年得分由' in said and '县科技局本年得分由' in said, said)
    for order in (f'改 {number} 单位=科技局', f'退稿 {number} 失实',
                  '补录 民政局 又一条 2019-03-05',
                  '联合 2019-0003 民政局 科技局', '清除 2019-0003'):
        said, _ = ordered(o, order, '2019-03-06 10:00')
        true('本年得分由' in said, f'{order}: {said}')
    o.close()


@test('a fact of last year: the answer names the year whose points change')
def _():
    o = Office()
    o.desk('2019-12-20 09:00', '补录 县财政局 一件事 2019-12-20')
    said = o.desk('2020-01-05 09:00', '标注 2019-0001 普刊 2019-12-28')
    true('县财政局2019年得分由0.2分变为3.2分' in said, said)
    said = o.desk('2020-01-05 09:10', '退稿 2019-0001 不实')
    true('县财政局2019年得分由3.2分变为' in said, said)
    o.close()


@test('改 that was changed again since: the answer says so')
def _():
    o = Office()
    o.desk('2019-03-05 09:00', '补录 县财政局 一件事 2019-03-05')
    undo = find('撤销命令 [0-9]+',
                o.desk('2019-03-05 09:10', '改 2019-0001 标题=甲事'))
    o.desk('2019-03-05 09:20', '改 2019-0001 标题=乙事')
    said = o.desk('2019-03-05 09:30', undo)
    equal(o.code, 65)
    true('此后又有变动' in said and '没有可以撤销' not in said, said)
    o.close()


if __name__ == '__main__':
    finish()
