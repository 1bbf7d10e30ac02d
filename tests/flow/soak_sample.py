#!/usr/bin/python3
"""A short run of tests/soak/run: some hundred mails through a Dovecot and a
Postfix, with each kind of fault (`make soak` sends 20,000)."""
import os
import subprocess

from office import PROGRAM, ROOT
from servers import missing
from tap import Skip, equal, finish, test

MAILS = os.environ.get('SOAK_SAMPLE', '300')


@test(f'P1 P2 P3 {MAILS} mails through real servers, and each kind of fault')
def _():
    absent = missing('dovecot', 'postfix', 'openssl')
    if absent or os.geteuid() != 0:
        raise Skip(f'{absent or "root"} is wanted')
    variant = os.environ.get('VARIANT', 'release')
    sanitized = [] if variant == 'release' else ['--sanitized']
    p = subprocess.run([f'{ROOT}/tests/soak/run', PROGRAM, MAILS,
                        '--hurry', '5', *sanitized],
                       capture_output=True, check=False)
    said = (p.stdout + p.stderr).decode('utf-8', 'replace')
    equal(p.returncode, 0, said)
    print(f'# report: {said.splitlines()[-1]}')


finish()
