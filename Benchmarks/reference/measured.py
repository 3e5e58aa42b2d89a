"""Runs a command and measures it from outside: wall and processor seconds, peak memory, what it printed."""

import os
import subprocess
import tempfile
import time


class Measured:
    def __init__(self, arguments):
        with tempfile.TemporaryFile() as out, tempfile.TemporaryFile() as errors:
            begin = time.perf_counter()
            process = subprocess.Popen([str(a) for a in arguments], stdout=out, stderr=errors)
            _, status, usage = os.wait4(process.pid, 0)
            self.wall = time.perf_counter() - begin
            process.returncode = os.waitstatus_to_exitcode(status)
            self.processor = usage.ru_utime + usage.ru_stime
            self.peak = usage.ru_maxrss * 1024
            out.seek(0)
            self.output = out.read()
            if process.returncode != 0:
                errors.seek(0)
                raise SystemExit(f"{' '.join(map(str, arguments))}\nexit {process.returncode}\n"
                                 f"{errors.read().decode(errors='replace')[-2000:]}")
