#!/usr/bin/python3
"""A desk that works by mail alone: commissions, incidents, informants, codes,
notices; on Maildirs, from outside."""
import re
import sqlite3

from desk_office import OTHER, STAFF, TEXT, Office, find, one, to
from tap import equal, finish, test, true

TECH, CIVIL, MONEY = ('keji@dept.example', 'minzheng@dept.example',
                      'caizheng@dept.example')
INFORMANTS = {'县科技局': TECH, '县民政局': CIVIL, '县财政局': MONEY}
ASK = '''单位：科技局、民政局、财政局、统计局
截止：3月10日17时
层级：县
要求：写清进度和做法，
附数据。

王芳
信息科 6106766
'''


def office(**more):
    return Office(informants=INFORMANTS, **more)


def commissioned():
    """An office that has asked four units by mail on 1 March."""
    o = office()
    o.mail(STAFF, '约稿 春耕备播有关情况', ASK, at='2019-03-01 09:00')
    return o, o.poll('2019-03-01 09:01')


@test('a commission by mail is noticed to the units and answered to staff')
def _():
    o, letters = commissioned()
    answer = one(letters, STAFF, '已发出约稿')
    true('约稿2019-01' in answer.text and '约4个单位' in answer.text, answer)
    true('没有邮箱、须另行通知：县统计局' in answer.text, answer)
    notice = one(letters, TECH)
    equal(notice.subject, '[约稿2019-01] 春耕备播有关情况')
    true('2019年3月10日17时' in notice.text, notice)
    true('附数据' in notice.text, notice)
    true('6106766' not in notice.text, 'the signature is no requirement')
    for unit in (CIVIL, MONEY):
        one(letters, unit)
    o.close()


@test('a commission that is not complete, or past, or of no unit is refused')
def _():
    o = office()
    for text, says in (
            ('约稿 题目', '写法：约稿'),
            ('约稿 题目\n截止：昨天\n单位：财政局', '不是时间'),
            ('约稿 题目\n截止：2019-02-10\n单位：财政局', '已经过去'),
            ('约稿 题目\n截止：2019-03-10\n单位：财政局、财务局', '财务局')):
        said = o.desk('2019-03-01 09:00', text)
        true(says in said and o.code == 65, said)
    equal(o.poll('2019-03-01 09:01'), [], 'nothing was sent')
    said = o.desk('2019-03-01 09:00',
                  '约稿 题目\n截止：3月10日\n单位：乡镇(街道、开发区、景区)\n'
                  '查询 约稿2019-01')
    true('约4个单位' in said and '马陵山景区管委会：未报' in said, said)
    o.close()


@test('answered in time +1, late +0, missed -2, waived: gone')
def _():
    o, letters = commissioned()
    notice = one(letters, TECH)
    o.mail(TECH, '科技局-春耕科技服务扎实开展-何平-13905390001',
           at='2019-03-08 10:00', draft=TEXT, answers=notice.id)
    letters = o.poll('2019-03-08 10:01')
    true('约稿' in one(letters, TECH).text)
    equal(o.points('2019-03-08 11:00', '科技局'), '1')

    letters = o.poll('2019-03-09 18:00')
    equal(sorted(x.to for x in letters), sorted([CIVIL, MONEY]),
          'a day before, those that have not answered')
    true('将于2019年3月10日17时截止' in one(letters, CIVIL).text)
    equal(o.poll('2019-03-09 19:00'), [], 'once')

    letters = o.poll('2019-03-10 17:01')
    true('尽快补报' in one(letters, CIVIL).text)
    equal(to(letters, TECH), [])
    over = one(letters, STAFF)
    true('县科技局：2019年3月8日10时按时报送，2019-0001' in over.text, over)
    true('县民政局：未报' in over.text and '县统计局' in over.text, over)
    equal(o.poll('2019-03-10 18:00'), [], 'once')
    for unit in ('民政局', '财政局', '统计局'):
        equal(o.points('2019-03-12 09:00', unit), '-2', unit)

    o.mail(MONEY, '[约稿2019-01] 财政局-财政支农资金及时到位-何平-13905390002',
           at='2019-03-12 10:00', draft=TEXT + '财政。')
    o.poll('2019-03-12 10:01')
    equal(o.points('2019-03-13 09:00', '财政局'), '0', 'sent after all')

    o.mail(STAFF, '免约', '免约 约稿2019-01 民政局 已函告另行报送',
           at='2019-03-13 10:00')
    answer = one(o.poll('2019-03-13 10:01'), STAFF)
    true('由-2分变为0分' in answer.text, answer)
    equal(o.points('2019-03-13 11:00', '民政局'), '0')

    letters = (o.mail(STAFF, '查询 约稿2019-01', at='2019-03-13 12:00'),
               o.poll('2019-03-13 12:01'))[1]
    state = one(letters, STAFF).text
    for says in ('县科技局：2019年3月8日10时按时报送，2019-0001',
                 '县民政局：免约（已函告另行报送）',
                 '县财政局：2019年3月12日10时逾期报送，2019-0002',
                 '县统计局：未报'):
        true(says in state, state)

    said = o.desk('2019-03-13 13:00', '催办 2019-01')
    true('通知0个单位' in said and '县统计局' in said, said)
    o.close()


