#!/usr/bin/env python3
"""Kills a study at random moments, lets it go on each time, and compares its tables with an undisturbed study's.

    bench/study_kills.py BUILD_FOLDER CONFIG [--kills 10] [--seed 1] [--folder DIR]

Exit code 0 where every table is the same, byte for byte."""
import argparse
import os
import pathlib
import random
import signal
import subprocess
import sys
import tempfile
import time


def study(engine, config, folder, name):
    command = [engine, "study", config, "--set", f"study.folder={folder}", "--set", f"study.name={name}"]
    return subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True)


def finish(process):
    _, errors = process.communicate()
    if process.returncode != 0:
        sys.exit(f"the study ended with exit code {process.returncode}: {errors.strip()}")


def tables(folder):
    files = sorted(f for f in folder.iterdir() if f.suffix in (".csv", ".md"))
    return {f.name: f.read_bytes() for f in files}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("config")
    parser.add_argument("--kills", type=int, default=10)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder", type=pathlib.Path)
    arguments = parser.parse_args()
    engine = str(arguments.build / "bin/mtl-engine")
    folder = arguments.folder or pathlib.Path(tempfile.mkdtemp(prefix="study_kills_"))
    draws = random.Random(arguments.seed)

    start = time.monotonic()
    finish(study(engine, arguments.config, folder, "same"))
    seconds = time.monotonic() - start
    (folder / "same").rename(folder / "undisturbed")
    print(f"undisturbed: {seconds:.0f} s", flush=True)

    for kill in range(arguments.kills):
        # Killed runs are done again: moments from a stretch a little longer than the share of one kill add up to it.
        wait = draws.uniform(0, 1.5 * seconds / arguments.kills)
        process = study(engine, arguments.config, folder, "same")
        time.sleep(wait)
        ended = process.poll() is not None
        if not ended:
            process.send_signal(signal.SIGKILL)
        process.wait()
        done = len(list(folder.glob("same/runs/*/result.json")))
        print(f"kill {kill + 1} after {wait:.1f} s: {done} runs finished{' (it had ended)' if ended else ''}", flush=True)
    finish(study(engine, arguments.config, folder, "same"))

    expected, found = tables(folder / "undisturbed"), tables(folder / "same")
    different = [name for name in sorted(expected | found) if expected.get(name) != found.get(name)]
    print(f"{len(expected)} tables compared in {folder}: "
          + (f"these differ: {', '.join(different)}" if different else "all the same"))
    return 1 if different or not expected else 0


if __name__ == "__main__":
    sys.exit(main())
