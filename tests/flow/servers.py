"""Private mail servers for tests: a Dovecot and a Postfix of their own in a
temporary folder, on free ports of 127.0.0.1, gone when the block ends.

    with tempdir() as tmp, Dovecot(tmp) as d, Postfix(tmp, auth=d) as p:
        d.imaps_port d.imap_port d.ca d.user d.password d.url
        d.deliver(b'Subject: x\\n\\nbody', mtime=1551760200)
        d.messages('已受理')                     # list of bytes
        p.port p.submissions_port p.maildir      # every mail is delivered there
        p.messages()

Both may run as root or (Dovecot alone) as anybody.  missing('dovecot') says
whether a test that needs it must be skipped.
"""
import contextlib
import base64
import glob
import imaplib
import os
import pwd
import random
import shutil
import signal
import socket
import ssl
import subprocess
import tempfile
import time

WAIT = 60           # seconds for a server to come up or go down


def missing(*programs):
    """The first program that is not installed, or None."""
    path = os.environ.get('PATH', '') + ':/usr/sbin:/sbin'
    for name in programs:
        if not shutil.which(name, path=path):
            return name
    return None


@contextlib.contextmanager
def tempdir():
    """A folder that the servers' own users may pass through."""
    path = tempfile.mkdtemp(prefix='baosong-test-')
    os.chmod(path, 0o711)
    try:
        yield path
    finally:
        shutil.rmtree(path, ignore_errors=True)


PORTS = range(20000, 32000)     # below what the kernel gives to clients
taken = []


def free_port():
    """A port that nobody listens on, and that no other test running beside
    this one is given: it is reserved by a name without a file, which goes
    with the process."""
    for port in random.sample(PORTS, len(PORTS)):
        name, probe = socket.socket(socket.AF_UNIX), socket.socket()
        with probe, contextlib.suppress(OSError):
            name.bind(f'\0baosong-test-port-{port}')
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            probe.bind(('127.0.0.1', port))
            taken.append(name)
            return port
        name.close()
    raise RuntimeError('no free port')


def until(condition, what, seconds=WAIT):
    """Wait until condition() is true and give its value."""
    end = time.monotonic() + seconds
    while True:
        value = condition()
        if value:
            return value
        if time.monotonic() > end:
            raise RuntimeError(f'waited {seconds} s in vain for {what}')
        time.sleep(0.02)


def answers(port):
    with contextlib.suppress(OSError):
        socket.create_connection(('127.0.0.1', port), 1).close()
        return True
    return False


def is_alive(pid):
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    return True


def stop_daemon(pid):
    """End a daemon that this module started; it is no child of ours."""
    with contextlib.suppress(ProcessLookupError):
        os.kill(pid, signal.SIGTERM)
        try:
            until(lambda: not is_alive(pid), 'a server to end')
        except RuntimeError:
            os.kill(pid, signal.SIGKILL)


def run(*command):
    """Into a file: a daemon would keep a pipe open, and us waiting."""
    with tempfile.TemporaryFile() as out:
        code = subprocess.run(command, stdin=subprocess.DEVNULL, stdout=out,
                              stderr=subprocess.STDOUT).returncode
        out.seek(0)
        if code:
            raise RuntimeError(f'{command[0]}: {out.read().decode()}')


def modified_utf7(name):
    """RFC 3501, 5.1.3; written apart from the program's on purpose."""
    out, pending = '', ''

    def flush():
        nonlocal out, pending
        if pending:
            b = base64.b64encode(pending.encode('utf-16be')).decode()
            out += '&' + b.rstrip('=').replace('/', ',') + '-'
            pending = ''
    for c in name:
        if ' ' <= c <= '~':
            flush()
            out += '&-' if c == '&' else c
        else:
            pending += c
    flush()
    return out


# ---- certificates ----

