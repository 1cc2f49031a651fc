"""Writes the cases that the engine's statistics must reproduce, with NumPy and SciPy: statistics_reference.py FILE.

Everything is worked out another way than in the engine wherever there is one: sums of squares by least squares on
indicator columns, the sign flip over a table of all signs, Shapley values over all orders.
"""
import itertools
import json
import math
import sys

try:
    import numpy as np
    from scipy import optimize, stats
except ImportError:
    sys.exit(77)

rng = np.random.default_rng(20240607)


def number(x):
    x = float(x)
    return None if math.isnan(x) else x


def rounded_differences(n, shift, scale):
    return list(np.round(shift + scale * rng.normal(size=n), 4))


def paired_t():
    samples = [rounded_differences(n, shift, 0.01) for n in (2, 3, 5, 10, 30) for shift in (0, 0.005, 0.05)]
    samples += [[-1, 1], [0, 0, 1], [1, 2, 3, 4], [-0.5, -0.25], [1e-9, 2e-9, 4e-9], [1e6, -1e6, 3], [5, 6] * 20]
    cases = []
    for d in samples:
        test = stats.ttest_rel(d, np.zeros(len(d)))
        low, high = stats.t.interval(0.95, len(d) - 1, np.mean(d), stats.sem(d))
        cases.append(dict(differences=d, mean=np.mean(d), t=test.statistic, df=len(d) - 1, p=test.pvalue,
                          low=low, high=high))
    return cases


def sign_flip():
    samples = [rounded_differences(n, shift, 0.01) for n in (1, 2, 3, 4, 6, 9, 12, 14) for shift in (0, 0.01)]
    samples += [[0, 0, 0], [1, 1, 1, 1], [1, -1], [0.1, 0.2, 0.3], [0.3, -0.1, -0.2, 0], [1, 2, 3, 4, 5, 6, -7],
                rounded_differences(16, 0.003, 0.01)]
    cases = []
    for d in samples:
        signs = np.array(list(itertools.product((-1, 1), repeat=len(d))))
        sums = np.abs(signs @ np.asarray(d, float))
        cases.append(dict(differences=d, p=np.mean(sums >= abs(sum(d)) - 1e-12 * np.sum(np.abs(d)))))
    return cases


def mcnemar():
    pairs = [(0, 0), (1, 0), (0, 1), (5, 5), (6, 5), (10, 2), (2, 10), (0, 6), (0, 5), (30, 12), (7, 20), (100, 80),
             (250, 251), (400, 330), (500, 500), (470, 530), (1000, 0), (501, 500), (600, 520), (1000, 1100),
             (900, 901), (2000, 2000), (5000, 5300), (0, 1001)]
    cases = []
    for better, worse in pairs:
        n = better + worse
        if n <= 1000:
            p = stats.binomtest(better, n, 0.5).pvalue if n else 1
        else:
            p = stats.chi2.sf(max(0, abs(better - worse) - 1) ** 2 / n, 1)
        cases.append(dict(better=better, worse=worse, p=p, exact=n <= 1000))
    return cases


def holm_of(p):
    """The smallest level at which Holm's procedure, run step by step, rejects each hypothesis."""
    known = [i for i, x in enumerate(p) if not math.isnan(x)]
    levels = sorted({0.0, 1.0} | {min(1.0, p[i] * k) for i in known for k in range(1, len(known) + 1)})

    def rejected(level):
        out = set()
        for step, i in enumerate(sorted(known, key=lambda i: p[i])):
            if p[i] * (len(known) - step) > level:
                break
            out.add(i)
        return out

    smallest = lambda i: min((level for level in levels if i in rejected(level)), default=1.0)
    return [smallest(i) if i in known else math.nan for i in range(len(p))]


def holm():
    families = [[], [0.03], [0.01, 0.04, 0.03, 0.005], [0.5, 0.6, 0.7], [0, 0, 1], [1, 1, 1], [0.02, 0.02, 0.02],
                [0.04, math.nan, 0.01], [math.nan, math.nan], [0.001, 0.9, 0.011, 0.2, 0.05, 0.05, 0.3]]
    families += [list(np.round(rng.random(7) ** 3, 4)) for _ in range(12)]
    return [dict(p=[number(x) for x in p], adjusted=[number(x) for x in holm_of(p)]) for p in families]


def squares_left(y, *factors):
    """The sum of squares that indicator columns of these factors leave."""
    columns = [np.ones((len(y), 1))] + [(f[:, None] == np.unique(f)[None, :]).astype(float) for f in factors]
    x = np.hstack(columns)
    return float(np.sum((y - x @ np.linalg.lstsq(x, y, rcond=None)[0]) ** 2))


def cochran_cox(value, v1, df1, v2, df2):
    """Standard error, equivalent degrees of freedom, two-sided p and the reach of a 95 % interval."""
    critical = lambda tail: (v1 * stats.t.isf(tail, df1) + v2 * stats.t.isf(tail, df2)) / (v1 + v2)
    se = math.sqrt(v1 + v2)
    t = abs(value) / se
    lower, upper = 1e-9, 0.5  # of the tail
    p = 2 * optimize.brentq(lambda tail: critical(tail) - t, lower, upper, xtol=1e-18, rtol=1e-14) if t > 0 else 1
    ends = sorted((df1, df2))
    equal = lambda df: stats.t.isf(0.025, df) - critical(0.025)
    df = df1 if v2 == 0 else df2 if v1 == 0 or df1 == df2 else optimize.brentq(equal, *ends, xtol=1e-12)
    return se, df, p, critical(0.025) * se


