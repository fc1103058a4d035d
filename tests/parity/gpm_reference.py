#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/memory/gpm_reference.json: what the reference code of Larimar gives for the memory (class GPM).

    python3 tests/parity/gpm_reference.py LARIMAR_BASE tests/memory/gpm_reference.json

LARIMAR_BASE is the folder larimar_base of IBM's repository (github.com/IBM/larimar, commit f5692c7, Apache-2.0), of which nothing is
kept here. Needs Python with numpy and torch; a CPU will do. Inputs are drawn from the generator of core/base/Random.h, so that the
file holds outputs alone. Each case is also run in float64: "error32" is max|a - b| / max|b| of the reference's own float32 readout
against that, which says where the published iteration is numerically stable.
"""
import importlib.util
import json
import math
import sys

import numpy as np
import torch

MASK = (1 << 64) - 1


class Random:
    """SplitMix64 and Box-Muller, as in core/base/Random.h."""

    def __init__(self, seed):
        self.state = seed

    def next(self):
        self.state = (self.state + 0x9E3779B97F4A7C15) & MASK
        x = self.state
        x = ((x ^ (x >> 30)) * 0xBF58476D1CE4E5B9) & MASK
        x = ((x ^ (x >> 27)) * 0x94D049BB133111EB) & MASK
        return x ^ (x >> 31)

    def uniform(self):
        return (self.next() >> 11) * 2.0**-53

    def normal(self):
        u, v = 1.0 - self.uniform(), self.uniform()
        return math.sqrt(-2.0 * math.log(u)) * math.cos(2.0 * math.pi * v)


def normals(rows, columns, seed):
    random = Random(seed)
    return np.array([[random.normal() for _ in range(columns)] for _ in range(rows)])


def units(rows, columns, seed):
    drawn = normals(rows, columns, seed)
    return drawn / np.linalg.norm(drawn, axis=1, keepdims=True)


def inputs(case):
    """Prior, latents of one norm and about one pairwise cosine, and queries half a latent, half noise."""
    k, c, e, seed = case["rows"], case["columns"], case["latents"], case["seed"]
    prior = np.eye(k, c)
    if case["prior"] == "normal":
        prior = normals(k, c, seed)
    elif case["prior"] == "near-identity":
        prior = prior + 0.05 * normals(k, c, seed)
    share = case["cosine"]
    latents = case["norm"] * (math.sqrt(share) * units(1, c, seed + 1) + math.sqrt(1 - share) * units(e, c, seed + 2))
    if case.get("duplicate"):
        latents[1] = latents[0] + case["duplicate"] * case["norm"] * units(1, c, seed + 4)[0]
    noise = case["norm"] * units(5, c, seed + 3)
    queries = np.array([0.5 * latents[i % e] + 0.5 * noise[i] for i in range(5)])
    return [m.astype(np.float32) for m in (prior, latents, queries)]


def run(module, case, dtype):
    prior, latents, queries = inputs(case)
    torch.set_default_dtype(dtype)
    memory = module.GPM(code_size=case["columns"], memory_size=case["rows"], direct_writing=not case["sequential"], ordering=False,
                        pseudoinverse_approx_step=case["steps"], observation_noise_std=case["noise"], deterministic=True).to(dtype)
    with torch.no_grad():
        memory.memory_mean.copy_(torch.from_numpy(prior))
        (mean, covariance), _ = memory.write_to_memory(torch.from_numpy(latents).to(dtype).unsqueeze(1))
        memory._observation_noise_std = 0.0  # a sequential write takes it without drawing; a read would draw
        readout, weights, _, _ = memory.read_with_encoded_input(torch.from_numpy(queries).to(dtype).unsqueeze(1), (mean, covariance),
                                                                get_w=True, deterministic=True)
    torch.set_default_dtype(torch.float32)
    return mean[0].double().numpy(), covariance[0].double().numpy(), weights[:, 0].double().numpy(), readout[:, 0].double().numpy()


def rounded(matrix):
    return [[float(f"{x:.8g}") for x in row] for row in np.atleast_2d(matrix)]


def difference(a, b):
    return float(np.abs(a - b).max() / np.abs(b).max())


def cases():
    def case(name, rows, columns, latents, seed, prior="identity", norm=5.0, cosine=0.0, steps=15, sequential=False, noise=0.0, **more):
        return dict(name=name, rows=rows, columns=columns, latents=latents, seed=seed, prior=prior, norm=norm, cosine=cosine,
                    steps=steps, sequential=sequential, noise=noise, **more)
    for latents in (1, 4, 16):
        yield case(f"{latents} latents", 32, 48, latents, 100 + latents)
        yield case(f"{latents} latents, normal prior", 32, 48, latents, 200 + latents, prior="normal")
    yield case("16 alike", 32, 48, 16, 301, norm=16.0, cosine=0.9)
    yield case("16 short and alike, not converged", 32, 48, 16, 302, norm=1.0, cosine=0.9)
    yield case("7 steps, not converged", 32, 48, 16, 303, steps=7)
    yield case("more latents than rows", 32, 48, 40, 304)
    yield case("near duplicates", 32, 48, 4, 305, duplicate=1e-6)
    yield case("diverges", 32, 48, 16, 306, norm=30.0, cosine=0.9)
    yield case("sequential", 32, 48, 16, 401, prior="near-identity", sequential=True, noise=1e-3)
    yield case("sequential, more latents than rows", 32, 48, 40, 402, prior="near-identity", sequential=True, noise=1e-1)
    yield case("published size", 512, 768, 4, 501, norm=16.0, cosine=0.5)
    yield case("published size, 16 latents", 512, 768, 16, 502, prior="near-identity", norm=16.0, cosine=0.5)


def main():
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    spec = importlib.util.spec_from_file_location("larimar_memory", sys.argv[1] + "/modules/memory.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch.Tensor.cuda = lambda self, *_, **__: self  # the class asks for a GPU by name
    torch.set_num_threads(1)
    out = []
    for case in cases():
        mean, covariance, weights, readout = run(module, case, torch.float32)
        if np.isfinite(readout).all():
            exact = run(module, case, torch.float64)
            case["error32"] = float(f"{difference(readout, exact[3]):.3g}")
            case["matrix_error32"] = float(f"{difference(mean, exact[0]):.3g}")
            small = case["rows"] <= 32
            columns = slice(None) if small else slice(0, 768, 64)
            case["matrix_rows"] = [0, case["rows"] // 2, case["rows"] - 1]
            case["matrix"] = rounded(mean[case["matrix_rows"]][:, columns])
            case["matrix_norm"] = float(np.linalg.norm(mean))
            case["weights"] = rounded(weights[:, :: 1 if small else 64])
            case["readout"] = rounded(readout[:, columns])
            case["column_step"] = 1 if small else 64
            if case["sequential"]:
                case["covariance_diagonal"] = rounded(np.diag(covariance))[0]
        else:
            case["diverges"] = True
        print(f"{case['name']:40} {case.get('error32', 'diverges')} {case.get('matrix_error32', '')}")
        out.append(case)
    with open(sys.argv[2], "w", encoding="utf-8") as file:
        file.write('{"cases": [\n' + ",\n".join(json.dumps(case) for case in out) + "\n]}\n")


if __name__ == "__main__":
    main()
