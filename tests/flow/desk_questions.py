#!/usr/bin/python3
"""Units ask: 得分 and 查询 of a registered informant, about the own unit; on
Maildirs, from outside."""
from desk_office import STAFF, TEXT, Office, one, to
from tap import equal, finish, test, true

TECH, CIVIL = 'keji@dept.example', 'minzheng@dept.example'


def office():
    o = Office(informants={'县科技局': TECH, '县民政局': CIVIL})
    o.desk('2019-03-01 09:00',
           '约稿 春耕备播\n截止：3月10日\n单位：科技局、民政局')
    for n, (who, unit) in enumerate(((TECH, '科技局'), (CIVIL, '民政局'))):
        o.mail(who, f'{unit}信息工作扎实开展-{unit}-何平-13905390001',
               at=f'2019-03-05 09:0{n}', draft=TEXT + unit)
        o.poll(f'2019-03-05 09:0{n}')
    o.desk('2019-03-05 10:00', '紧急 2019-0001 发生=2019-03-05 08:30 险情')
    return o


def ask(o, who, subject, text=' ', at='2019-03-06 09:00', **how):
    o.mail(who, subject, text, at=at, **how)
    return to(o.poll(at), who)


@test('得分: the running month and the list of what was sent; nobody else\'s')
def _():
    o = office()
    for question in ('得分', '查询', '得分？', '　得分'):
        answer, = ask(o, TECH, question)
        true('你单位报送1条' in answer.text, answer)
        true('2019-0001' in answer.text and '2019-0002' not in answer.text)
    o.close()


@test('得分 of a period, 查询 of a number, a commission, an incident')
def _():
    o = office()
    for question, says in (('得分 2019-02', '县科技局2019年2月份：报送0条'),
                           ('得分 科技局 2019-Q1', '第一季度：报送1条'),
                           ('查询 2019-0001', '《科技局信息工作扎实开展》'),
                           ('查询 约稿2019-01', '县科技局：未报'),
                           ('查询 紧2019-01', '初报：2019-0001')):
        answer, = ask(o, TECH, question)
        true(says in answer.text, f'{question}: {answer}')
        true('民政局' not in answer.text, answer)
    o.close()


@test('what belongs to others, or to nobody, gets the same polite sentence')
def _():
    o = office()
    for question in ('得分 民政局 2019-03', '查询 2019-0002', '查询 紧2019-01'):
        answer, = ask(o, CIVIL if '紧' in question else TECH, question)
        true('只能查询本单位' in answer.text, f'{question}: {answer}')
        true('信息工作扎实' not in answer.text, answer)
    answer, = ask(o, TECH, '提问', '查询 2019-0001\n查询 2019-0002\n'
                  '标注 2019-0001 普刊\n')
    true('科技局信息' in answer.text and '只能查询' in answer.text, answer)
    equal(o.json('2019-03-06 10:00', 'list')[0]['marks'], [])
    o.close()


@test('C16 what a submission is like: told to staff who ask, not to its unit')
def _():
    o = office()
    found = o.json('2019-03-06 08:00', 'show', '2019-0002')['similar'][0]
    shares = (f'本稿约{found["percent"]}%的内容见于对方，'
              f'对方约{found["percent_of_other"]}%的内容见于本稿')
    for asked, other, unit in (('2019-0002', '2019-0001', '科技局'),
                               ('2019-0001', '2019-0002', '民政局')):
        answer, = ask(o, STAFF, f'查询 {asked}')
        says = f'查重：与{other}《{unit}信息工作扎实开展》（{unit}）内容相近'
        true(says in ''.join(answer.text.split()), answer.text)
        true(asked != '2019-0002' or shares in ''.join(answer.text.split()),
             answer.text)
        answer, = ask(o, TECH if asked == '2019-0001' else CIVIL,
                      f'查询 {asked}')
        true(asked in answer.text and '查重' not in answer.text and
             other not in answer.text, answer.text)
    o.close()


@test('who is not registered is not answered: it waits, and staff are told')
def _():
    o = office()
    o.mail('x@else.example', '得分 科技局', ' ', at='2019-03-06 09:00')
    letters = o.poll('2019-03-06 09:00')
    equal(to(letters, 'x@else.example'), [])
    one(letters, STAFF, '待处理')
    o.close()


if __name__ == '__main__':
    finish()
