#!/usr/bin/python3
"""Writes reference.json: weights of every method, computed another way than the plugins do.

Gradients are explicit vectors here, problems are solved by SciPy (nnls, root) or by the papers' own formulas, learned
numbers by autograd and torch.optim.Adam. Needs python3-scipy and python3-torch; run it in this folder.
"""
import itertools
import json
import math

import numpy as np
import torch
from scipy.optimize import nnls, root

rng = np.random.default_rng(20261126)
torch.set_default_dtype(torch.float64)
M64 = (1 << 64) - 1


class Draws:
    """SplitMix64, as in weightings/adaptive/draws.h."""

    def __init__(self, seed, step):
        self.state = self.mixed(seed) ^ self.mixed((step + 0x632BE59BD9B4E019) & M64)

    @staticmethod
    def mixed(z):
        z = ((z ^ (z >> 30)) * 0xBF58476D1CE4E5B9) & M64
        z = ((z ^ (z >> 27)) * 0x94D049BB133111EB) & M64
        return z ^ (z >> 31)

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & M64
        return self.mixed(self.state)

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53

    def normal(self):
        radius = math.sqrt(-2 * math.log(1 - self.uniform()))
        return radius * math.cos(2 * math.pi * self.uniform())


def softmax(x):
    e = np.exp(x - np.max(x))
    return e / e.sum()


# Gradient methods: J [T,P] and preferences p [T] -> weights [T].

def mgda(J, p, _):
    p = p / p.mean()
    A = J / p[:, None]
    big = 1e3 * np.linalg.norm(A)
    w, _ = nnls(np.vstack([A.T, big * np.ones(len(p))]), np.r_[np.zeros(A.shape[1]), big])
    return w / w.sum() / p


def pcgrad(J, p, draws):
    A = J * p[:, None]
    T = len(p)
    coefficients = np.zeros(T)
    for i in range(T):
        others = [j for j in range(T) if j != i]
        for j in range(len(others), 1, -1):
            k = draws.next() % j
            others[j - 1], others[k] = others[k], others[j - 1]
        g, c = A[i].copy(), np.eye(T)[i]
        for j in others:
            if g @ A[j] < 0:
                share = (g @ A[j]) / (A[j] @ A[j])
                g -= share * A[j]
                c[j] -= share
        coefficients += c
    return coefficients * p


def cagrad(J, p, _, c=0.5):
    p = p / p.mean()
    A = J * p[:, None]
    T = len(p)
    mean = A.mean(0)
    radius = c * np.linalg.norm(mean)
    b = A @ mean
    best, value = None, np.inf
    for size in range(1, T + 1):  # the conditions of every support, solved by root()
        for support in itertools.combinations(range(T), size):
            S = A[list(support)]

            def equations(z):
                w, level = z[:-1], z[-1]
                g = S.T @ w
                return np.r_[b[list(support)] + radius * (S @ g) / np.linalg.norm(g) - level, w.sum() - 1]

            solution = root(equations, np.r_[np.full(size, 1 / size), b.mean()], tol=1e-14)
            w = np.zeros(T)
            w[list(support)] = solution.x[:-1]
            if np.abs(solution.fun).max() > 1e-9 or w.min() < -1e-12:
                continue
            f = b @ w + radius * np.linalg.norm(A.T @ w)
            if f < value:
                best, value = w, f
    g_w = A.T @ best
    return p * (1 / T + radius / np.linalg.norm(g_w) * best) / (1 + c * c)


def imtl_g(J, p, _):
    """The paper's closed form, with preferences in the projections: u_i' d = p_i x const."""
    U = J / np.linalg.norm(J, axis=1)[:, None]
    T = len(p)
    if T == 1:
        return np.ones(1)
    D = J[:1] - J[1:]
    V = U[:1] * p[1:, None] - U[1:] * p[0]
    # d = g_1 - sum_{k>1} a_k (g_1 - g_k), V d = 0
    a = np.linalg.solve(V @ D.T, V @ J[0])
    return np.r_[1 - a.sum(), a]


def aligned_mtl(J, p, _):
    U, s, Vt = np.linalg.svd(J, full_matrices=False)
    d = s[-1] * (U @ Vt).T @ p  # the matrix whose singular values are all the least
    return np.linalg.lstsq(J.T, d, rcond=None)[0]


def fairgrad(J, p, _, alpha=2.0):
    p = p / p.mean()
    G = J @ J.T
    start = np.sqrt(p / np.diag(G))
    best = root(lambda u: np.log(np.maximum(G @ np.exp(u), 1e-300)) - np.log(p) + u / alpha, np.log(start), tol=1e-14)
    assert np.abs(best.fun).max() < 1e-10
    return np.exp(best.x)


