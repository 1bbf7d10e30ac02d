#!/usr/bin/python3
"""Least privilege: the systemd unit, and that the program works under it;
where passwords may be seen; TLS that cannot be turned off by accident."""
import os
import re
import resource
import shutil
import signal
import subprocess

from canary import traces
from fake_imap import FakeImap
from fake_smtp import FakeSmtp
from fakes import Fakes
from mails import draft, mail
from office import PROGRAM, ROOT, Office, instant
from servers import missing, tempdir, until
from tap import Skip, equal, finish, test, true

UNIT = f'{ROOT}/docs/baosong@.service'
CONFINE = os.path.join(os.path.dirname(PROGRAM), 'tools/confine')
SANITIZED = os.environ.get('VARIANT') == 'san'
FULL = '财政资金直达基层-县财政局-张敏-0539-6201001'
PASSWORD = FakeImap.password


def need(*programs):
    gone = missing(*programs)
    if gone:
        raise Skip(f'{gone} is not installed')


def need_open_to_all(path):
    """The unit's user is nobody: it must get to the program."""
    while path != '/':
        if not os.stat(path).st_mode & 0o001:
            raise Skip(f'{path} is closed to other users')
        path = os.path.dirname(path)


def settings(name):
    """The values of a setting, in order."""
    with open(UNIT, encoding='utf-8') as f:
        return [line.split('=', 1)[1].strip() for line in f
                if line.startswith(f'{name}=')]


def secret_from(o, line):
    """The password comes from there and from nowhere else."""
    o.configure(f'tls: none\n{line}\n', o.imap.url, o.smtp.url_with_user)


# ---- the unit ----

@test('the unit: systemd calls its exposure 2.0 or less')
def _():
    need('systemd-analyze')
    p = subprocess.run(['systemd-analyze', 'security', '--offline=true',
                        '--no-pager', UNIT], stdout=subprocess.PIPE,
                       stderr=subprocess.STDOUT, check=False)
    found = re.search(r'exposure level for .*?: ([0-9.]+)', p.stdout.decode())
    true(found, p.stdout.decode())
    with open(f'{ROOT}/docs/security.md', encoding='utf-8') as f:
        stated = re.search("systemd's exposure ([0-9.]+)", f.read()).group(1)
    true(float(found.group(1)) <= float(stated) <= 2.0, found.group())


@test('the unit: what systemd weighs too lightly to be missed')
def _():
    for name, value in (('User', 'baosong'), ('UMask', '0077'),
                        ('StateDirectoryMode', '0700'), ('LimitCORE', '0'),
                        ('LimitMEMLOCK', 'infinity'),
                        ('KeyringMode', 'private'),
                        ('AmbientCapabilities', ''),
                        ('DevicePolicy', 'closed'), ('ProcSubset', 'pid'),
                        ('ProtectHostname', 'yes'), ('LockPersonality', 'yes'),
                        ('MemoryDenyWriteExecute', 'yes'),
                        ('RemoveIPC', 'yes')):
        equal((name, settings(name)), (name, [value]))


@test('the unit: starts what is installed, and what docs/configuration.md says')
def _():
    need('systemd-analyze')
    with tempdir() as tmp:
        for name in ('bin', 'unit'):
            os.mkdir(f'{tmp}/{name}')
        shutil.copy(PROGRAM, f'{tmp}/bin/baosong')
        with open(UNIT, encoding='utf-8') as f:
            text = f.read().replace('/usr/local/bin', f'{tmp}/bin')
        with open(f'{tmp}/unit/baosong@.service', 'w', encoding='utf-8') as f:
            f.write(text.replace('Documentation=man:baosong(1)\n', ''))
        p = subprocess.run(['systemd-analyze', 'verify',
                            f'{tmp}/unit/baosong@.service'],
                           stdout=subprocess.PIPE, stderr=subprocess.STDOUT)
        equal((p.returncode, p.stdout.decode()), (0, ''))
    with open(f'{ROOT}/docs/configuration.md', encoding='utf-8') as f:
        text = f.read()
    equal(settings('LoadCredential'), ['password:/etc/baosong/%i.password'])
    true('password-file: ${CREDENTIALS_DIRECTORY}/password' in text)


