"""What one run of one client cost, and what several of them come to."""

import dataclasses
import os
import resource
import signal
import statistics
import subprocess
import time


@dataclasses.dataclass
class Sample:
    wall: float  # seconds
    cpu: float  # user and system seconds of the client
    rss: float  # MiB at the most
    requests: dict  # by type, at all servers together
    note: str = ""


def run(command, environment, log, timeout):
    """Runs a client as a process of its own and measures it with everything that it starts."""
    with open(log, "ab") as out:
        out.write((" ".join(command) + "\n").encode())
        out.flush()
        began = time.monotonic()
        process = subprocess.Popen(
            command,
            env=environment,
            stdin=subprocess.DEVNULL,
            stdout=out,
            stderr=out,
            start_new_session=True,
        )
        watch = _Watch(process, timeout)
        _, status, usage = os.wait4(process.pid, 0)
        process.returncode = os.waitstatus_to_exitcode(status)
        wall = time.monotonic() - began
        watch.cancel()
    if process.returncode != 0:
        raise RuntimeError(
            f"exit code {process.returncode}: {' '.join(command[:3])} ... (see {log})"
        )
    return Sample(wall, usage.ru_utime + usage.ru_stime, usage.ru_maxrss / 1024, {})


class _Watch:
    def __init__(self, process, seconds):
        import threading

        self.timer = threading.Timer(seconds, self._end, [process])
        self.timer.daemon = True
        self.timer.start()

    @staticmethod
    def _end(process):
        try:
            os.killpg(process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass

    def cancel(self):
        self.timer.cancel()


def spread(values):
    """(minimum, median, maximum)"""
    return min(values), statistics.median(values), max(values)


def machine():
    """What the figures were taken on."""
    with open("/proc/cpuinfo", encoding="ascii", errors="replace") as info:
        model = next(
            (line.split(":", 1)[1].strip() for line in info if line.startswith("model name")), "?"
        )
    memory = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE") / (1 << 30)
    return {
        "cpus": os.cpu_count(),
        "model": model,
        "memoryGiB": round(memory, 1),
        "kernel": os.uname().release,
        "load": [round(value, 2) for value in os.getloadavg()],
        "openFiles": resource.getrlimit(resource.RLIMIT_NOFILE)[0],
    }