def nash_mtl(J, p, _):
    return fairgrad(J, p, _, alpha=1.0)


def upgrad(J, p, _):
    G = J @ J.T
    G = G / np.trace(G) + 1e-4 * np.eye(len(p))
    L = np.linalg.cholesky(G).T
    share = p / p.sum()
    total = np.zeros(len(p))
    for i in range(len(p)):
        least = np.eye(len(p))[i] * share[i]
        total += least + nnls(L, -L @ least)[0]
    return total


def gradient_gating(J, p, _):
    cosines = J @ J[MAIN]
    return np.where((cosines > 0) | (np.arange(len(p)) == MAIN), p, 0)


def main_protecting(J, p, _):
    m = J[MAIN]
    combined = p[MAIN] * m
    for k in range(len(p)):
        if k != MAIN:
            g = J[k] - min(0, J[k] @ m) / (m @ m) * m
            combined = combined + p[k] * g
    return np.linalg.lstsq(J.T, combined, rcond=None)[0]


MAIN = 0
GRADIENT_METHODS = {"mgda": mgda, "pcgrad": pcgrad, "cagrad": cagrad, "imtl_g": imtl_g, "aligned_mtl": aligned_mtl,
                    "nash_mtl": nash_mtl, "fairgrad": fairgrad, "upgrad": upgrad, "gradient_gating": gradient_gating,
                    "main_protecting": main_protecting}


def problem(T, conflict):
    """Gradients that lean against each other by `conflict`, of different lengths."""
    J = rng.normal(size=(T, 6))
    J -= conflict * np.roll(J, 1, axis=0)
    return J * rng.uniform(0.2, 3, size=(T, 1))


def gradient_cases():
    for name, method in GRADIENT_METHODS.items():
        for T in (1, 2, 3, 4):
            for conflict in (0.0, 0.4, 0.8):
                J, p, seed = problem(T, conflict), rng.uniform(0.3, 2, T), int(rng.integers(1 << 40))
                try:
                    weights = method(J, p, Draws(seed, 3))
                except AssertionError:
                    continue
                if name == "imtl_g" and weights.sum() <= 0:
                    continue
                yield {"method": name, "static": p.tolist(), "seed": seed,
                       "steps": [{"step": 3, "epoch": 0, "losses": [1.0] * T, "labelled": [True] * T,
                                  "gramian": (J @ J.T).flatten().tolist(), "weights": weights.tolist()}]}
    # A task without a label is left out.
    J, p = problem(3, 0.5), np.array([1.0, 0.5, 2.0])
    rest = [0, 2]
    for name in ("mgda", "cagrad", "upgrad", "nash_mtl", "aligned_mtl"):
        inner = GRADIENT_METHODS[name](J[rest], p[rest], None)
        G = J @ J.T
        G[1] = 0
        G[:, 1] = 0
        yield {"method": name, "static": p.tolist(), "seed": 1,
               "steps": [{"step": 0, "epoch": 0, "losses": [1.0, 0.0, 1.0], "labelled": [True, False, True],
                          "gramian": G.flatten().tolist(), "weights": [inner[0], 0.0, inner[1]]}]}


def loss_curves(T, steps):
    start, rate = rng.uniform(0.5, 4, T), rng.uniform(0.01, 0.2, T)
    return [start * np.exp(-rate * i) * rng.uniform(0.9, 1.1, T) for i in range(steps)]


def case(method, p, steps, **options):
    return {"method": method, "static": list(map(float, p)), "seed": 5, "options": options, "steps": steps}


def step_of(i, losses, weights, **more):
    return {"step": i, "epoch": i // 4, "losses": losses.tolist(), "labelled": [True] * len(losses),
            "weights": np.asarray(weights).tolist(), **more}