@test('催办 reaches those that have not answered; nobody: refused')
def _():
    o, letters = commissioned()
    o.desk('2019-03-02 09:00', '免约 2019-01 统计局 机构改革')
    o.desk('2019-03-02 09:00', '免约 2019-01 民政局 机构改革')
    true('通知2个单位' in o.desk('2019-03-02 09:10', '催办 [约稿2019-01]'))
    equal(sorted(x.to for x in o.poll('2019-03-02 09:11')),
          sorted([TECH, MONEY]))
    for unit in ('科技局', '财政局'):
        o.desk('2019-03-02 09:20', f'免约 2019-01 {unit} 机构改革')
    true('无须催办' in o.desk('2019-03-02 09:30', '催办 2019-01'))
    equal(o.code, 65)
    true('没有约' in o.desk('2019-03-02 09:40', '免约 2019-01 商务局 误'))
    true('已对' in o.desk('2019-03-02 09:40', '免约 2019-01 财政局 误'))
    true('没有编号' in o.desk('2019-03-02 09:40', '催办 2019-09'))
    o.close()


@test('联合 shares out, refuses what is not understood, is undone')
def _():
    o = office()
    o.mail(TECH, '科技局-科技服务春耕生产情况-何平-13905390001',
           at='2019-03-05 09:00', draft=TEXT)
    o.poll('2019-03-05 09:01')
    o.desk('2019-03-06 09:00', '标注 2019-0001 普刊 2019-03-05')
    equal(o.points('2019-03-06 09:00', '科技局'), '3.2')
    for order, says in (('联合 2019-0001 科技局:6', '写法：联合'),
                        ('联合 2019-0001 科技局:6 民政局', '写法：联合'),
                        ('联合 2019-0001 科技局:6 民政局:-1', '不是正数'),
                        ('联合 2019-0001 科技局 县科技局', '写了两次'),
                        ('联合 2019-0001 科技局 民正局', '是否是县民政局'),
                        ('联合 2019-0001 科技局:2 民政局:1', '不写份额'),
                        ('联合 2019-0009 科技局 民政局', '没有编号')):
        true(says in o.desk('2019-03-06 09:10', order), order)
        equal(o.code, 65, order)
    equal(o.points('2019-03-06 09:00', '科技局'), '3.2')
    said = o.desk('2019-03-06 09:20', '联合 2019-0001 科技局 民政局')
    true('县科技局；县民政局；' in said, said)
    show = o.json('2019-03-06 09:30', 'list', '2019-03')[0]
    equal(show['unit'], '科技局')
    o.close()