def crossed(cells):
    d = np.asarray(cells, float)
    S, G = d.shape
    y, seed, group = d.ravel(), np.repeat(np.arange(S), G), np.tile(np.arange(G), S)
    nothing, by_seed, by_group, both = (squares_left(y), squares_left(y, seed), squares_left(y, group),
                                        squares_left(y, seed, group))
    small = 1e-18 * np.sum(y ** 2)
    zero = lambda x: 0.0 if abs(x) <= small else x
    ms_s = zero(nothing - by_seed) / (S - 1)
    ms_g, ms_r = zero(nothing - by_group) / (G - 1), zero(both) / ((S - 1) * (G - 1))
    part = max(ms_g - ms_r, 0)
    se, df, p, reach = cochran_cox(y.mean(), (ms_s if ms_s > 0 else ms_r) / (S * G), S - 1, part / (S * G), G - 1)
    return dict(value=y.mean(), se=se, df=df, p=p, low=y.mean() - reach, high=y.mean() + reach,
                seed=max(ms_s - ms_r, 0) / G, group=part / S, residual=ms_r)


def crossed_effects():
    tables = []
    for S, G in ((2, 2), (2, 20), (3, 6), (3, 40), (5, 15), (8, 4)):
        for seed_sd, group_sd, shift in ((0, 0, 0), (0.1, 0, 0.05), (0, 0.3, 0.02), (0.1, 0.3, 0.2)):
            effects = seed_sd * rng.normal(size=(S, 1)) + group_sd * rng.normal(size=(1, G))
            d = shift + effects + 0.2 * rng.normal(size=(S, G))
            tables.append(np.round(4 * d) / 4)
    tables += [np.array([[1, 0, 2, -1], [0, 1, -1, 2]]),      # seeds agree by chance, groups do not
               np.array([[1, 2, 3], [1, 2, 3], [1, 2, 3]]),   # seeds agree in all
               np.array([[1, 1, 1], [2, 2, 2]])]              # groups agree in all
    return [dict(cells=t.tolist(), **crossed(t)) for t in tables if np.ptp(t) > 0]


def required(case, S, G):
    def lacks(s, g, df):
        v = case["seed"] / s + case["group"] / g + case["residual"] / (s * g)
        return (stats.t.ppf(0.975, df) + stats.t.ppf(0.8, df)) * math.sqrt(v) - abs(case["value"])

    def first(most, lack):  # a real root between whole numbers, by Brent's method
        if lack(most) > 0:
            return None
        if lack(2) <= 0:
            return 2
        return math.ceil(optimize.brentq(lack, 2, most, xtol=1e-9, rtol=1e-14))

    return dict(seeds=first(1e6, lambda s: lacks(s, G, s - 1)), groups=first(1e9, lambda g: lacks(S, g, S - 1)))


def required_sample():
    cases = []
    for value in (0.001, 0.005, 0.02, -0.02, 0.1):
        for S, G, seed, group, residual in ((3, 120, 1e-4, 0.02, 0.05), (3, 120, 0, 0.04, 0.05), (5, 60, 4e-4, 0, 0.1),
                                            (2, 50, 0, 0, 0.08), (10, 400, 1e-5, 0.01, 0)):
            case = dict(value=value, seed=seed, group=group, residual=residual, S=S, G=G)
            cases.append({**case, **required(case, S, G)})
    return cases


def subset_contrasts():
    cases = []
    for n in range(1, 7):
        for task in range(n):
            shapley = np.zeros(2 ** n)
            for order in itertools.permutations(range(n)):
                before = sum(1 << t for t in order[:order.index(task)])
                shapley[before | 1 << task] += 1 / math.factorial(n)
                shapley[before] -= 1 / math.factorial(n)
            has = np.array([subset >> task & 1 for subset in range(2 ** n)])
            effect = has / has.sum() - (1 - has) / (1 - has).sum()
            cases.append(dict(n=n, task=task, shapley=list(shapley), main_effect=list(effect)))
    return cases


def group_bootstrap():
    cases = []
    for G in (15, 40, 80, 160):
        for most_images in (1, 4, 12):
            for rate in (0.1, 0.5):
                images = rng.integers(0 if most_images == 4 else 1, most_images + 1, size=G)
                sums = rng.binomial(images, rate) - rng.binomial(images, 0.3)
                picks = rng.integers(0, G, size=(40_000, G))
                means = sums[picks].sum(1) / images[picks].sum(1)
                low, high = np.percentile(means, (2.5, 97.5))
                cases.append(dict(sums=sums.tolist(), images=images.tolist(), low=low, high=high))
    return cases


def plain(x):
    if isinstance(x, dict):
        return {key: plain(value) for key, value in x.items()}
    if isinstance(x, (list, tuple)):
        return [plain(value) for value in x]
    if isinstance(x, (bool, str)) or x is None:
        return x
    return int(x) if float(x).is_integer() and abs(x) < 1e15 else float(f"{float(x):.13g}")


tests = [paired_t, sign_flip, mcnemar, holm, crossed_effects, required_sample, subset_contrasts, group_bootstrap]
with open(sys.argv[1], "w") as file:
    file.write("{\n")
    for t in tests:
        rows = ",\n".join(json.dumps(plain(case), separators=(",", ":")) for case in t())
        file.write(f'"{t.__name__}": [\n{rows}\n]{"" if t is tests[-1] else ","}\n')
    file.write("}\n")
