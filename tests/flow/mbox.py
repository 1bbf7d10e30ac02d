"""Run tests/tools/mbox and read what it prints."""
import hashlib
import os
import subprocess

ROOT = os.path.dirname(os.path.dirname(os.path.dirname(
    os.path.abspath(__file__))))
TOOL = f'{ROOT}/build/{os.environ.get("VARIANT", "release")}/tools/mbox'
GUARD = 120         # seconds; only against hanging


def sha(data):
    return hashlib.sha256(data).hexdigest()


class Result:
    """What a run said; `text` is all of it."""

    def __init__(self, code, text):
        self.code, self.text = code, text
        self.lines = [line.split(' ') for line in text.splitlines()]

    def having(self, word):
        return [line[1:] for line in self.lines if line[0] == word]

    @property
    def listed(self):
        """[(uid, received, size)]"""
        return [tuple(int(x) for x in line[:3])
                for line in self.having('listed')]

    @property
    def messages(self):
        """{uid: (length, sha256)}"""
        return {int(line[0]): (int(line[1]), line[2])
                for line in self.having('message')}

    @property
    def headers_only(self):
        return [int(line[0]) for line in self.having('message')
                if line[-1] == 'header']

    @property
    def errors(self):
        """[(result, status, sentence)]"""
        return [(line[0], int(line[1]), ' '.join(line[2:]))
                for line in self.having('error')]

    @property
    def sent(self):
        return [line[0] for line in self.having('sent')]

    @property
    def waited(self):
        return [float(line[0]) for line in self.having('waited')]


def mbox(*arguments, env=None):
    p = subprocess.run([TOOL, *arguments], stdin=subprocess.DEVNULL,
                       stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                       timeout=GUARD, env=dict(os.environ, **(env or {})))
    text = p.stdout.decode('utf-8', 'replace')
    for word in ('Sanitizer', 'runtime error'):
        if word in text:
            raise AssertionError(text)
    return Result(p.returncode, text)
