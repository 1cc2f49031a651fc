"""Writes the cases that the engine's ROC and precision-recall must reproduce: ranking_reference.py FILE.

Everything is worked out by brute force, another way than in the engine: the area under the ROC curve over all pairs of a
defect and a normal image, the curves with every score tried as the limit, DeLong's variance as a sample covariance of its
structural components. The first case is checked against values worked out by hand.
"""
import json
import math
import sys

try:
    import numpy as np
    from scipy import stats
except ImportError:
    sys.exit(77)

rng = np.random.default_rng(20240911)


def ranking(scores, is_defect):
    scores, is_defect = np.asarray(scores, float), np.asarray(is_defect, bool)
    defects, normals = scores[is_defect], scores[~is_defect]
    wins = (defects[:, None] > normals[None, :]) + 0.5 * (defects[:, None] == normals[None, :])
    area = wins.mean()
    low = high = None
    if len(defects) > 1 and len(normals) > 1 and len(np.unique(wins)) > 1:
        variance = np.cov(wins.mean(axis=1)) / len(defects) + np.cov(wins.mean(axis=0)) / len(normals)
        low, high = np.clip(stats.norm.interval(0.95, area, math.sqrt(variance)), 0, 1)
    points, average_precision, recall_before = [], 0.0, 0.0
    for limit in sorted(set(scores.tolist()), reverse=True):
        called = scores >= limit
        recall, precision = np.mean(called[is_defect]), np.mean(is_defect[called])
        points.append([limit, np.mean(called[~is_defect]), recall, precision])
        average_precision += (recall - recall_before) * precision
        recall_before = recall
    return dict(area=area, low=low, high=high, average_precision=average_precision, points=points)


def inputs():
    yield [0.1, 0.4, 0.35, 0.8], [0, 0, 1, 1]                                   # by hand, see below
    yield [0.9, 0.8, 0.2, 0.1], [1, 1, 0, 0]                                    # perfect
    yield [0.1, 0.2, 0.8, 0.9], [1, 1, 0, 0]                                    # inverted
    yield [0.5] * 6, [1, 0, 1, 0, 0, 0]                                         # no order
    yield [0.7, 0.3], [1, 0]                                                    # one of each kind
    yield [0.3, 0.7], [1, 0]
    yield [0.5, 0.5], [1, 0]
    yield [0.6, 0.2, 0.9, 0.4], [1, 0, 0, 0]                                    # one defect
    yield [0.6, 0.2, 0.9, 0.4], [1, 1, 0, 1]                                    # one normal
    yield [1, 1, 1, 0, 0, 0], [1, 1, 0, 0, 0, 1]                                # a verdict without doubt
    yield [0.5, 0.5, 0.5, 0.9, 0.1], [1, 1, 1, 0, 0]                            # all defects tie
    yield [0.2, 0.4, 0.4, 0.4, 0.7, 0.7, 0.9], [0, 0, 1, 1, 0, 1, 1]
    yield [1e-300, 2e-300, 1 - 1e-16, 1, 1], [0, 1, 0, 1, 0]                    # the ends of the range
    for defects, normals, digits, shift in ((5, 7, 1, 0.2), (12, 12, 1, 0.1), (30, 20, 1, 0), (40, 60, 2, 0.2),
                                            (100, 30, 2, 0.5), (3, 90, 2, 0.3), (90, 3, 2, 0.3), (50, 50, 8, 0.3),
                                            (60, 40, 8, -0.3), (25, 75, 0, 0.2), (80, 80, 8, 0.9), (2, 2, 8, 0.1)):
        scores = np.concatenate([rng.normal(0.5 + shift, 0.3, defects), rng.normal(0.5, 0.3, normals)])
        order = rng.permutation(defects + normals)
        is_defect = np.arange(defects + normals) < defects
        yield np.round(np.clip(scores, 0, 1), digits)[order].tolist(), is_defect[order].astype(int).tolist()


def plain(x):
    if isinstance(x, dict):
        return {key: plain(value) for key, value in x.items()}
    if isinstance(x, list):
        return [plain(value) for value in x]
    return None if x is None else float(x)


cases = [dict(scores=scores, is_defect=is_defect, **ranking(scores, is_defect)) for scores, is_defect in inputs()]
# Three of the four pairs are in order; 1/2 * 1 + 1/2 * 2/3; the components are (1/2, 1) and (1, 1/2).
first = cases[0]
assert first["area"] == 3 / 4 and math.isclose(first["average_precision"], 5 / 6)
assert first["high"] == 1 and math.isclose(first["low"], 3 / 4 - stats.norm.ppf(0.975) * math.sqrt(1 / 8), abs_tol=1e-15)
with open(sys.argv[1], "w") as file:
    file.write("[\n" + ",\n".join(json.dumps(plain(case), separators=(",", ":")) for case in cases) + "\n]\n")