def members(name, seen=()):
    """The system calls of a set like @process, sets within it resolved."""
    out = subprocess.run(['systemd-analyze', '--no-pager', 'syscall-filter',
                          name], stdout=subprocess.PIPE, check=True)
    found = set()
    for word in out.stdout.decode().split('\n')[1:]:
        word = word.strip()
        if word.startswith('@') and word not in seen:
            found |= members(word, (*seen, name))
        elif word and not word.startswith('#'):
            found.add(word)
    return found


def allowed_calls():
    """What SystemCallFilter= leaves, line after line as systemd does it."""
    allowed = set()
    for value in settings('SystemCallFilter'):
        words = value.lstrip('~').split()
        calls = set().union(*(members(w) if w.startswith('@') else {w}
                              for w in words))
        allowed = allowed - calls if value.startswith('~') else allowed | calls
    # systemd allows these whatever the list says
    return allowed | {'execve', 'exit', 'exit_group', 'rt_sigreturn',
                      'getrlimit', 'sigreturn'}


AS_NOBODY = ['setpriv', '--reuid=65534', '--regid=65534', '--clear-groups']


def give_to_nobody(o):
    subprocess.run(['chown', '-R', '65534:65534', o.folder], check=True)


def confined(o, names, *arguments):
    """The program as nobody, under the filter, on a file system that is
    read-only but for its own folder, as far as we may do that here."""
    command = [CONFINE, names, *o.command(*arguments)]
    if os.getuid() != 0:
        return command
    give_to_nobody(o)
    quoted = ' '.join(f"'{c}'" for c in AS_NOBODY + command)
    return ['unshare', '-m', 'sh', '-c',
            f'mount --bind {o.folder} {o.folder} && '
            f'mount -o remount,bind,ro / && exec {quoted}']


def calls_of(path):
    with open(path, encoding='utf-8', errors='replace') as f:
        return set(re.findall(r'^\d+ +([a-z0-9_]+)\(', f.read(), re.M))


@test('the unit: a poll, a reader and its sandbox work under its filter')
def _():
    need('systemd-analyze', 'setpriv', 'unshare')
    if SANITIZED:
        raise Skip('ASan asks for more than the program')
    true(os.path.exists(CONFINE), CONFINE)
    need_open_to_all(PROGRAM)
    with tempdir() as tmp, FakeImap() as imap, FakeSmtp() as smtp:
        os.chmod(tmp, 0o755)
        imap.office_folders()
        o = Fakes(tmp, imap, smtp)
        names = f'{tmp}/names'
        with open(names, 'w', encoding='ascii') as f:
            f.write('\n'.join(sorted(allowed_calls())))
        imap.inbox.add(draft(FULL), instant('2019-03-19 09:00'))
        imap.inbox.add(mail('机密★5年', 'x'), instant('2019-03-19 09:01'))
        for arguments in (['check'], ['poll'], ['backup', f'{tmp}/copy.db']):
            p = subprocess.run(confined(o, names, *arguments), cwd=tmp,
                               stdout=subprocess.PIPE, stderr=subprocess.PIPE)
            if b'unshare' in p.stderr and p.returncode == 1:
                raise Skip('this container lets nobody mount')
            equal((arguments, p.returncode), (arguments, 0),
                  (p.stdout + p.stderr).decode())
            true(b'sandbox' not in p.stderr, p.stderr)
        equal(sorted(v for v, in o.rows('SELECT verdict FROM message')),
              ['accepted', 'quarantined'])
        equal(len(smtp.mails), 3)