@test('联合 with stated shares: one that lacks them keeps no other from a mark')
def _():
    o = office()
    o.change_pack('joint: full', 'joint: stated')
    o.change_pack('  - {name: 普刊,', '  - {name: 酌情加分, group: 加分项, '
                  'points: 2..8, clause: 附件1}\n  - {name: 普刊,')
    o.mail(TECH, '科技服务春耕-科技局、民政局-何平-13905390001',
           at='2019-03-05 09:00', draft=TEXT)
    o.poll('2019-03-05 09:01')
    equal(o.json('2019-03-05 09:10', 'list', '2019-03')[0]['number'],
          '2019-0001')
    o.desk('2019-03-06 09:00', '补录 财政局 直达资金 2019-03-05')
    said = o.desk('2019-03-06 09:05', '查询 2019-0002')   # no draft, no person
    true('》，县财政局，2019年3月5日收到，已受理。' in said, said)
    said = o.desk('2019-03-06 09:10', '标注 2019-0001 普刊')
    true('2019-0001是联合报送' in said and o.code == 65, said)
    said = o.desk('2019-03-06 09:15', '标注 2019-0002 酌情加分 =9')
    true('须在办法规定的幅度之内' in said and o.code == 65, said)
    said = o.desk('2019-03-06 09:20', '标注 2019-0002 普刊')
    true('已标注：2019-0002' in said and o.code == 0, said)
    said = o.desk('2019-03-06 09:30', '联合 2019-0001 科技局 民政局')
    true('须写明各单位份额' in said and o.code == 65, said)
    said = o.desk('2019-03-06 09:40', '联合 2019-0001 科技局：2 民政局:1')
    true('县科技局（0.6667）；县民政局（0.3333）' in said, said)
    true('已标注：2019-0001' in o.desk('2019-03-06 09:50', '标注 2019-0001 普刊'))
    o.close()


@test('信息员: registered, counts as registered sender, stopped')
def _():
    o = office()
    new = 'Zhang.San@Dept.example'
    for order, says in (('信息员 商务局 张三 邮箱', '不是邮箱'),
                        ('信息员 商物局 张三 a@b.example', '县商务局'),
                        ('信息员 停用 a@b.example', '没有登记'),
                        (f'信息员 停用 {TECH}', '名单文件')):
        said = o.desk('2019-03-05 09:00', order)
        true(says in said and o.code == 65, said)
    o.mail(new.lower(), '得分', at='2019-03-05 09:00')
    o.poll('2019-03-05 09:01')
    true('unregistered-sender' in o.run('2019-03-05 09:02', 'held'))
    o.mail(STAFF, '登记', f'信息员 商务局 张三 {new} 6106766\n',
           at='2019-03-05 09:10')
    true('已登记：县商务局张三' in one(o.poll('2019-03-05 09:11'), STAFF).text)
    o.mail(new.lower(), '得分', '得分', at='2019-03-05 09:20')
    letters = o.poll('2019-03-05 09:21')
    true('县商务局' in one(letters, 'ept.example').text, letters)
    o.desk('2019-03-05 10:00', '约稿 题目\n截止：3月10日\n单位：商务局')
    one(o.poll('2019-03-05 10:01'), 'ept.example', '题目')
    true('已停用' in o.desk('2019-03-05 11:00', f'信息员 停用 {new.lower()}'))
    o.mail(new.lower(), '得分', '再问得分', at='2019-03-05 11:10')
    equal(to(o.poll('2019-03-05 11:11'), 'ept.example'), [])
    o.close()


