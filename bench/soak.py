#!/usr/bin/env python3
"""Whether a long training needs more and more memory or files.

  bench/soak.py BUILD [--minutes 120] [--threads 1]

Trains EfficientNet-B0 on small picture files that are read anew in each epoch, with a checkpoint a minute, and looks at the
process every ten seconds. Prints its resident memory and open files after a twelfth of the time and at the end; the exit
code is 0 where the memory is within 2 % and the files are as many.
"""

import argparse
import pathlib
import signal
import statistics
import subprocess
import sys
import tempfile
import time

CONFIG = """
[engine]
device = "cpu"
threads = {threads}
[data]
source = "manifest"
manifest = "pictures/manifest.csv"
group_column = "part"
cache_mb = 0
[input]
size = 48
[backbone]
plugin = "efficientnet_b0"
[weighting]
plugin = "cagrad"
over = "last_stage"
[train]
epochs = 100000
batch_size = 16
ema_decay = 0.9
checkpoint_every = "1min"
[[tasks]]
name = "A"
plugin = "defect_class"
main = true
[[tasks]]
name = "B"
plugin = "defect_normal"
"""
EVERY = 10


def look_at(process):
    """Resident KiB and open files."""
    proc = pathlib.Path("/proc") / str(process.pid)
    resident = next(line for line in (proc / "status").read_text().splitlines() if line.startswith("VmRSS"))
    return int(resident.split()[1]), len(list((proc / "fd").iterdir()))


def watch(process, seconds):
    seen = []
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        time.sleep(EVERY)
        if process.poll() is not None:
            sys.exit(f"the training ended by itself with {process.returncode}")
        seen.append(look_at(process))
    return seen


def summary(samples):
    """Median memory in MiB and the usual number of open files: one more is open while a picture is read."""
    return statistics.median(kib for kib, _ in samples) / 1024, statistics.mode(files for _, files in samples)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--minutes", type=float, default=120)
    parser.add_argument("--threads", type=int, default=1)
    given = parser.parse_args()
    engine = given.build.resolve() / "bin/mtl-engine"
    with tempfile.TemporaryDirectory(prefix="soak-") as name:
        folder = pathlib.Path(name)
        (folder / "soak.toml").write_text(CONFIG.format(threads=given.threads))
        subprocess.run([engine, "data", "synth", "pictures", "--parts", "250", "--image-size", "64"], cwd=folder, check=True)
        with open(folder / "log.txt", "w") as log:
            process = subprocess.Popen([engine, "run", "soak.toml"], cwd=folder, stdout=log, stderr=log)
            try:
                seen = watch(process, 60 * given.minutes)
                process.send_signal(signal.SIGINT)
                code = process.wait(timeout=120)
            finally:
                process.kill()
        if code != 130:
            sys.exit(f"stopped by SIGINT it ended with {code} in place of 130")
        epochs = len((folder / "runs/soak/metrics.jsonl").read_text().splitlines())
    twelfth = max(1, len(seen) // 12)
    (early, early_files), (late, late_files) = summary(seen[twelfth:twelfth + max(1, twelfth // 2)]), summary(seen[-twelfth:])
    print(f"{given.minutes:g} minutes, {epochs} epochs: {early:.1f} MiB and {early_files} open files after "
          f"{given.minutes / 12:g} minutes, {late:.1f} MiB and {late_files} at the end; memory times {late / early:.4f}, "
          f"at most {max(kib for kib, _ in seen) / 1024:.1f} MiB, {min(files for _, files in seen[twelfth:])} to "
          f"{max(files for _, files in seen[twelfth:])} files")
    return 0 if late <= 1.02 * early and late_files == early_files else 1


if __name__ == "__main__":
    sys.exit(main())
