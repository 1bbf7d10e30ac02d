"""From a mail's arrival to its receipt, while the program waits in IDLE."""
import contextlib
import glob
import os
import shutil
import socket
import subprocess
import threading
import time

from bench import DATA
from servers_of_bench import servers

PATIENCE = 20


def idle_client(port, user, woken):
    """A client that waits in IDLE; notes when it is told of each mail."""
    with contextlib.suppress(OSError), \
            socket.create_connection(('127.0.0.1', port)) as c:
        f = c.makefile('rwb', 0)
        f.readline()
        for line in (f'a LOGIN {user} pw', 'b SELECT INBOX', 'c IDLE'):
            f.write(line.encode() + b'\r\n')
        while line := f.readline():
            if b'EXISTS' in line:
                woken.append(time.monotonic())


def sent(folder):
    return len(glob.glob(f'{folder}/out/new/*'))


def times(b, d, mails):
    """For every mail: seconds until the server told, and until the receipt
    lay in the outgoing folder."""
    folder, user, woken = f'{DATA}/idle', 'idle', []
    config = b.office(folder, f'imap://{user}@127.0.0.1:{d.imap_port}/INBOX',
                      replies=100000)
    d.deliver_to(user, b'Subject: x\n\nx\n')
    p = subprocess.Popen([b.program, '-c', config, 'run'], cwd=folder,
                         stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    threading.Thread(target=idle_client, args=(d.imap_port, user, woken),
                     daemon=True).start()
    try:
        servers.until(lambda: d.count(user) == 0, 'the first look')
        time.sleep(2)
        for path in mails:
            with open(path, 'rb') as f:
                data = f.read()
            before, known = sent(folder), len(woken)
            start = time.monotonic()
            d.deliver_to(user, data)
            servers.until(lambda: sent(folder) > before, 'a receipt', PATIENCE)
            end = time.monotonic()
            servers.until(lambda: len(woken) > known, 'the notice', PATIENCE)
            yield woken[known] - start, end - start
            time.sleep(2)
    finally:
        p.terminate()
        p.wait()
        shutil.rmtree(folder, ignore_errors=True)
        os.makedirs(DATA, exist_ok=True)