@test('the unit: every system call of a round is in its filter')
def _():
    need('systemd-analyze', 'strace')
    if SANITIZED:
        raise Skip('ASan asks for more than the program')
    with tempdir() as tmp, FakeImap() as imap, FakeSmtp() as smtp:
        imap.office_folders()
        o = Fakes(tmp, imap, smtp)
        imap.inbox.add(draft(FULL), instant('2019-03-19 09:00'))
        p = subprocess.run(['strace', '-f', '-qq', '-o', f'{tmp}/calls',
                            *o.command('poll')], cwd=tmp,
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        equal(p.returncode, 0)
        used = calls_of(f'{tmp}/calls')
        true({'seccomp', 'prlimit64', 'clone', 'connect',
              'setpriority'} <= used, used)
        # SQLite gives the log its owner back, where it runs as root
        equal(used - allowed_calls() - {'fchown'}, set())


# ---- passwords ----

@test('a password is in no argument, environment, log, letter or file of ours')
def _():
    need('strace')
    with tempdir() as tmp, FakeImap() as imap, FakeSmtp() as smtp:
        imap.office_folders()
        o = Fakes(tmp, imap, smtp)
        imap.inbox.add(draft(FULL), instant('2019-03-19 09:00'))
        p = subprocess.run(['strace', '-f', '-qq', '-v', '-s', '4096', '-e',
                            'trace=execve', '-o', f'{tmp}/exec',
                            *o.command('-v', 'poll')], cwd=tmp,
                           env=dict(os.environ,
                                    ASAN_OPTIONS='detect_leaks=0'),
                           stdout=subprocess.PIPE, stderr=subprocess.PIPE)
        equal(p.returncode, 0)
        imap.refuse_login = 'no'
        r = o.run('-v', 'poll')
        equal(r.code, 77)
        said = [p.stdout, p.stderr, r.out.encode(), r.err.encode()]
        said += [o.run(*c).out.encode() for c in (['status'], ['check'])]
        said += smtp.raw
        os.remove(f'{tmp}/password')
        for base, _, files in os.walk(tmp):
            for name in files:
                with open(f'{base}/{name}', 'rb') as f:
                    said.append(f.read())
        equal([n for n, data in enumerate(said)
               if traces(data, [PASSWORD, f'\0{FakeImap.user}\0{PASSWORD}'])],
              [])
        # it was used, both ways
        true(any(FakeImap.password in line or 'AUTHENTICATE' in line
                 for line in imap.log))


def shown_of(pid, name):
    """What /proc shows of a process; to its own user nothing."""
    try:
        with open(f'/proc/{pid}/{name}', 'rb') as f:
            return f.read()
    except PermissionError:
        return b''


@test('a running program: no core, nothing to see for others of its user')
def _():
    with tempdir() as tmp, FakeImap() as imap, FakeSmtp() as smtp:
        imap.office_folders()
        o = Fakes(tmp, imap, smtp)
        o.use('poll-interval: 600 s\n')
        command = o.command('run', now=None)
        if os.getuid() == 0:    # whose memory is root's anyway
            need('setpriv')
            need_open_to_all(PROGRAM)
            give_to_nobody(o)
            command = AS_NOBODY + command
        soft, hard = resource.getrlimit(resource.RLIMIT_CORE)
        p = subprocess.Popen(
            command, cwd=tmp, stderr=subprocess.DEVNULL,
            preexec_fn=lambda: resource.setrlimit(resource.RLIMIT_CORE,
                                                  (hard, hard)))
        try:
            until(lambda: imap.sent('IDLE'), 'the program waits', 30)
            with open(f'/proc/{p.pid}/limits', encoding='ascii') as f:
                core = [line.split() for line in f if 'core' in line][0]
            equal(core[4:6], ['0', '0'])
            for name in ('cmdline', 'environ'):
                true(PASSWORD.encode() not in shown_of(p.pid, name), name)
            if not SANITIZED:   # one that may be looked into: its user's own
                equal(os.stat(f'/proc/{p.pid}/mem').st_uid, 0)
            p.send_signal(signal.SIGSEGV)
            p.wait(30)
            true(not [n for n in os.listdir(tmp) if n.startswith('core')])
        finally:
            p.kill()
            p.wait()


@test('password-command: without a shell, its failure is an error of its own')
def _():
    with tempdir() as tmp, FakeImap() as imap, FakeSmtp() as smtp:
        imap.office_folders()
        o = Fakes(tmp, imap, smtp)
        secret_from(o, f"password-command: printf '%s' {PASSWORD}")
        o.must('poll')
        secret_from(o, f'password-command: sh -c "echo {PASSWORD}; exit 1"')
        r = o.run('-v', 'poll')
        equal(r.code, 78)
        secret_from(o, f'password-command: echo {PASSWORD}; touch {tmp}/shell')
        o.run('poll')
        true(not os.path.exists(f'{tmp}/shell'))


@test('a password file that others can read is refused, a link to one too')
def _():
    with tempdir() as tmp, FakeImap() as imap, FakeSmtp() as smtp:
        imap.office_folders()
        o = Fakes(tmp, imap, smtp)
        o.must('poll')
        for mode in (0o604, 0o644, 0o602, 0o666):
            os.chmod(f'{tmp}/password', mode)
            r = o.run('poll')
            equal((mode, r.code), (mode, 78))
            true('chmod o-rwx' in r.err and PASSWORD not in r.err, r.err)
        for mode in (0o620, 0o660):
            os.chmod(f'{tmp}/password', mode)
            r = o.run('poll')
            equal((mode, r.code), (mode, 78))
            true('chmod g-w' in r.err and PASSWORD not in r.err, r.err)
        os.chmod(f'{tmp}/password', 0o640)
        o.must('poll')
        os.chmod(f'{tmp}/password', 0o644)
        os.rename(f'{tmp}/password', f'{tmp}/open')
        os.symlink('open', f'{tmp}/password')
        equal(o.run('poll').code, 78)
        os.chmod(f'{tmp}/open', 0o600)
        o.must('poll')


@test('a data folder that others can write is refused, one they see is named')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        o.must('poll')
        equal(os.stat(o.data).st_mode & 0o777, 0o700)
        for mode in (0o720, 0o702, 0o770, 0o777):
            os.chmod(o.data, mode)
            for arguments in (['poll'], ['run'], ['desk', '待办']):
                r = o.run(*arguments)
                equal((mode, arguments, r.code), (mode, arguments, 78))
                true(f'chmod 700 {o.data}' in r.err, r.err)
            r = o.run('check')
            true(r.code != 0 and f'chmod 700 {o.data}' in r.out, str(r))
        for mode in (0o750, 0o755, 0o701):
            os.chmod(o.data, mode)
            true(f'chmod 700 {o.data}' in o.must('poll').err)
            r = o.run('check')
            true(r.code != 0 and f'chmod 700 {o.data}' in r.out, str(r))
        os.chmod(o.data, 0o700)
        equal(o.must('poll').err, '')
        o.must('check')


@test("systemd's credentials: found when they are there, else named")
def _():
    with tempdir() as tmp, FakeImap() as imap, FakeSmtp() as smtp:
        imap.office_folders()
        o = Fakes(tmp, imap, smtp)
        os.mkdir(f'{tmp}/credentials', 0o700)
        os.rename(f'{tmp}/password', f'{tmp}/credentials/password')
        secret_from(o, 'password-file: ${CREDENTIALS_DIRECTORY}/password')
        o.must('poll', env={'CREDENTIALS_DIRECTORY': f'{tmp}/credentials'})
        r = o.run('poll')
        equal(r.code, 78)
        true('LoadCredential' in r.err, r.err)
        equal(o.run('list').code, 0)        # which needs no password


# ---- TLS ----

@test('C19 tls: none is for this machine only, and nothing else turns TLS off')
def _():
    with tempdir() as tmp:
        o = Office(tmp)
        with open(f'{tmp}/password', 'w', encoding='ascii') as f:
            f.write(PASSWORD)
        os.chmod(f'{tmp}/password', 0o600)
        for url, more, words in (
                ('imap://x@mail.example.gov.cn/INBOX', 'tls: none\n',
                 'this machine'),
                ('imap://x@192.0.2.1/INBOX', 'tls: none\n', 'this machine'),
                ('imap://x@localhost.example.cn/INBOX', 'tls: none\n',
                 'this machine'),
                ('imap://x@127.0.0.1.example.cn/INBOX', 'tls: none\n',
                 'this machine'),
                ('imap://x@localhost/INBOX', 'tls: off\n', 'none'),
                ('imap://x@localhost/INBOX', 'tls: no\n', 'none'),
                ('imap://x@localhost/INBOX', 'tls-verify: no\n', 'tls'),
                ('imap://x@localhost/INBOX', 'tls-insecure: yes\n', 'tls')):
            o.configure(f'password-file: password\n{more}', url)
            r = o.run('poll')
            equal((url, more, r.code), (url, more, 78), str(r))
            true(words in r.err, r.err)


@test('C19 STARTTLS taken out of the dialogue: refused, and nothing is said')
def _():
    with tempdir() as tmp, FakeImap() as imap, FakeSmtp() as smtp:
        imap.office_folders()
        o = Fakes(tmp, imap, smtp)
        o.set_up()
        o.configure('password-file: password\n', imap.url,
                    smtp.url_with_user)             # without tls: none
        imap.log.clear()
        r = o.run('poll')
        true(r.code in (69, 75), str(r))
        true(re.search('TLS|encrypt', r.err), r.err)
        said = '\n'.join(imap.log + smtp.log)
        true('AUTH' not in said and 'LOGIN' not in said, said)
        true(PASSWORD not in said, said)


finish()
