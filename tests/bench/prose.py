"""Official prose by a seed: enough like the real thing for its bytes to
weigh what they weigh.  Stock phrases come again and again, as they do."""
import random

TOPICS = ('安全生产 防汛抗旱 基层治理 乡村振兴 营商环境 数字政务 食品安全 养老服务 '
          '老旧小区改造 秋粮收购 校园安全 森林防火 污染防治 就业帮扶 医保改革 文明创建 '
          '招商引资 重点项目建设 燃气安全 农民工工资 垃圾分类 河长制 耕地保护').split()
VERBS = '推进 强化 抓实 深化 落实 优化 统筹 规范 加快 完善 细化 压实 健全'.split()
OBJECTS = ('主体责任 工作机制 隐患排查 服务流程 监管措施 应急预案 资金保障 队伍建设 '
           '督查考核 数据共享 联动处置 矛盾调处 项目调度 政策兑现 风险研判').split()
MEASURES = ('建立日调度周通报制度 实行领导包片干部包点 组建专业服务队下沉一线 '
            '开通绿色通道限时办结 依托平台实时监测预警 召开专题会议分析研判 '
            '签订目标责任书层层传导压力 对重点对象逐户登记造册 推行一张清单管到底 '
            '组织交叉互检取长补短 制定一企一策帮扶方案 将完成情况纳入年度考核').split()
PLACES = ('辖区企业 建筑工地 农贸市场 中小学校 沿河村庄 商业综合体 工业园区 '
          '物流园区 养老机构 加油站点 易涝点位 社区服务站 乡镇卫生院').split()
TROUBLES = ('个别单位认识不到位 基层专业力量不足 资金缺口较大 信息壁垒尚未打通 '
            '设备老化比较普遍 长效机制还不健全 部分项目进度滞后').split()
SURNAMES = '王李张刘陈杨赵黄周吴徐孙胡朱高林何郭马罗'
GIVEN = '伟 芳 娜 敏 静 丽 强 磊 军 洋 勇 艳 杰 娟 建国 志强 海燕 建华'.split()
LETTERS = ('的一是在不了有和人这中大为上个国我以要他时来用们生到作地于出就分对成会可主'
           '发年动同工也能下过子说产种面而方后多定行学法所民得经十三之进着等部度家电力')


class Prose:
    def __init__(self, seed):
        self.random = random.Random(seed)

    def free(self, least, most):
        r = self.random
        return ''.join(r.choice(LETTERS) for _ in range(r.randint(least, most)))

    def person(self):
        return (self.random.choice(SURNAMES) + self.random.choice(GIVEN))

    def sentence(self):
        r, c = self.random, self.random.choice
        kind = r.randrange(6)
        if kind == 0:
            return (f'{c(VERBS)}{c(OBJECTS)}。针对{self.free(2, 4)}片区{c(PLACES)}'
                    f'的实际，{c(MEASURES)}，累计排查{r.randint(3, 980)}处，整改'
                    f'{r.randint(1, 290)}处。')
        if kind == 1:
            return (f'截至目前，共{c(VERBS)}{self.free(4, 9)}等{r.randint(2, 60)}'
                    f'项任务，同比增长{r.randint(1, 99)}.{r.randint(0, 9)}%。')
        if kind == 2:
            return (f'{self.free(2, 5)}村投入资金{r.randint(5, 900)}万元，用于'
                    f'{c(TOPICS)}，惠及{r.randint(20, 9000)}户。')
        if kind == 3:
            return f'存在的主要问题是{c(TROUBLES)}，{self.free(6, 14)}。'
        if kind == 4:
            return (f'一是{c(VERBS)}{c(OBJECTS)}，{c(MEASURES)}；二是{c(VERBS)}'
                    f'{c(OBJECTS)}，{self.free(6, 14)}；三是{c(MEASURES)}。')
        return f'“{self.free(8, 20)}”，{self.free(2, 3)}社区{self.person()}说。'

    def paragraph(self, chars):
        text = ''
        while len(text) < chars:
            text += self.sentence()
        return text

    def title(self):
        c = self.random.choice
        return (f'{self.free(2, 3)}{c(VERBS)}{c(OBJECTS)}推动{c(TOPICS)}'
                f'{self.free(2, 4)}')

    def draft(self, chars):
        """[title, paragraph, ...]"""
        r, lines, length = self.random, [self.title()], 0
        while length < chars:
            lines.append(self.paragraph(min(r.randint(90, 260),
                                            max(60, chars - length))))
            length += len(lines[-1])
        return lines
