"""An IMAP server under a test's control: it keeps mail in memory, does what
RFC 3501 says, and misbehaves where it is told to.

    with FakeImap() as s:
        s.inbox.add(b'Subject: x\\r\\n\\r\\nbody')
        s.capability = 'IMAP4rev1 IDLE'
        ...
        s.log                          # every line that clients sent

Misbehaviour: `greeting`, `cut` (close after so many bytes of one connection),
`segment` (bytes a packet), `needs_id`, and `hooks`: a function for a command
("SELECT", "UID FETCH", ...) called as hook(connection, tag, arguments); it
answers by itself and returns True, or returns False and all goes on.
"""
import re
import select
import socket
import ssl
import threading
import time

from servers import modified_utf7

ALL = 'IMAP4rev1 ID IDLE MOVE UIDPLUS SASL-IR AUTH=PLAIN'


class Message:
    def __init__(self, uid, data, received, flags=()):
        self.uid, self.data, self.received = uid, data, received
        self.flags = set(flags)

    def header(self):
        return self.data.split(b'\r\n\r\n', 1)[0] + b'\r\n\r\n'


class Folder:
    def __init__(self, validity=1551760200):
        self.validity, self.uidnext, self.messages = validity, 1, []

    def add(self, data, received=1551749400, uid=None, flags=()):
        uid = uid or self.uidnext
        self.messages.append(Message(uid, data, received, flags))
        self.uidnext = max(self.uidnext, uid + 1)
        return uid

    def chosen(self, text, by_uid):
        """The (sequence number, message)s of a set, and that it ascends."""
        out, last = [], 0
        for part in text.split(','):
            ends = part.split(':')
            top = (max([m.uid for m in self.messages], default=0) if by_uid
                   else len(self.messages))
            low, high = [top if x == '*' else int(x)
                         for x in (ends[0], ends[-1])]
            if part.endswith(':*'):
                low, high = min(low, high), max(low, high)
            assert last < low <= high, f'a set that does not ascend: {text}'
            last = high
            for n, m in enumerate(self.messages, 1):
                if low <= (m.uid if by_uid else n) <= high:
                    out.append((n, m))
        return out


class Cut(Exception):
    """The connection ends here, as the test wants it."""


