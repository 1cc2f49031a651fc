#!/usr/bin/env python3
"""Whether a training that is killed, runs out of disk or meets a failing write ends in the same bits as one that is not.

  bench/kill_campaign.py BUILD [--runs 200] [--kind kills|disk|writes] [--seed 1]

kills:  each run is ended by SIGKILL at one to four random moments and started again with --resume.
disk:   each run is on a 20 MB file system (a loop mount: needs root) that is filled at a random moment; then there is
        room again and it is started with --resume.
writes: in run n the n-th call that changes a file fails (a small preloaded library: needs a C compiler).

Prints a line per run that differs and a summary; the exit code is 0 where none does.
"""

import argparse
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import sys
import tempfile
import time

CONFIG = """
[engine]
device = "cpu"
threads = 1
plugin_dirs = ["{plugins}"]
[data.synthetic]
parts = 60
image_size = 32
[input]
size = 32
[augment]
vertical_flip = 0.5
crop_min_area = 0.8
[backbone]
plugin = "tiny_backbone"
dropout = 0.1
[weighting]
plugin = "static_weights"
[train]
epochs = 4
batch_size = 16
accumulate = 2
ema_decay = 0.9
gradient_batches = 2
checkpoint_every = "1 steps"
[[tasks]]
name = "A"
plugin = "defect_class"
main = true
[[tasks]]
name = "B"
plugin = "defect_normal"
weight = 0.5
"""
SAME = ["model.safetensors", "checkpoints/last.safetensors", "checkpoints/best.safetensors", "predictions.csv"]


class Campaign:
    def __init__(self, build, folder):
        self.engine = build / "bin/mtl-engine"
        self.folder = folder
        plugins = next(build.rglob("tiny_backbone.so")).parent
        (folder / "campaign.toml").write_text(CONFIG.format(plugins=plugins))

    def start(self, run, parent=None, **environment):
        command = [self.engine, "run", self.folder / "campaign.toml", "--resume", "--set", f"run.name={run}",
                   "--set", f"run.folder={parent or self.folder / 'runs'}"]
        return subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True,
                                env={**os.environ, "OMP_NUM_THREADS": "1", **environment})

    def finish(self, run, parent=None):
        process = self.start(run, parent)
        text = process.communicate()[0]
        return process.returncode, text


def facts_of(run):
    """What must be the same: files' bytes, and the metrics without the times."""
    lines = []
    for line in (run / "metrics.jsonl").read_text().splitlines():
        entry = json.loads(line)
        entry.pop("time", None)
        lines.append(entry)
    return [(run / name).read_bytes() for name in SAME], lines


def kill_at_random(campaign, run, seconds, counts):
    for _ in range(random.randint(1, 4)):
        process = campaign.start(run)
        time.sleep(random.uniform(0, 1.1 * seconds))
        process.send_signal(signal.SIGKILL)
        process.communicate()
        counts["kills"] += 1
        counts["kills in the middle of a checkpoint's files"] += (
            campaign.folder / "runs" / run / "checkpoints/.unfinished").exists()
    return None


def fill_disk(campaign, run, seconds, counts, mount):
    process = campaign.start(run, mount)
    time.sleep(random.uniform(0.3 * seconds, seconds))
    filler = mount / "filler"
    with open(filler, "wb") as file:
        try:
            while True:
                file.write(bytes(4096))
                file.flush()
        except OSError:
            pass
    text = process.communicate()[0]
    filler.unlink(missing_ok=True)
    counts["runs that the full disk ended"] += process.returncode == 1
    if process.returncode not in (0, 1):
        return f"ended with {process.returncode}: {text[-300:]}"
    if process.returncode == 1 and "space" not in text:
        return f"did not say that there is no space: {text[-300:]}"
    return None


def fail_call(campaign, run, number, counts, library):
    process = campaign.start(run, LD_PRELOAD=str(library), FAIL_CALL=str(number))
    text = process.communicate()[0]
    counts["runs that the failing call ended"] += process.returncode == 1
    return None if process.returncode in (0, 1) else f"ended with {process.returncode}: {text[-300:]}"


def build_library(folder):
    library = folder / "fail_nth_call.so"
    source = pathlib.Path(__file__).with_name("fail_nth_call.c")
    subprocess.run(["cc", "-shared", "-fPIC", "-O1", "-o", library, source, "-ldl"], check=True)
    return library


def mount_small(folder):
    image, mount = folder / "disk.img", folder / "small"
    mount.mkdir()
    with open(image, "wb") as file:
        file.truncate(20 << 20)
    subprocess.run(["mkfs.ext4", "-q", image], check=True)
    subprocess.run(["mount", "-o", "loop", image, mount], check=True)
    return mount


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", type=pathlib.Path, help="a build folder with the tests' plugins")
    parser.add_argument("--runs", type=int, default=200)
    parser.add_argument("--kind", choices=["kills", "disk", "writes"], default="kills")
    parser.add_argument("--seed", type=int, default=1)
    given = parser.parse_args()
    random.seed(given.seed)
    folder = pathlib.Path(tempfile.mkdtemp(prefix="kill-campaign-"))
    mount = None
    try:
        campaign = Campaign(given.build.resolve(), folder)
        start = time.monotonic()
        code, text = campaign.finish("undisturbed")
        seconds = time.monotonic() - start
        if code != 0:
            sys.exit(f"the undisturbed run failed:\n{text}")
        wanted = facts_of(folder / "runs/undisturbed")
        library = build_library(folder) if given.kind == "writes" else None
        mount = mount_small(folder) if given.kind == "disk" else None
        counts = {"kills": 0, "kills in the middle of a checkpoint's files": 0, "runs that the full disk ended": 0,
                  "runs that the failing call ended": 0}
        same = 0
        for number in range(1, given.runs + 1):
            name = f"run{number:03d}"
            if given.kind == "kills":
                problem = kill_at_random(campaign, name, seconds, counts)
            elif given.kind == "disk":
                problem = fill_disk(campaign, name, seconds, counts, mount)
            else:
                problem = fail_call(campaign, name, number, counts, library)
            parent = mount or folder / "runs"
            code, text = campaign.finish(name, parent)
            if not problem and code != 0:
                problem = f"could not be resumed ({code}): {text[-300:]}"
            if not problem and facts_of(parent / name) != wanted:
                problem = "ended in other bits"
            same += not problem
            if problem:
                print(f"{name}: {problem}", flush=True)
            shutil.rmtree(parent / name, ignore_errors=True)
        print(f"{given.kind}: {same} of {given.runs} ended in the bits of the undisturbed run; "
              + ", ".join(f"{value} {what}" for what, value in counts.items() if value))
        return 0 if same == given.runs else 1
    finally:
        if mount:
            subprocess.run(["umount", mount], check=False)
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    sys.exit(main())