@test('紧急: reports belong together by stage, more come, 终结')
def _():
    o = office()
    for n, stage in enumerate(('初报', '有关情况', '终报')):
        o.mail(TECH, f'科技局-某园区燃气泄漏险情{stage}-何平-13905390001',
               at=f'2019-03-05 1{n}:00', draft=TEXT + stage)
        o.poll(f'2019-03-05 1{n}:01')
    for order, says in (('紧急 2019-0001', '写法：紧急'),
                        ('紧急 2019-0001 发生=今天', '不是时间'),
                        ('紧急 2019-0001 发生=2019-03-09', '不是时间'),
                        ('紧急 2019-0001 发生=2019-03-05 9:75', '“2019-03-05 9:75”不是时间'),
                        ('紧急 2019-0001 发生=2019-03-09 09:30', '还没有到'),
                        ('紧急 2019-0009 发生=2019-03-05 09:30', '没有编号'),
                        ('终结 紧2019-01', '没有编号')):
        said = o.desk('2019-03-05 13:00', order)
        true(says in said and o.code == 65, said)
    said = o.desk('2019-03-05 13:00',
                  '紧急 2019-0001 2019-0002 发生=2019-03-05 09:30 燃气泄漏')
    true('紧2019-01《燃气泄漏》，县科技局，2019年3月5日9时30分发生' in said, said)
    true('初报2019-0001' in said and '续报2019-0002' in said, said)
    said = o.desk('2019-03-05 13:10', '紧急 紧2019-01 2019-0003')
    true('终报2019-0003' in said and '初报2019-0001' in said, said)
    true('已终结' in o.desk('2019-03-05 13:20', '终结 紧2019-01'))
    true('已经终结' in o.desk('2019-03-05 13:30', '终结 紧2019-01'))
    o.close()


def challenged(order='补录 科技局 春耕科技服务 2019-03-04'):
    """An office whose server proves nobody, and the code for one order."""
    o = office(trusted=False)
    o.mail(STAFF, '命令', order, at='2019-03-05 09:00', proven=False)
    letters = o.poll('2019-03-05 09:01')
    equal([x.to for x in letters], [STAFF], 'the code, and no other letter')
    code = find(r'确认 (\d{6})', letters[0].text)
    true(order in letters[0].text and '2019年3月6日9时01分' in letters[0].text)
    return o, code, letters[0]


def recorded(o, now):
    return [x['title'] for x in o.json(now, 'list', '2019-03')]


@test('D1 D6 without a proving server a code comes, and acts when it is back')
def _():
    o, code, letter = challenged()
    equal(recorded(o, '2019-03-05 09:02'), [])
    raw = o.mail(STAFF, '回复：' + letter.subject,
                 f'确认 {code}\n\n王芳\n\n> 补录 税务局 引用的命令\n',
                 at='2019-03-05 09:10', answers=letter.id, proven=False)
    answer = one(o.poll('2019-03-05 09:11'), STAFF)
    true('已补录：2019-0001' in answer.text, answer)
    equal(recorded(o, '2019-03-05 09:12'), ['春耕科技服务'])
    equal(o.run('2019-03-05 09:12', 'held').strip(), '')
    o.deliver(raw, '2019-03-05 09:20')
    equal(o.poll('2019-03-05 09:21'), [], 'D7 the same mail once more')
    o.mail(STAFF, letter.subject, f'确认 {code}', at='2019-03-05 09:30',
           proven=False)
    true('已经使用过' in one(o.poll('2019-03-05 09:31'), STAFF).text)
    equal(recorded(o, '2019-03-05 09:32'), ['春耕科技服务'])
    o.close()


@test('a code in the subject of an empty reply, full-width, or bare')
def _():
    for subject, text in (('{s}', ' '), ('确认', '{w}'), ('Re: {s}', '{c}\n')):
        o, code, letter = challenged()
        wide = ''.join(chr(ord(c) + 0xFEE0) for c in code)
        o.mail(STAFF, subject.format(s=letter.subject),
               text.format(c=code, w='确认　' + wide),
               at='2019-03-05 09:10', proven=False)
        true('已补录' in one(o.poll('2019-03-05 09:11'), STAFF).text, subject)
        o.close()


@test('D8 D14 the code from elsewhere, or by an absence note: no action')
def _():
    o, code, letter = challenged()
    for n, sender in enumerate((TECH, 'x@evil.example')):
        o.mail(sender, letter.subject, f'确认 {code}',
               at=f'2019-03-05 10:0{n}', proven=False)
        letters = o.poll(f'2019-03-05 10:0{n}')
        equal(to(letters, sender), [])
        equal(len(to(letters, STAFF)), 1, 'staff hear of it')
    o.mail(OTHER, letter.subject, f'确认 {code}', at='2019-03-05 10:05',
           proven=False)
    equal(o.poll('2019-03-05 10:05'), [], 'who has no code gets no letter')
    o.mail(STAFF, '自动回复：' + letter.subject, '本人出差，有事请致电。',
           at='2019-03-05 10:10', headers=[('Auto-Submitted', 'auto-replied')],
           proven=False)
    equal(o.poll('2019-03-05 10:11'), [], 'no loop')
    o.mail(STAFF, '回复：' + letter.subject, '本人出差，有事请致电。',
           at='2019-03-05 10:12', proven=False)
    o.poll('2019-03-05 10:13')
    equal(recorded(o, '2019-03-05 10:14'), [])
    o.close()