class Authority:
    """A certificate authority and, by it, certificates for this machine."""

    def __init__(self, folder):
        self.folder = folder
        os.makedirs(folder, exist_ok=True)
        self.ca = f'{folder}/ca.pem'
        self.key = f'{folder}/ca.key'
        if not os.path.exists(self.ca):
            run('openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt',
                'ec_paramgen_curve:P-256', '-nodes', '-days', '30',
                '-subj', '/CN=test authority', '-keyout', self.key,
                '-out', self.ca)

    def certificate(self, name, san='DNS:localhost,IP:127.0.0.1', days='30'):
        """(certificate, key); days may be negative: expired."""
        base = f'{self.folder}/{name}'
        if not os.path.exists(base + '.pem'):
            with open(base + '.ext', 'w') as f:
                f.write(f'subjectAltName={san}\n')
            run('openssl', 'req', '-newkey', 'ec', '-pkeyopt',
                'ec_paramgen_curve:P-256', '-nodes', '-subj', f'/CN={name}',
                '-keyout', base + '.key', '-out', base + '.csr')
            run('openssl', 'x509', '-req', '-in', base + '.csr', '-CA',
                self.ca, '-CAkey', self.key, '-CAcreateserial', '-days', days,
                '-extfile', base + '.ext', '-out', base + '.pem')
        return base + '.pem', base + '.key'


# ---- Dovecot ----

DOVECOT_CONF = '''
base_dir = {root}/run
state_dir = {root}/state
log_path = {root}/log
protocols = imap
listen = 127.0.0.1
default_internal_user = {internal}
default_internal_group = {internal_group}
default_login_user = {login}
default_idle_kill = 10s
first_valid_uid = 1
mail_privileged_group =
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_failure_delay = 0
ssl = yes
ssl_cert = <{cert}
ssl_key = <{key}
mail_location = maildir:~/Maildir
mailbox_list_index = no
maildir_very_dirty_syncs = no
passdb {{
  driver = static
  args = password={password}
}}
userdb {{
  driver = static
  args = uid={mail} gid={mail_group} home={root}/mail/%u
}}
namespace inbox {{
  inbox = yes
  separator = {separator}
  prefix = {prefix}
}}
service auth {{
  inet_listener {{
    address = 127.0.0.1
    port = {auth_port}
  }}
}}
service imap-login {{
  service_count = 0
  inet_listener imap {{
    address = 127.0.0.1
    port = {imap_port}
  }}
  inet_listener imaps {{
    address = 127.0.0.1
    port = {imaps_port}
    ssl = yes
  }}
  {chroot}
}}
service anvil {{
  unix_listener anvil-auth-penalty {{
    mode = 0
  }}
  {chroot}
}}
service stats {{
  {chroot}
}}
protocol imap {{
  {capability}
}}
'''


