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
import sys
import tempfile
from collections import Counter

import engine_run

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
        rows = engine_run.train(arguments.build, folder, CONFIG.format(
            manifest=os.path.abspath(arguments.manifest), size=arguments.size, kernels=kernels, precision=precision,
            epochs=epochs, batch=BATCH, seed=seed, column=arguments.column, classes=json.dumps(classes)))
    losses = [row["train_loss"]["A"] for row in rows if "train_loss" in row]
    return losses, rows[-1]["test"]["A"]["accuracy"]


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
        engine_run.write(arguments.write, engine_run.drawn(
            "Training loss (mean of an epoch), by step; a line per seed", curves, COLOURS,
            lambda epoch: (epoch + 1) * steps_per_epoch, 0.5))


main()