@test('D9 five wrong answers and the code is void; all staff are told')
def _():
    o, code, letter = challenged()
    for n in range(5):
        wrong = f'{(int(code) + n + 1) % 1000000:06}'
        o.mail(STAFF, '确认', f'确认 {wrong}', at=f'2019-03-05 10:0{n}',
               proven=False)
        letters = o.poll(f'2019-03-05 10:0{n}')
        if n < 4:
            one(letters, STAFF, '不正确')
    for address in (STAFF, OTHER):
        one(letters, address, '冒用')
    o.mail(STAFF, '确认', f'确认 {code}', at='2019-03-05 10:10', proven=False)
    one(o.poll('2019-03-05 10:11'), STAFF, '不正确')
    equal(recorded(o, '2019-03-05 10:12'), [])
    o.close()


@test('D9 who forges staff all day fills nobody\'s mailbox: twenty codes a day')
def _():
    o = office(trusted=False)
    for n in range(24):
        o.mail(STAFF, '命令', f'补录 科技局 春耕科技服务之{n}',
               at='2019-03-05 09:00', proven=False)
    letters = o.poll('2019-03-05 09:01')
    equal(len([x for x in letters if re.search(r'确认 \d{6}', x.text)]), 20)
    for address in (STAFF, OTHER):
        equal([x.subject for x in to(letters, address) if '用完' in x.subject],
              [f'告警：{STAFF}今天的确认码已用完'])
    o.mail(STAFF, '命令', '补录 科技局 真正的命令', at='2019-03-05 10:00',
           proven=False)
    said = one(to(o.poll('2019-03-05 10:01'), STAFF), STAFF).text
    true('确认码已达上限，未再发送。如系本人所发，请次日重新发送' in said
         and '按确认邮件' not in said, said)
    o.mail(STAFF, '命令', '补录 科技局 次日的命令', at='2019-03-06 10:00',
           proven=False)
    one(o.poll('2019-03-06 10:01'), STAFF, '补录 科技局 次日的命令')
    o.close()


@test('D9 codes that nobody was sent: sixty forged answers and not a letter')
def _():
    o = office(trusted=False)
    for n in range(60):
        o.mail(STAFF, '命令', f'确认 {n:06}', at='2019-03-05 09:00', proven=False)
    equal(o.poll('2019-03-05 09:01'), [])
    o.mail(STAFF, '命令', '补录 科技局 春耕科技服务', at='2019-03-05 09:10',
           proven=False)
    code = find(r'确认 (\d{6})', one(o.poll('2019-03-05 09:11'), STAFF).text)
    o.mail(STAFF, '确认', f'确认 {code}', at='2019-03-05 09:12', proven=False)
    true('已补录' in one(o.poll('2019-03-05 09:13'), STAFF).text)
    for n in range(30):
        o.mail(STAFF, '命令', f'确认 {code}', at='2019-03-05 10:00', proven=False)
    equal(len(o.poll('2019-03-05 10:01')), 5, 'one that was used, over and over')
    o.close()


@test('a code after a day is expired, and says so')
def _():
    o, code, letter = challenged()
    o.mail(STAFF, '确认', f'确认 {code}', at='2019-03-06 09:10', proven=False)
    one(o.poll('2019-03-06 09:11'), STAFF, '过期')
    equal(recorded(o, '2019-03-06 09:12'), [])
    o.close()