class Dovecot:
    """capability: what to announce instead of what it can do; separator and
    prefix: of the namespace (Courier's way is '.', 'INBOX.')."""

    user = 'xxk@mail.example.gov.cn'
    password = 'Zheng-Wu-2019'

    def __init__(self, tmp, capability=None, separator='/', prefix='',
                 name='dovecot'):
        self.root = f'{tmp}/{name}'
        self.authority = Authority(f'{tmp}/tls')
        self.ca = self.authority.ca
        self.imap_port, self.imaps_port = free_port(), free_port()
        self.auth_port = free_port()
        self.capability = capability
        self.separator, self.prefix = separator, prefix
        self.pid = None
        self.delivered = 0

    @property
    def url(self):
        return f'imaps://{self.user}@localhost:{self.imaps_port}/INBOX'

    @property
    def starttls_url(self):
        return f'imap://{self.user}@localhost:{self.imap_port}/INBOX'

    def write_conf(self):
        root = os.geteuid() == 0
        me = pwd.getpwuid(os.geteuid()).pw_name
        mail = pwd.getpwnam('mail') if root else pwd.getpwuid(os.geteuid())
        self.owner = (mail.pw_uid, mail.pw_gid)
        cert, key = self.authority.certificate('localhost')
        os.makedirs(self.root + '/mail', exist_ok=True)
        os.chmod(self.root, 0o711)
        os.chown(self.root + '/mail', *self.owner)
        conf = DOVECOT_CONF.format(
            root=self.root, cert=cert, key=key, password=self.password,
            internal='dovecot' if root else me,
            internal_group='dovecot' if root else me,
            login='dovenull' if root else me, mail=self.owner[0],
            mail_group=self.owner[1], imap_port=self.imap_port,
            imaps_port=self.imaps_port, auth_port=self.auth_port,
            separator=self.separator, prefix=self.prefix,
            chroot='' if root else 'chroot =',
            capability=f'imap_capability = {self.capability}'
            if self.capability else '')
        with open(self.root + '/dovecot.conf', 'w') as f:
            f.write(conf)

    def start(self):
        run('/usr/sbin/dovecot', '-c', self.root + '/dovecot.conf')
        pid_file = self.root + '/run/master.pid'
        self.pid = int(until(lambda: os.path.exists(pid_file)
                             and open(pid_file).read(), 'Dovecot'))
        until(lambda: answers(self.imap_port), 'Dovecot to answer')

    def stop(self):
        if self.pid:
            stop_daemon(self.pid)
            self.pid = None

    def __enter__(self):
        self.write_conf()
        self.start()
        self.make_maildir()
        return self

    def __exit__(self, *unused):
        self.stop()

    def make_maildir(self):
        self.maildir = f'{self.root}/mail/{self.user}/Maildir'
        for part in ('', '/tmp', '/new', '/cur'):
            os.makedirs(self.maildir + part, exist_ok=True)
        for path in (os.path.dirname(self.maildir), self.maildir,
                     *glob.glob(self.maildir + '/*')):
            os.chown(path, *self.owner)

    def deliver(self, data, mtime=None):
        """Put a mail into the inbox as a delivery agent does."""
        self.delivered += 1
        name = f'{int(time.time())}.M{self.delivered:06}P{os.getpid()}.test'
        tmp, new = f'{self.maildir}/tmp/{name}', f'{self.maildir}/new/{name}'
        with open(tmp, 'wb') as f:
            f.write(data.replace(b'\r\n', b'\n'))
        os.chown(tmp, *self.owner)
        if mtime is not None:
            os.utime(tmp, (mtime, mtime))
        os.rename(tmp, new)

    @contextlib.contextmanager
    def session(self):
        """Another client's session: a colleague at work."""
        context = ssl.create_default_context(cafile=self.ca)
        c = imaplib.IMAP4_SSL('localhost', self.imaps_port,
                              ssl_context=context)
        c.login(self.user, self.password)
        try:
            yield c
        finally:
            with contextlib.suppress(Exception):
                c.logout()

    def fetch(self, folder, items):
        """What FETCH 1:* of these items gives, as imaplib shows it."""
        with self.session() as c:
            quoted = '"' + modified_utf7(folder) + '"'
            status, count = c.select(quoted, readonly=True)
            if status != 'OK':
                raise KeyError(folder)
            return c.fetch('1:*', items)[1] if int(count[0]) else []

    def messages(self, folder='INBOX'):
        """The mails of a folder, in its order; KeyError: no such folder."""
        return [part[1] for part in self.fetch(folder, '(BODY.PEEK[])')
                if isinstance(part, tuple)]

    def log(self):
        with open(self.root + '/log', errors='replace') as f:
            return f.read()


# ---- Postfix ----

POSTFIX_MAIN = '''
compatibility_level = 3.6
queue_directory = {root}/queue
data_directory = {root}/data
maillog_file = {root}/log
maillog_file_prefixes = {root}
mail_owner = postfix
setgid_group = postdrop
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
myhostname = mail.example.gov.cn
mydestination =
mynetworks = {networks}
alias_maps =
local_recipient_maps =
virtual_mailbox_domains = static:all
virtual_mailbox_maps = static:box/
virtual_mailbox_base = {root}
virtual_uid_maps = static:{mail}
virtual_gid_maps = static:{mail_group}
virtual_minimum_uid = 1
virtual_mailbox_limit = 0
message_size_limit = 60000000
mailbox_size_limit = 0
smtpd_tls_cert_file = {cert}
smtpd_tls_key_file = {key}
smtpd_tls_security_level = may
smtpd_tls_auth_only = yes
smtpd_relay_restrictions = permit_mynetworks, permit_sasl_authenticated, reject
smtpd_sasl_auth_enable = {sasl}
smtpd_sasl_type = dovecot
smtpd_sasl_path = inet:127.0.0.1:{auth_port}
smtpd_client_connection_count_limit = 0
smtpd_error_sleep_time = 0
{extra}
'''

