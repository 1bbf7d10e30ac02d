"""An SMTP server under a test's control.

    with FakeSmtp() as s:
        s.replies['MAIL'] = '451 later'      # instead of 250
        ...
        s.mails      # of Mail(sender, recipients, data): what it accepted
        s.log        # every line that clients sent, data apart

`most` connections at once are let in, `too_many` is what another one hears
(None: nothing at all).  `on_command(number, text)` is called with each line of
the connection of that number before it is answered.

`cut` names where the connection ends instead of an answer: 'MAIL', 'RCPT',
'DATA' (the command), 'END' (the dot), or 'BODY' (in the middle of the text).
"""
import socket
import ssl
import threading
from collections import namedtuple

Mail = namedtuple('Mail', 'sender recipients data')


class Cut(Exception):
    pass


class FakeSmtp:
    user, password = 'xxk', 'Zheng-Wu-2019'

    def __init__(self, tls=None):
        self.greeting = '220 fake ESMTP'
        self.extensions = ['PIPELINING', '8BITMIME', 'SIZE 50000000']
        self.replies, self.cut, self.cut_times = {}, None, 10 ** 9
        self.keep_when_cut = True   # END: the mail is kept, its answer lost
        self.idle_limit = None      # seconds, then 421 and gone
        self.log, self.mails, self.connections = [], [], 0
        self.most, self.too_many = 100, '421 too many connections'
        self.on_command = lambda number, text: None
        self.open = self.peak = 0   # connections now, and at once at most
        self.lock = threading.Lock()
        self.raw = []               # the bytes of each mail on the wire
        self.context = None
        if tls:
            self.context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
            self.context.load_cert_chain(*tls)

    @property
    def url(self):
        scheme = 'smtps' if self.context else 'smtp'
        return f'{scheme}://localhost:{self.port}'

    @property
    def url_with_user(self):
        return self.url.replace('://', f'://{self.user}@')

    def sent(self, word):
        return [line for line in self.log if line.startswith(word)]

    def maybe_cut(self, where):
        if self.cut == where and self.cut_times > 0:
            self.cut_times -= 1
            raise Cut

    def answer(self, f, name, default):
        f.write((self.replies.get(name, default) + '\r\n').encode())
        f.flush()

    def ehlo(self, f):
        lines = ['fake', *self.extensions]
        for i, line in enumerate(lines):
            mark = ' ' if i == len(lines) - 1 else '-'
            f.write(f'250{mark}{line}\r\n'.encode())
        f.flush()

    def take_text(self, f):
        raw = b''
        while True:
            line = f.readline()
            if not line:
                raise Cut
            if self.cut == 'BODY' and self.cut_times > 0:
                self.cut_times -= 1
                raise Cut
            raw += line
            if line == b'.\r\n':
                return raw

    def keep(self, sender, recipients, raw):
        lines = raw.split(b'\r\n')[:-2]
        data = b''.join((x[1:] if x.startswith(b'.') else x) + b'\r\n'
                        for x in lines)
        self.raw.append(raw)
        self.mails.append(Mail(sender, recipients, data))

    def serve(self, sock, number):
        f = sock.makefile('rwb')
        f.write((self.greeting + '\r\n').encode())
        f.flush()
        sender, recipients = None, []
        while True:
            sock.settimeout(self.idle_limit)
            try:
                line = f.readline()
            except TimeoutError:
                sock.sendall(b'421 idle too long\r\n')
                return
            if not line:
                return
            text = line.decode('utf-8', 'replace').rstrip('\r\n')
            self.log.append(text)
            self.on_command(number, text)
            name = text[:4].upper()
            if name in ('MAIL', 'RCPT', 'DATA'):
                self.maybe_cut(name)
            if name == 'EHLO':
                self.ehlo(f)
            elif name == 'AUTH':
                if len(text.split()) == 2:      # no initial response
                    f.write(b'334 \r\n')
                    f.flush()
                    f.readline()
                self.answer(f, 'AUTH', '235 in')
            elif name == 'MAIL':
                sender, recipients = text[10:].split('>')[0][1:], []
                if self.replies.get('MAIL', '250')[0] != '2':
                    sender = None
                self.answer(f, 'MAIL', '250 ok')
            elif name == 'RCPT':
                reply = self.replies.get(text, self.replies.get('RCPT',
                                                                '250 ok'))
                if sender is None:
                    reply = '503 need MAIL'
                elif reply[0] == '2':
                    recipients.append(text[9:-1])
                f.write((reply + '\r\n').encode())
                f.flush()
            elif name == 'DATA':
                if not recipients and 'DATA' not in self.replies:
                    self.answer(f, 'none', '503 need RCPT')
                    continue
                self.answer(f, 'DATA', '354 go on')
                if self.replies.get('DATA', '354')[0] != '3':
                    continue
                raw = self.take_text(f)
                good = self.replies.get('END', '250')[:1] == '2'
                if good and (self.cut != 'END' or self.keep_when_cut):
                    self.keep(sender, recipients, raw)
                self.maybe_cut('END')
                self.answer(f, 'END', '250 queued')
            elif name == 'QUIT':
                self.answer(f, 'QUIT', '221 bye')
                return
            else:
                self.answer(f, name, '250 ok')

    def send_away(self, sock):
        if self.too_many is not None:
            sock.sendall(f'{self.too_many}\r\n'.encode())
        sock.recv(1)

    def handle(self, sock):
        try:
            if self.context:
                sock = self.context.wrap_socket(sock, server_side=True)
            with self.lock:
                self.connections += 1
                number = self.connections
                self.open += 1
                self.peak = max(self.peak, self.open)
                too_many = self.open > self.most
            if too_many:
                self.send_away(sock)
            else:
                self.serve(sock, number)
        except (Cut, OSError):
            pass
        finally:
            with self.lock:
                self.open -= 1
            try:
                sock.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            sock.close()

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