@test('D2 D8 where a server proves, no code is sent and none counts')
def _():
    o = office()
    o.mail(STAFF, '命令', '补录 科技局 春耕科技服务', at='2019-03-05 09:00',
           proven=False)
    letters = o.poll('2019-03-05 09:01')
    true(letters and not any('确认码' in x.subject for x in letters), letters)
    equal(recorded(o, '2019-03-05 09:02'), [])
    o.close()


@test('雷同 marked by staff is told to the unit at once, an adoption is not')
def _():
    o = office()
    o.mail(TECH, '科技局-科技服务春耕生产情况-何平-13905390001',
           at='2019-03-05 09:00', draft=TEXT)
    o.poll('2019-03-05 09:01')
    o.mail(STAFF, '标注', '标注 2019-0001 雷同\n标注 2019-0001 雷同\n'
           '标注 2019-0001 普刊\n', at='2019-03-05 10:00')
    letters = o.poll('2019-03-05 10:01')
    answer = one(letters, STAFF)
    equal(answer.text.count('已向报送单位发出即时通报'), 1, answer)
    notice = one(letters, TECH)
    true('2019-0001' in notice.subject and '雷同' in notice.subject, notice)
    true('材料雷同，即时通报' in notice.text, notice)
    o.desk('2019-03-05 11:00', '补录 统计局 一季度统计分析 2019-03-04')
    said = o.desk('2019-03-05 11:01', '标注 2019-0002 网络抄袭')
    true('须另行即时通报：县统计局' in said, said)
    true('已向报送单位发出' not in said, said)
    equal(o.poll('2019-03-05 11:02'), [])
    o.close()


@test('催报: units short of their tasks, before the period ends, once')
def _():
    o = Office(informants={'区统计局': TECH, '区教育局': MONEY},
               rules='haicheng-2019')
    for n in range(2):
        o.desk('2019-04-05 09:00', f'补录 统计局 四月信息{n} 2019-04-0{n + 1}')
    equal(to(o.poll('2019-04-20 09:00'), TECH), [])
    letters = o.poll('2019-04-26 09:00')
    equal(to(letters, TECH), [], 'has sent both')
    letter = one(letters, MONEY, '催报')
    true('月报送：任务2，已完成0，尚缺2' in letter.text, letter)
    true('2019年4月30日' in letter.text and '季' not in letter.text, letter)
    told = one(letters, STAFF, '已催报')
    true('已向1个' in told.text and '区发展和改革局' in told.text, told)
    equal(o.poll('2019-04-27 09:00'), [], 'once')
    o.close()

    


@test('what was purged, or what the register refuses, is answered in Chinese')
def _():
    o = office()
    at = '2019-03-05 10:00'
    o.desk(at, '补录 财政局 一件事\n补录 税务局 又一件')
    o.desk(at, '清除 2019-0001')
    for order in ('改 2019-0001 标题=新', '清除 2019-0001', '查询 2019-0001',
                  '标注 2019-0001 普刊', '退稿 2019-0001 重复'):
        equal(o.desk(at, order).splitlines(),
              ['2019-0001已经清除，只保留编号，不能再查询或改动。'], order)
    with sqlite3.connect(f'{o.dir}/data/register.db') as db:
        db.execute('CREATE TRIGGER no BEFORE INSERT ON mark BEGIN '
                   "SELECT raise(ABORT, 'no more marks'); END")
    said = o.desk(at, '标注 2019-0002 普刊')
    true(said.startswith('登记簿没有接受这一改动，未办。'), said)
    true(not re.search('[a-zA-Z]', said), said)
    true('event=order-refused cause=' in o.errors and
         'no more marks' in o.errors, o.errors)
    o.close()


@test('bytes of a terminal that are no UTF-8 are answered like any other word')
def _():
    o = office()
    at = '2019-03-05 10:00'
    for order, answer in (('标注 2019-0001\udcff 普刊',
                           '没有编号为2019-0001\ufffd的报送。\n'),
                          ('查询 \udcc3', '没有编号为\ufffd的报送。\n')):
        equal(o.run(at, 'desk', order), answer)
    o.close()


if __name__ == '__main__':
    finish()
