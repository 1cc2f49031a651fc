#!/usr/bin/python3
"""Times the training step of mtl-engine and of PyTorch with torchvision in turns and prints medians and their ratio.

    bench/compare_training.py BUILD_FOLDER [--rounds 5] [--size 224 --batch 16 ...]

Options beyond these two go to both programs. Each round starts each program once: machines drift, so only figures of
one round are compared, and the ratio is the median of the rounds' ratios.
"""
import argparse
import json
import os
import statistics
import subprocess
import sys

parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
parser.add_argument("build", help="a build folder configured with -DMTL_BUILD_BENCH=ON")
parser.add_argument("--rounds", type=int, default=5)
arguments, both = parser.parse_known_args()
here = os.path.dirname(os.path.abspath(__file__))
programs = {"mtl-engine": [os.path.join(arguments.build, "bin", "training_step")],
            "PyTorch": ["/usr/bin/python3", os.path.join(here, "pytorch_step.py")]}


def measure(name):
    finished = subprocess.run(programs[name] + both, stdout=subprocess.PIPE, text=True)
    if finished.returncode != 0:
        sys.exit(f"{name} failed: {' '.join(programs[name] + both)}")
    return json.loads(finished.stdout)


results = {name: [] for name in programs}
for round_number in range(arguments.rounds):
    names = list(programs) if round_number % 2 == 0 else list(reversed(programs))
    for name in names:
        result = measure(name)
        if "skipped" in result:
            print(f"{name} skipped: {result['skipped']}", file=sys.stderr)
            del programs[name]
        else:
            results[name].append(result)

for name in programs:
    rows = results[name]
    median = {key: statistics.median(row[key] for row in rows)
              for key in ("milliseconds_per_step", "images_per_second", "peak_memory_mib")}
    print(f"{name:11}  {median['milliseconds_per_step']:8.1f} ms/step  {median['images_per_second']:7.1f} images/s  "
          f"{median['peak_memory_mib']:7.0f} MiB   ({rows[0]['engine']}, {rows[0]['threads']} threads)")
if len(programs) == 2:
    pairs = list(zip(results["mtl-engine"], results["PyTorch"]))
    for key, text in (("images_per_second", "images/s"), ("peak_memory_mib", "peak memory")):
        ratios = sorted(ours[key] / theirs[key] for ours, theirs in pairs)
        print(f"{text}: mtl-engine / PyTorch = {statistics.median(ratios):.2f}  "
              f"({ratios[0]:.2f} .. {ratios[-1]:.2f} over {len(ratios)} rounds)")