def loss_cases():
    T, count = 3, 24
    p = np.array([1.0, 0.5, 2.0])
    curves = loss_curves(T, count)

    s = torch.full((T,), -0.5, requires_grad=True)
    adam = torch.optim.Adam([s], lr=0.01)
    steps = []
    for i, L in enumerate(curves):
        losses = torch.tensor(L, requires_grad=True)
        total = (torch.tensor(p) * (losses / (2 * torch.exp(s)) + s / 2)).sum()
        adam.zero_grad()
        total.backward()
        steps.append(step_of(i, L, losses.grad))
        adam.step()
    yield case("uncertainty", p, steps, learning_rate=0.01)

    steps = []
    for i, L in enumerate(curves):
        epoch = i // 4
        if epoch < 2:
            w = np.ones(T)
        else:
            means = [np.mean(curves[4 * e:4 * e + 4], axis=0) for e in (epoch - 1, epoch - 2)]
            w = T * softmax(means[0] / means[1] / 2)
        steps.append(step_of(i, L, p * w))
    yield case("dwa", p, steps)

    steps = []
    for i, L in enumerate(curves):
        draws = Draws(5, i)
        steps.append(step_of(i, L, p * softmax(np.array([draws.normal() for _ in range(T)]))))
    yield case("rlw", p, steps)

    yield case("equal", p, [step_of(i, L, np.ones(T)) for i, L in enumerate(curves[:2])])

    steps = []
    for i, L in enumerate(curves):
        losses = torch.tensor(L, requires_grad=True)
        torch.exp((torch.tensor(p) * torch.log(losses)).sum() / p.sum()).backward()
        steps.append(step_of(i, L, losses.grad))
    yield case("gls", p, steps)

    xi = torch.tensor(np.log(p), requires_grad=True)
    adam = torch.optim.Adam([xi], lr=0.025, weight_decay=1e-3)
    steps = []
    for i, L in enumerate(curves):
        after = L * rng.uniform(0.85, 1.05, T)
        losses = torch.tensor(L, requires_grad=True)
        z = torch.softmax(xi, 0)
        D = losses - 0 + 1e-8
        c = (z / D).sum().detach()
        (z.detach() * torch.log(D) / c).sum().backward()
        steps.append(step_of(i, L, losses.grad, after=after.tolist()))
        delta = torch.log(D.detach()) - torch.log(torch.tensor(after) + 1e-8)
        adam.zero_grad()
        xi.grad = torch.autograd.grad(torch.softmax(xi, 0), xi, grad_outputs=delta)[0]
        adam.step()
    yield case("famo", p, steps)

    for mu in (1.0, 0.2):
        nadir, steps = None, []
        for i, L in enumerate(curves):
            losses = torch.tensor(L, requires_grad=True)
            if i // 4 < 4:
                (torch.tensor(p) * torch.log(losses)).sum().backward()
            else:
                nadir = np.mean(curves[12:16], axis=0)
                x = torch.tensor(p) * torch.log(losses / torch.tensor(nadir)) / mu
                (mu * T * torch.logsumexp(x, 0)).backward()
            steps.append(step_of(i, L, losses.grad))
        yield case("stch", p, steps, mu=mu)

    v = torch.tensor(np.log(p), requires_grad=True)
    adam = torch.optim.Adam([v], lr=0.025)
    steps = []
    for i, L in enumerate(curves):
        J = problem(T, 0.3)
        w = T * torch.softmax(v, 0)
        norms = w * torch.tensor(np.linalg.norm(J, axis=1))
        r = torch.tensor(L / curves[0])
        target = (norms.mean() * (r / r.mean()) ** 1.5).detach()
        adam.zero_grad()
        (norms - target).abs().sum().backward()
        steps.append(step_of(i, L, w.detach(), gramian=(J @ J.T).flatten().tolist()))
        adam.step()
    yield case("gradnorm", p, steps)

    s = torch.zeros(T, requires_grad=True)
    adam = torch.optim.Adam([s], lr=0.01)
    steps = []
    for i, L in enumerate(curves[:12]):
        J = problem(T, 0.1)
        scale = np.exp(s.detach().numpy())
        w = imtl_g(J * scale[:, None], p, None) * scale
        if w.sum() <= 0:
            continue
        steps.append(step_of(len(steps), L, w, gramian=(J @ J.T).flatten().tolist()))
        adam.zero_grad()
        (torch.exp(s) * torch.tensor(L) - s).sum().backward()
        adam.step()
    yield case("imtl", p, steps, learning_rate=0.01)

    average, steps = np.zeros((T, 6)), []
    for i, L in enumerate(curves[:6]):
        J = problem(T, 0.3)
        logs = J / (L + 1e-8)[:, None]
        norms = np.linalg.norm(logs, axis=1)
        average = 0.9 * average + 0.1 * logs
        lengths = np.linalg.norm(average, axis=1)
        combined = (p * lengths.max() / lengths) @ average
        steps.append(step_of(i, L, p * norms.max() / norms / (L + 1e-8), gramian=(J @ J.T).flatten().tolist(),
                             gradients=J.tolist(), combined=combined.tolist()))
    yield case("db_mtl", p, steps)


with open("reference.json", "w") as file:
    cases = list(gradient_cases()) + list(loss_cases())
    file.write("[\n" + ",\n".join(json.dumps(c) for c in cases) + "\n]\n")
print(len(cases), "cases:", {n: sum(c["method"] == n for c in cases) for n in sorted({c["method"] for c in cases})})
