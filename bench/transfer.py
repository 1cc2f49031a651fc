#!/usr/bin/python3
"""Does a backbone that has seen other pictures learn yours faster? Trains on a source, then on a target, in several ways.

    bench/transfer.py BUILD_FOLDER SOURCE.csv TARGET.csv [--epochs 12] [--seeds 1 2 3] [--write FILE.svg]

Both manifests need a column of classes and one named split; the target may have a group column. EfficientNet-B0 is trained on
the source from random weights, once. On the target, every way has the same number of epochs, and the same batches for a seed.
Prints Markdown.
"""
import argparse
import csv
import json
import math
import os
import statistics
import sys
import tempfile

import engine_run

FROM_WEIGHTS = '[backbone]\nplugin = "efficientnet_b0"\nweights = "{weights}"\n'
WAYS = {
    "from random weights": ('[backbone]\nplugin = "efficientnet_b0"\n', ""),
    "everything at once": (FROM_WEIGHTS, ""),
    "layer_decay = 0.8": (FROM_WEIGHTS, "layer_decay = 0.8\n"),
    "probe, then everything": (FROM_WEIGHTS, "probe_epochs = {probe}\nbackbone_warmup_epochs = 1\n"),
    "heads alone, kept features": (FROM_WEIGHTS, "probe_epochs = {epochs}\n"),
    "heads alone, frozen": (FROM_WEIGHTS, "freeze_stages = -1\n"),
}
COLOURS = dict(zip(WAYS, ["#808080", "#d62728", "#1f77b4", "#2ca02c", "#9467bd", "#8c564b"]))

CONFIG = """
[data]
source = "manifest"
manifest = "{manifest}"
[input]
size = {size}
[augment]
vertical_flip = 0.5
horizontal_flip = 0.5
{backbone}
[weighting]
plugin = "static_weights"
[train]
epochs = {epochs}
batch_size = 16
precision = "bfloat16"
clip_norm = 5.0
ema_decay = 0.98
[train.optimizer]
kind = "adamw"
learning_rate = 1e-3
weight_decay = 0.02
[train.schedule]
kind = "cosine"
warmup_epochs = 1
[train.fine_tuning]
{tuning}
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
    parser.add_argument("source")
    parser.add_argument("target")
    parser.add_argument("--column", default="defect", help="of both manifests")
    parser.add_argument("--size", type=int, default=128)
    parser.add_argument("--epochs", type=int, default=12)
    parser.add_argument("--seeds", type=int, nargs="+", default=[1, 2, 3])
    parser.add_argument("--write", metavar="FILE.svg", help="draw the validation curves there")
    return parser.parse_args()


def config_for(arguments, manifest, backbone, tuning, seed):
    with open(manifest, newline="") as lines:
        classes = sorted({row[arguments.column] for row in csv.DictReader(lines)})
    return CONFIG.format(manifest=os.path.abspath(manifest), size=arguments.size, backbone=backbone, tuning=tuning, seed=seed,
                         epochs=arguments.epochs, column=arguments.column, classes=json.dumps(classes))


def main():
    arguments = parsed()
    curves = {way: [] for way in WAYS}
    tests = {way: [] for way in WAYS}
    seconds = {way: [] for way in WAYS}
    with tempfile.TemporaryDirectory() as folder:
        rows = engine_run.train(arguments.build, folder,
                                config_for(arguments, arguments.source, WAYS["from random weights"][0], "", 1), "source")
        print(f"source: test accuracy {100 * rows[-1]['test']['A']['accuracy']:.2f} %\n")
        weights = os.path.join(folder, "source", "model.safetensors")
        for seed in arguments.seeds:
            for way, (backbone, tuning) in WAYS.items():
                config = config_for(arguments, arguments.target, backbone.format(weights=weights),
                                    tuning.format(epochs=arguments.epochs, probe=max(1, arguments.epochs // 4)), seed)
                rows = engine_run.train(arguments.build, folder, config, f"run{len(tests[way])}_{list(WAYS).index(way)}")
                epochs = [row for row in rows if "validation" in row]
                curves[way].append([row["validation"]["A"]["accuracy"] for row in epochs])
                tests[way].append(rows[-1]["test"]["A"])
                seconds[way].append(statistics.median(row["time"]["seconds"] for row in epochs))
                print(f"seed {seed}, {way}: {100 * tests[way][-1]['accuracy']:.2f} %", file=sys.stderr)

    print("| | " + " | ".join(f"test accuracy, seed {seed}" for seed in arguments.seeds) +
          " | mean | macro F1, mean | validation accuracy after 3 epochs, mean | seconds of training in an epoch, median |")
    print("|---" * (len(arguments.seeds) + 5) + "|")
    for way in WAYS:
        accuracies = [test["accuracy"] for test in tests[way]]
        print(f"| {way} | " + " | ".join(f"{100 * accuracy:.2f} %" for accuracy in accuracies) +
              f" | {100 * statistics.mean(accuracies):.2f} % | "
              f"{100 * statistics.mean(test['macro_f1'] for test in tests[way]):.2f} % | "
              f"{100 * statistics.mean(curve[min(2, len(curve) - 1)] for curve in curves[way]):.2f} % | "
              f"{statistics.median(seconds[way]):.2f} |")
    if arguments.write:
        least = min(value for runs in curves.values() for values in runs for value in values)
        engine_run.write(arguments.write, engine_run.drawn(
            "Accuracy on the validation split, by epoch; a line per seed", curves, COLOURS, lambda epoch: epoch + 1, 0.02,
            math.floor(least / 0.02) * 0.02))


main()