POSTFIX_MASTER = '''
{port} inet n - n - - smtpd
127.0.0.1:{submissions_port} inet n - n - - smtpd
  -o smtpd_tls_wrappermode=yes
pickup unix n - n 60 1 pickup
cleanup unix n - n - 0 cleanup
qmgr unix n - n 300 1 qmgr
tlsmgr unix - - n 1000? 1 tlsmgr
rewrite unix - - n - - trivial-rewrite
bounce unix - - n - 0 bounce
defer unix - - n - 0 bounce
trace unix - - n - 0 bounce
verify unix - - n - 1 verify
flush unix n - n 1000? 0 flush
proxymap unix - - n - - proxymap
proxywrite unix - - n - 1 proxymap
smtp unix - - n - - smtp
error unix - - n - - error
retry unix - - n - - error
discard unix - - n - - discard
local unix - n n - - local
virtual unix - n n - - virtual
anvil unix - - n - 1 anvil
scache unix - - n - 1 scache
postlog unix-dgram n - n - 1 postlogd
'''


class Postfix:
    """port speaks STARTTLS (plain text too), submissions_port TLS from the
    start.  Every mail to any address is delivered into `maildir`.  auth: a
    Dovecot to ask for passwords; then nothing is taken without one.  extra:
    more lines for main.cf.  Needs root."""

    def __init__(self, tmp, auth=None, extra='', name='postfix'):
        self.root = f'{tmp}/{name}'
        self.authority = Authority(f'{tmp}/tls')
        self.ca = self.authority.ca
        self.port, self.submissions_port = free_port(), free_port()
        self.maildir = self.root + '/box'
        self.auth, self.extra = auth, extra
        self.user = auth.user if auth else None
        self.password = auth.password if auth else None
        self.pid = None

    def write_conf(self):
        mail = pwd.getpwnam('mail')
        cert, key = self.authority.certificate('localhost')
        conf = self.root + '/conf'
        for part in ('conf', 'queue', 'data'):
            os.makedirs(f'{self.root}/{part}', exist_ok=True)
        shutil.chown(self.root + '/data', 'postfix')
        os.makedirs(self.maildir, exist_ok=True)
        os.chown(self.maildir, mail.pw_uid, mail.pw_gid)
        os.chmod(self.root, 0o755)
        with open(conf + '/main.cf', 'w') as f:
            f.write(POSTFIX_MAIN.format(
                root=self.root, cert=cert, key=key, mail=mail.pw_uid,
                mail_group=mail.pw_gid, sasl='yes' if self.auth else 'no',
                networks='[::2]/128' if self.auth else '127.0.0.0/8',
                auth_port=self.auth.auth_port if self.auth else 1,
                extra=self.extra))
        with open(conf + '/master.cf', 'w') as f:
            f.write(POSTFIX_MASTER.format(
                port=f'127.0.0.1:{self.port}',
                submissions_port=self.submissions_port))

    def start(self):
        run('/usr/sbin/postfix', '-c', self.root + '/conf', 'start')
        pid_file = self.root + '/queue/pid/master.pid'
        self.pid = int(until(lambda: os.path.exists(pid_file)
                             and open(pid_file).read().strip(), 'Postfix'))
        until(lambda: answers(self.port), 'Postfix to answer')

    def stop(self):
        if self.pid:
            stop_daemon(self.pid)
            self.pid = None

    def __enter__(self):
        self.write_conf()
        self.start()
        return self

    def __exit__(self, *unused):
        self.stop()

    def messages(self, at_least=0):
        """The mails delivered, in order of their file names; waits until
        there are that many."""
        def files():
            return sorted(glob.glob(self.maildir + '/new/*'))
        until(lambda: len(files()) >= at_least, f'{at_least} mails')
        return [open(f, 'rb').read() for f in files()]

    def log(self):
        with open(self.root + '/log', errors='replace') as f:
            return f.read()
