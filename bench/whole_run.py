#!/usr/bin/python3
"""Times `mtl-engine run` from start to report beside the same job as a plain script of PyTorch and torchvision.

    bench/whole_run.py BUILD_FOLDER MANIFEST.csv [--epochs 10] [--rounds 3]

The job is configs/mtd.toml (magnetic tiles, 128 pixels, three tasks) from random weights; the engine does it in float32 and
in bfloat16. The programs take turns; each round's ratio is of one round's times. PyTorch's part is skipped with a message
where it is not installed.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time

HERE = os.path.dirname(os.path.abspath(__file__))

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("build", help="a build folder")
parser.add_argument("manifest", help="of the magnetic tiles")
parser.add_argument("--epochs", type=int, default=10)
parser.add_argument("--rounds", type=int, default=3)
arguments = parser.parse_args()
manifest = os.path.abspath(arguments.manifest)


def timed(command, environment):
    start = time.perf_counter()
    finished = subprocess.run(command, stdout=subprocess.PIPE, text=True, env={**os.environ, **environment})
    if finished.returncode != 0:
        sys.exit(f"failed with {finished.returncode}: {' '.join(command)}")
    return time.perf_counter() - start, finished.stdout


def engine(precision):
    with tempfile.TemporaryDirectory() as folder:
        changes = [f"train.epochs={arguments.epochs}", "backbone.weights=", f"run.folder={folder}/run",
                   f"train.precision={precision}"]
        command = [os.path.join(arguments.build, "bin", "mtl-engine"), "run", os.path.join(HERE, "../configs/mtd.toml")]
        return timed(command + [word for change in changes for word in ("--set", change)], {"MTL_MTD": manifest})[0]


def pytorch():
    command = ["/usr/bin/python3", os.path.join(HERE, "pytorch_run.py"), manifest, "--epochs", str(arguments.epochs),
               "--threads", str(os.cpu_count())]
    seconds, text = timed(command, {"OPENBLAS_NUM_THREADS": "1"})
    result = json.loads(text)
    if "skipped" in result:
        print(f"PyTorch skipped: {result['skipped']}", file=sys.stderr)
        return None
    return seconds


PROGRAMS = {"mtl-engine float32": lambda: engine("float32"), "mtl-engine bfloat16": lambda: engine("bfloat16"),
            "PyTorch script": pytorch}
seconds = {name: [] for name in PROGRAMS}
for number in range(arguments.rounds):
    for name, program in PROGRAMS.items():
        taken = program()
        if taken is not None:
            seconds[name].append(taken)
            print(f"round {number + 1}: {name} {taken:.1f} s", file=sys.stderr)
theirs = seconds["PyTorch script"]
for name, ours in seconds.items():
    if not ours:
        continue
    print(f"{name}: median {statistics.median(ours):.1f} s", end="")
    ratios = [b / a for a, b in zip(ours, theirs)] if ours is not theirs else []
    if ratios:
        print(f", {statistics.median(ratios):.2f} times as fast as the script ({min(ratios):.2f} .. {max(ratios):.2f} over "
              f"{len(ratios)} rounds)", end="")
    print()
