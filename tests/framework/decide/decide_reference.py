"""Writes the cases that the engine's decisions must reproduce: decide_reference.py FILE.

Everything is worked out in another way than in the engine: Clopper-Pearson's bounds as roots of the binomial distribution,
temperatures with a bounded minimizer, how many parts may escape by trying every number, curves of rejects by cutting the
sorted list at every place, costs by trying every answer.
"""
import json
import math
import sys

try:
    import numpy as np
    from scipy import optimize, stats
except ImportError:
    sys.exit(77)

rng = np.random.default_rng(20241105)


def upper_bound(found, of, confidence):
    """The share p at which `found` or fewer of `of` have the probability 1 - confidence."""
    if found == of:
        return 1.0
    return optimize.brentq(lambda p: stats.binom.cdf(found, of, p) - (1 - confidence), 0, 1, xtol=1e-15, rtol=1e-14)


def lower_bound(found, of, confidence):
    return 1 - upper_bound(of - found, of, confidence)


def intervals():
    for found, of in [(0, 1), (1, 1), (0, 10), (3, 10), (10, 10), (1, 600), (37, 100), (2, 2994), (500, 1000)]:
        for confidence in (0.8, 0.95, 0.99):
            two_sided = (1 + confidence) / 2
            yield dict(found=found, of=of, confidence=confidence, low=lower_bound(found, of, two_sided),
                       high=upper_bound(found, of, two_sided), bound=upper_bound(found, of, confidence))


def promises():
    for parts, share, confidence in [(59, 0.05, 0.95), (60, 0.05, 0.95), (93, 0.05, 0.95), (598, 0.005, 0.95),
                                     (1000, 0.005, 0.95), (2000, 0.01, 0.99), (300, 0.1, 0.9), (5000, 0.02, 0.95)]:
        fitting = [k for k in range(parts) if upper_bound(k, parts, confidence) <= share]
        needed = next(n for n in range(1, 10 ** 6) if (1 - share) ** n <= 1 - confidence)
        yield dict(parts=parts, share=share, confidence=confidence, allowed=max(fitting, default=None),
                   lowest=1 - (1 - confidence) ** (1 / parts), needed=needed)


def softmax(logits):
    shifted = np.exp(logits - logits.max(axis=-1, keepdims=True))
    return shifted / shifted.sum(axis=-1, keepdims=True)


def temperatures():
    for images, classes, true_temperature in [(40, 2, 0.5), (60, 3, 1.0), (80, 4, 2.5), (120, 19, 6.0), (50, 3, 60.0)]:
        logits = 3 * rng.standard_normal((images, classes))
        truths = [int(rng.choice(classes, p=p)) for p in softmax(logits)]
        stated = softmax(logits * true_temperature)
        logs = np.log(stated)

        def loss(inverse):
            scaled = inverse * logs
            return float(np.mean(np.log(np.exp(scaled - scaled.max(1, keepdims=True)).sum(1)) + scaled.max(1)
                                 - scaled[np.arange(images), truths]))

        best = optimize.minimize_scalar(loss, bounds=(1 / 20, 1 / 0.05), method="bounded", options=dict(xatol=1e-13)).x
        yield dict(probabilities=stated.tolist(), truths=truths, temperature=1 / best, before=loss(1), after=loss(best))


def rejects():
    for images, levels in [(1, 3), (12, 4), (40, 1000)]:
        certainty = np.round(rng.uniform(0.3, 1, images) * levels) / levels
        wrong = rng.uniform(size=images) > certainty
        escape = wrong & (rng.uniform(size=images) < 0.5)
        errors, escapes = [], []
        for rejected in range(images):
            # Of equally sure answers a random part is rejected: on average the same share of them is wrong.
            limit = np.sort(certainty)[rejected]
            surely, equal = certainty > limit, certainty == limit
            share = (images - rejected - surely.sum()) / equal.sum()
            for values, kind in ((errors, wrong), (escapes, escape)):
                values.append(float((kind[surely].sum() + share * kind[equal].sum()) / (images - rejected)))
        yield dict(certainty=certainty.tolist(), wrong=wrong.tolist(), escape=escape.tolist(), errors=errors, escapes=escapes)


def costs():
    for classes in (2, 3, 5):
        for has_look in (False, True):
            matrix = np.round(rng.uniform(0, 10, (classes, classes)), 2)
            look = np.round(rng.uniform(0, 5, classes), 2) if has_look else None
            for _ in range(8):
                p = rng.dirichlet(np.ones(classes))
                expected = [sum(p[t] * matrix[t][a] for t in range(classes)) for a in range(classes)]
                by_looking = math.inf if look is None else sum(p[t] * look[t] for t in range(classes))
                yield dict(costs=matrix.tolist(), look=[] if look is None else look.tolist(), probabilities=p.tolist(),
                           answer=int(np.argmin(expected)), looks=bool(by_looking < min(expected)))


cases = {kind.__name__: list(kind()) for kind in (intervals, promises, temperatures, rejects, costs)}
with open(sys.argv[1], "w") as out:
    out.write("{\n" + ",\n".join(f'"{name}": [\n' + ",\n".join(json.dumps(one) for one in some) + "\n]"
                                 for name, some in cases.items()) + "\n}\n")
