#!/usr/bin/python3
"""Trains on one's own pictures with the fused kernels and with plain LibTorch, and draws the curves over each other.

    bench/curves.py BUILD_FOLDER MANIFEST.csv [--column defect] [--size 128] [--steps 200] [--seeds 1 2 3] [--write FILE.svg]

The manifest needs a column of classes and one named split. Every variant begins with the same weights and sees the same
batches. Fused kernels in float32 have to follow LibTorch's curve; in bfloat16 they have to reach the same accuracy within
what another seed changes. Prints Markdown.
"""
import argparse
import csv
import json
import math
import os
import statistics
import subprocess
import sys
import tempfile
from collections import Counter

VARIANTS = {"LibTorch float32": ("reference", "float32"),
            "fused float32": ("fused", "float32"),
            "fused bfloat16": ("fused", "bfloat16")}
COLOURS = {"LibTorch float32": "#808080", "fused float32": "#1f77b4", "fused bfloat16": "#d62728"}
BATCH = 32

CONFIG = """
[data]
source = "manifest"
manifest = "{manifest}"
[input]
size = {size}
[augment]
vertical_flip = 0.5
horizontal_flip = 0.5
[backbone]
plugin = "efficientnet_b0"
kernels = "{kernels}"
[weighting]
plugin = "static_weights"
[train]
epochs = {epochs}
batch_size = {batch}
precision = "{precision}"
ema_decay = 0.9
clip_norm = 5.0
[train.optimizer]
kind = "adamw"
learning_rate = 2e-3
[train.schedule]
kind = "cosine"
warmup_epochs = 1
[run]
name = "run"
folder = "{folder}"
seed = {seed}
[[tasks]]
name = "A"
plugin = "defect_class"
main = true
column = "{column}"
classes = {classes}
normal = []
"""


def parsed():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("build", help="a build folder")
    parser.add_argument("manifest")
    parser.add_argument("--column", default="defect")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--steps", type=int, default=200, help="rounded up to whole epochs")
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--write", metavar="FILE.svg", help="draw the curves there")
    return parser.parse_args()


def train(arguments, classes, epochs, variant, seed):
    """-> (training loss of each epoch, accuracy on the test split)"""
    kernels, precision = VARIANTS[variant]
    with tempfile.TemporaryDirectory() as folder:
        config = os.path.join(folder, "run.toml")
        with open(config, "w") as file:
            file.write(CONFIG.format(manifest=os.path.abspath(arguments.manifest), size=arguments.size, kernels=kernels,
                                     precision=precision, epochs=epochs, batch=BATCH, folder=folder, seed=seed,
                                     column=arguments.column, classes=json.dumps(classes)))
        command = [os.path.join(arguments.build, "bin", "mtl-engine"), "run", config]
        finished = subprocess.run(command, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        if finished.returncode != 0:
            sys.exit(f"failed with {finished.returncode}: {' '.join(command)}\n{finished.stdout}")
        with open(os.path.join(folder, "run", "metrics.jsonl")) as lines:
            rows = [json.loads(line) for line in lines]
    losses = [row["train_loss"]["A"] for row in rows if "train_loss" in row]
    return losses, rows[-1]["test"]["A"]["accuracy"]


def drawn(curves, steps_per_epoch):
    """An SVG picture of {variant: [losses by epoch, one list a seed]}."""
    width, height, left, top = 640, 360, 50, 30
    epochs = max(len(losses) for runs in curves.values() for losses in runs)
    most = max(loss for runs in curves.values() for losses in runs for loss in losses)

    def x(epoch):
        return left + (width - left - 20) * (epoch + 1) / epochs

    def y(loss):
        return top + (height - top - 40) * (1 - loss / most)

    parts = [f'<svg xmlns="http://www.w3.org/2000/svg" width="{width}" height="{height}" font-family="sans-serif" '
             'font-size="12">', '<rect width="100%" height="100%" fill="white"/>',
             f'<text x="{left}" y="18" font-weight="bold">Training loss (mean of an epoch), by step; a line per seed</text>',
             f'<path d="M{left} {top} V{height - 40} H{width - 20}" fill="none" stroke="black"/>']
    for epoch in range(epochs):
        parts.append(f'<text x="{x(epoch):.0f}" y="{height - 24}" text-anchor="middle">{(epoch + 1) * steps_per_epoch}</text>')
    for tick in range(math.floor(most * 2) + 1):
        parts.append(f'<text x="{left - 6}" y="{y(tick / 2) + 4:.0f}" text-anchor="end">{tick / 2:.1f}</text>')
    for row, (variant, runs) in enumerate(curves.items()):
        dashes = ' stroke-dasharray="5 4"' if row else ''
        for losses in runs:
            points = " ".join(f"{x(epoch):.1f},{y(loss):.1f}" for epoch, loss in enumerate(losses))
            parts.append(f'<polyline points="{points}" fill="none" stroke="{COLOURS[variant]}" '
                         f'stroke-width="{3 if not row else 1.5}"{dashes}/>')
        parts.append(f'<text x="{width - 160}" y="{top + 16 * (row + 1)}" fill="{COLOURS[variant]}">{variant}</text>')
    return "\n".join(parts + ["</svg>"]) + "\n"


def main():
    arguments = parsed()
    with open(arguments.manifest, newline="") as lines:
        rows = list(csv.DictReader(lines))
    classes = sorted({row[arguments.column] for row in rows})
    steps_per_epoch = math.ceil(Counter(row["split"] for row in rows)["train"] / BATCH)
    epochs = math.ceil(arguments.steps / steps_per_epoch)
    curves = {variant: [] for variant in VARIANTS}
    accuracies = {variant: [] for variant in VARIANTS}
    for seed in arguments.seeds:
        for variant in VARIANTS:
            losses, accuracy = train(arguments, classes, epochs, variant, seed)
            curves[variant].append(losses)
            accuracies[variant].append(accuracy)
            print(f"seed {seed}, {variant}: test accuracy {100 * accuracy:.2f} %", file=sys.stderr)

    print(f"{epochs} epochs of {steps_per_epoch} steps of {BATCH} images, {arguments.size} pixels.\n")
    print("| | " + " | ".join(f"test accuracy, seed {seed}" for seed in arguments.seeds) +
          " | mean | loss of the last epoch, mean | largest distance from LibTorch's loss in an epoch |")
    print("|---" * (len(arguments.seeds) + 4) + "|")
    for variant in VARIANTS:
        distance = max(abs(a - b) for ours, theirs in zip(curves[variant], curves["LibTorch float32"])
                       for a, b in zip(ours, theirs))
        print(f"| {variant} | " + " | ".join(f"{100 * accuracy:.2f} %" for accuracy in accuracies[variant]) +
              f" | {100 * statistics.mean(accuracies[variant]):.2f} % | "
              f"{statistics.mean(losses[-1] for losses in curves[variant]):.4f} | {distance:.4f} |")
    if arguments.write:
        with open(arguments.write + ".new", "w") as file:
            file.write(drawn(curves, steps_per_epoch))
        os.replace(arguments.write + ".new", arguments.write)


main()