class Connection:
    def __init__(self, server, sock, number):
        self.server, self.sock, self.number = server, sock, number
        self.sent, self.folder, self.read_only = 0, None, True
        self.buffer = b''

    # -- talking --

    def send(self, data):
        if isinstance(data, str):
            data = data.encode()
        cut = self.server.cut
        if cut is not None and self.sent + len(data) >= cut:
            self.sock.sendall(data[:max(0, cut - self.sent)])
            raise Cut
        self.sent += len(data)
        step = self.server.segment or len(data) or 1
        for i in range(0, len(data), step):
            self.sock.sendall(data[i:i + step])

    def line(self, text):
        self.send(text + '\r\n')

    def ok(self, tag, text='done'):
        self.line(f'{tag} OK {text}')

    def no(self, tag, text='no'):
        self.line(f'{tag} NO {text}')

    def receive(self):
        data = self.sock.recv(65536)
        self.buffer += data
        return data

    def read_line(self):
        """The next line, or b'' at the end."""
        while b'\n' not in self.buffer and self.receive():
            pass
        line, newline, self.buffer = self.buffer.partition(b'\n')
        return line + newline

    def pending(self, seconds):
        """Does the client say more, without waiting for an answer?"""
        if self.buffer:
            return True
        ready = select.select([self.sock], [], [], seconds)[0]
        return bool(ready and self.receive())

    def serve(self):
        try:
            self.send(self.server.greeting)
            # a line that was cut off is no command
            while (raw := self.read_line()).endswith(b'\n'):
                text = raw.decode('utf-8', 'replace').rstrip('\r\n')
                with self.server.lock:
                    self.server.log.append(text)
                tag, _, rest = text.partition(' ')
                self.obey(tag, rest)
        except (Cut, OSError, ValueError):
            pass
        except AssertionError as e:
            self.server.complaints.append(str(e))
        finally:
            for end in (lambda: self.sock.shutdown(socket.SHUT_RDWR),
                        self.sock.close):
                try:
                    end()
                except OSError:
                    pass

    def obey(self, tag, rest):
        words = rest.split(' ')
        name = words[0].upper()
        if name == 'UID':
            name += ' ' + ''.join(words[1:2]).upper()
        arguments = rest[len(name):].strip()
        hook = self.server.hooks.get(name)
        if hook and hook(self, tag, arguments):
            return
        method = getattr(self, 'do_' + name.lower().replace(' ', '_'), None)
        if method:
            method(tag, arguments)
        else:
            self.line(f'{tag} BAD what is {name}?')

    # -- commands --

    def do_capability(self, tag, _):
        self.line(f'* CAPABILITY {self.server.capability}')
        self.ok(tag)

    def do_noop(self, tag, _):
        self.ok(tag)

    def do_logout(self, tag, _):
        self.line('* BYE')
        self.ok(tag)
        raise Cut

    def do_id(self, tag, _):
        self.server.identified = True
        self.line('* ID ("name" "fake")')
        self.ok(tag)

    def do_authenticate(self, tag, _):
        if self.server.refuse_login:
            self.no(tag, self.server.refuse_login)
        else:
            self.ok(tag, self.server.login_answer)

    do_login = do_authenticate

    def name_of(self, text):
        return text.strip('"').replace('\\"', '"')

    def select(self, tag, text, read_only):
        name = self.name_of(text)
        if self.server.needs_id and not self.server.identified:
            return self.no(tag, 'SELECT Unsafe Login. Please contact us')
        if name not in self.server.folders:
            return self.no(tag, 'no such folder')
        f = self.folder = self.server.folders[name]
        self.read_only = read_only
        self.line('* FLAGS (\\Answered \\Deleted \\Seen)')
        self.line(f'* {len(f.messages)} EXISTS')
        self.line('* 0 RECENT')
        if f.validity is not None:
            self.line(f'* OK [UIDVALIDITY {f.validity}] valid')
        if f.uidnext is not None:
            self.line(f'* OK [UIDNEXT {f.uidnext}] next')
        self.ok(tag, '[READ-ONLY]' if read_only else '[READ-WRITE]')

    def do_select(self, tag, text):
        self.select(tag, text, False)

    def do_examine(self, tag, text):
        self.select(tag, text, True)

    def do_list(self, tag, _):
        d = self.server.delimiter
        for name in self.server.folders:
            self.line(f'* LIST (\\HasNoChildren) "{d}" "{name}"')
        self.ok(tag)

    def do_create(self, tag, text):
        name = self.name_of(text)
        if not name.startswith(self.server.create_only):
            return self.no(tag, 'not here')
        name = self.server.create_below + name
        if name in self.server.folders:
            return self.no(tag, '[ALREADYEXISTS] there is one')
        self.server.folders[name] = Folder(7)
        self.ok(tag)

    def do_subscribe(self, tag, _):
        self.ok(tag)

    def fetch_items(self, n, m, items):
        date = time.strftime('%d-%b-%Y %H:%M:%S +0000',
                             time.gmtime(m.received))
        out = [b'UID %d' % m.uid]
        if 'FLAGS' in items:
            out.append(b'FLAGS (%s)' % ' '.join(sorted(m.flags)).encode())
        if 'INTERNALDATE' in items:
            out.append(b'INTERNALDATE "%s"' % date.encode())
        if 'RFC822.SIZE' in items:
            out.append(b'RFC822.SIZE %d' % self.server.size_of(m))
        part = re.search(r'BODY\.PEEK\[(HEADER)?\](<0\.(\d+)>)?', items)
        assert 'BODY[' not in items, 'a fetch that sets \\Seen'
        if part:
            data = m.header() if part.group(1) else m.data
            data = data[:int(part.group(3))] if part.group(3) else data
            label = b'BODY[%s]%s' % ((part.group(1) or '').encode(),
                                     b'<0>' if part.group(2) else b'')
            out.append(label + b' {%d}\r\n' % self.server.announce(m, data)
                       + data)
        self.send(b'* %d FETCH (%s)\r\n' % (n, b' '.join(out)))

    def fetch(self, tag, arguments, by_uid):
        if not self.folder:
            return self.line(f'{tag} BAD nothing is selected')
        numbers, _, items = arguments.partition(' ')
        for n, m in self.folder.chosen(numbers, by_uid):
            self.fetch_items(n, m, items)
        self.ok(tag)

    def do_fetch(self, tag, arguments):
        self.fetch(tag, arguments, False)

    def do_uid_fetch(self, tag, arguments):
        self.fetch(tag, arguments, True)

    def transfer(self, numbers, text, remove):
        """All at one instant; told afterwards.  None: no such folder."""
        target = self.server.folders.get(self.name_of(text))
        if target is None:
            return None
        with self.server.lock:
            chosen = [m for _, m in self.folder.chosen(numbers, True)]
            for m in chosen:
                target.add(m.data, m.received, flags=m.flags)
            return self.removed(chosen if remove else [])

    def removed(self, messages):
        """Remove them; the lines that say so."""
        lines = []
        for m in messages:
            lines.append(f'* {self.folder.messages.index(m) + 1} EXPUNGE')
            self.folder.messages.remove(m)
        return lines

    def answer_transfer(self, tag, lines):
        if lines is None:
            return self.no(tag, '[TRYCREATE] no such folder')
        for line in lines:
            self.line(line)
        self.ok(tag)

    def do_uid_move(self, tag, arguments):
        assert 'MOVE' in self.server.capability, 'MOVE was not offered'
        numbers, _, text = arguments.partition(' ')
        self.answer_transfer(tag, self.transfer(numbers, text, True))

    def do_uid_copy(self, tag, arguments):
        numbers, _, text = arguments.partition(' ')
        self.answer_transfer(tag, self.transfer(numbers, text, False))

    def do_uid_store(self, tag, arguments):
        numbers, _, what = arguments.partition(' ')
        assert what[1:] == 'FLAGS.SILENT (\\Deleted)' and not self.read_only
        for _, m in self.folder.chosen(numbers, True):
            if what[0] == '+':
                m.flags.add('\\Deleted')
            else:
                m.flags.discard('\\Deleted')
        self.ok(tag)

    def do_uid_expunge(self, tag, arguments):
        assert 'UIDPLUS' in self.server.capability, 'UIDPLUS was not offered'
        with self.server.lock:
            lines = self.removed([m for _, m in
                                  self.folder.chosen(arguments, True)
                                  if '\\Deleted' in m.flags])
        self.answer_transfer(tag, lines)

    def do_expunge(self, tag, _):
        assert False, 'a bare EXPUNGE removes what others have marked'

    def do_idle(self, tag, _):
        self.line('+ idling')
        if self.server.on_idle:
            self.server.on_idle(self)
        done = self.read_line().strip().upper()
        assert done in (b'DONE', b''), f'in IDLE: {done}'
        self.server.log.append('DONE')
        if done:
            self.ok(tag)


