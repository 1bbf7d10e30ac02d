"""What all stages share: the corpus, offices, servers, and who is there."""
import glob
import importlib.util
import os
import shutil
import subprocess
import sys

import corpus
from servers_of_bench import ROOT

DATA = f'{ROOT}/build/bench'
BIN = f'{DATA}/bin'
PEERS = f'{ROOT}/tests/bench/peers'
SLOW = ('soffice', 'npm')     # peers that a trial of the rig does without
NOW = '2019-03-20T17:00:00+08:00'
OFFICE = '''office: 郯城县人民政府办公室信息科
rules: {root}/mailrules/tancheng-2019
mailbox: {mailbox}
outgoing: {outgoing}
tls: none
password-file: password
address: xxk@mail.tancheng.example
phone: 0539-6106766
answer-since: 2019-01-01
replies-per-hour: {replies}
data: data
ledger-at: never
staff:
  - {{name: 王芳, address: wangfang@mail.tancheng.example}}
'''


class Bench:
    def __init__(self, program, rounds, messages, seed, goals, smoke=False):
        self.program, self.rounds, self.seed = program, rounds, seed
        self.messages, self.goals, self.smoke = messages, goals, smoke
        self.tools = os.path.dirname(program) + '/tools'
        self.skipped = set()
        os.makedirs(DATA, exist_ok=True)

    def size(self, full, smoke):
        """How much of something; little where only the rig is tried."""
        return smoke if self.smoke else full

    # ---- who is there ----

    def has(self, program, package=None):
        if self.smoke and program in SLOW:
            return False
        path = os.environ.get('PATH', '') + ':/usr/sbin'
        found = shutil.which(program, path=path) is not None
        if not found:
            self.skipped.add(package or program)
        return found

    def has_module(self, name):
        found = importlib.util.find_spec(name) is not None
        if not found:
            self.skipped.add(f'python3-{name}')
        return found

    def shared(self, path=''):
        """A folder of what is shared beside the project, or None."""
        base = os.environ.get('BAOSONG_SHARED') or f'{ROOT}/../shared'
        return f'{base}/{path}' if os.path.isdir(f'{base}/{path}') else None

    # ---- the corpus ----

    def corpus(self):
        """A folder with eml/ and word/, made when it is not there."""
        folder = f'{DATA}/corpus-{self.messages}-{self.seed}'
        if not os.path.exists(folder + '/made'):
            shutil.rmtree(folder, ignore_errors=True)
            print(f'making {self.messages} messages ...', file=sys.stderr)
            corpus.make(folder, self.messages, self.seed)
            with open(folder + '/made', 'w'):
                pass
        return folder

    def mails(self, count=None):
        return sorted(glob.glob(self.corpus() + '/eml/*.eml'))[:count]

    def words(self, kind):
        return sorted(glob.glob(f'{self.corpus()}/word/*.{kind}'))

    # ---- offices ----

    def office(self, folder, mailbox='maildir:in', outgoing='maildir:out',
               replies=1):
        """A fresh office; its configuration's path."""
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(folder)
        for box in ('in', 'out'):
            for part in ('new', 'cur', 'tmp'):
                os.makedirs(f'{folder}/{box}/{part}')
        with open(f'{folder}/password', 'w') as f:
            f.write('pw\n')
        os.chmod(f'{folder}/password', 0o600)
        path = f'{folder}/baosong.yaml'
        with open(path, 'w', encoding='utf-8') as f:
            f.write(OFFICE.format(root=ROOT, mailbox=mailbox,
                                  outgoing=outgoing, replies=replies))
        return path

    def command(self, config, *arguments):
        return [self.program, '-c', config, '--now', NOW, *arguments]

    # ---- the prototype, where it is ----

    def prototype(self, name):
        """A program of the shared rig, built; None where it is not."""
        source = None if self.smoke else self.shared('bench')
        if not source:
            self.skipped.add('the prototype pipeline')
            return None
        target = f'{DATA}/prototype'
        if not os.path.exists(f'{target}/bin/{name}'):
            shutil.copytree(source, target, dirs_exist_ok=True)
            os.makedirs(f'{target}/data', exist_ok=True)
            made = subprocess.run(
                ['make', '-s', f'DATA={target}/data', 'bin', f'bin/{name}'],
                cwd=target, stdout=subprocess.DEVNULL,
                stderr=subprocess.DEVNULL)
            if made.returncode:
                self.skipped.add('the prototype pipeline (does not build)')
                return None
        return f'{target}/bin/{name}'
