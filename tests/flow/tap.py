"""Tests that print TAP.  A test is a function; what it raises is a failure.

    @test('C3 UIDVALIDITY 0 stops everything')
    def _():
        equal(1, 1)
    finish()
"""
import sys
import traceback

_tests = []


class Skip(Exception):
    """Raised by a test that cannot run here; says why."""


def test(name):
    def keep(function):
        _tests.append((name, function))
        return function
    return keep


def equal(got, wanted, what=''):
    if got != wanted:
        raise AssertionError(f'{what}\n  got    {got!r}\n  wanted {wanted!r}')


def true(condition, what=''):
    if not condition:
        raise AssertionError(what or 'not true')


def finish():
    """Run all, or those whose name holds a word of the command line."""
    chosen = [(name, f) for name, f in _tests
              if len(sys.argv) < 2 or any(a in name for a in sys.argv[1:])]
    print(f'1..{len(chosen)}')
    failed = 0
    for n, (name, function) in enumerate(chosen, 1):
        try:
            function()
            print(f'ok {n} - {name}', flush=True)
        except Skip as e:
            print(f'ok {n} - {name} # SKIP {e}', flush=True)
        except Exception:
            failed += 1
            print(f'not ok {n} - {name}')
            for line in traceback.format_exc().splitlines():
                print('#', line)
            sys.stdout.flush()
    sys.exit(1 if failed else 0)
