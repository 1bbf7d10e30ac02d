#!/usr/bin/python3
"""measure.py COMMAND...: run it and print one JSON object: status, CPU seconds,
the peak of resident memory in MB of it or any child, what it wrote.

A process of its own, because the peak of whoever starts a program is counted
as the program's.
"""
import json
import os
import subprocess
import sys

p = subprocess.Popen(sys.argv[1:], stdin=subprocess.DEVNULL,
                     stdout=subprocess.PIPE)
out = p.stdout.read()
_, status, used = os.wait4(p.pid, 0)
print(json.dumps({'status': os.waitstatus_to_exitcode(status),
                  'cpu': used.ru_utime + used.ru_stime,
                  'megabytes': used.ru_maxrss / 1024,
                  'out': out.decode('utf-8', 'replace')}))
