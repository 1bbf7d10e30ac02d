"""What is in the memory of a running program."""
import os


def memory_of(pid):
    """The writable memory of a process, region by region."""
    with open(f'/proc/{pid}/maps', encoding='ascii',
              errors='replace') as f:
        maps = f.read().splitlines()
    with open(f'/proc/{pid}/mem', 'rb', 0) as mem:
        for line in maps:
            span, rights, *_ = line.split()
            low, high = (int(x, 16) for x in span.split('-'))
            if 'w' not in rights or high - low > 1 << 30:
                continue
            try:
                mem.seek(low)
                yield line, mem.read(high - low)
            except (OSError, ValueError):
                continue


def processes_of(pid):
    """The program, its nursery and its readers."""
    found = [pid]
    for name in os.listdir('/proc'):
        try:
            with open(f'/proc/{name}/stat', encoding='utf-8') as f:
                parent = int(f.read().rsplit(')', 1)[1].split()[1])
            if parent in found:
                found.append(int(name))
        except (OSError, ValueError):
            continue
    return found