class FakeImap:
    user, password = 'xxk', 'Zheng-Wu-2019'

    def __init__(self, tls=None):
        """tls: (certificate, key) for imaps, else plain text."""
        self.folders = {'INBOX': Folder()}
        self.greeting = b'* OK [CAPABILITY IMAP4rev1] fake\r\n'
        self.capability = ALL
        self.login_answer, self.refuse_login = 'in', None
        self.delimiter, self.create_below, self.create_only = '/', '', ''
        self.cut = self.segment = None
        self.needs_id = self.identified = False
        self.hooks, self.on_idle = {}, None
        self.log, self.complaints, self.connections = [], [], 0
        self.size_of = lambda m: len(m.data)
        self.announce = lambda m, data: len(data)
        self.lock = threading.Lock()
        self.context = None
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)

    @property
    def inbox(self):
        return self.folders['INBOX']

    def folder(self, name):
        return self.folders[modified_utf7(name)]

    def add_folder(self, name):
        self.folders[modified_utf7(name)] = Folder(7)

    def office_folders(self):
        for name in ('已受理', '已退回', '已忽略', '待处理'):
            self.add_folder(name)

    @property
    def url(self):
        scheme = 'imaps' if self.context else 'imap'
        return f'{scheme}://{self.user}@localhost:{self.port}/INBOX'

    def sent(self, word):
        """The lines that clients sent with this word in them."""
        return [line for line in self.log if word in line]

    def handle(self, sock):
        try:
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
        except OSError:
            sock.close()
            return
        self.connections += 1
        Connection(self, sock, self.connections).serve()

    def accept(self):
        while True:
            try:
                sock, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self.handle, args=(sock,),
                             daemon=True).start()

    def __enter__(self):
        self.listener = socket.create_server(('127.0.0.1', 0))
        self.port = self.listener.getsockname()[1]
        threading.Thread(target=self.accept, daemon=True).start()
        return self

    def __exit__(self, *unused):
        self.listener.shutdown(socket.SHUT_RDWR)
        self.listener.close()
