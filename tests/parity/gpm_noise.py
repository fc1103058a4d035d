#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Measures the noise of the reference code's memory against the formulas that tests/recall/tst_readingnoise.cpp holds ours to.

    python3 tests/parity/gpm_noise.py LARIMAR_BASE [DRAWS]

N = 5 latents Z of C = 48 numbers, K = 32 rows, a query a Z. Observation noise s at write and read: the readout's variance over its
numbers is s^2 (|a|^2 (C - N) + N + C) to the first order. Sampled weights of log variance v: exp(v) |M|^2.
"""
import importlib.util
import math
import sys

import torch

LATENTS, COLUMNS, ROWS, NOISE, LOG_VARIANCE = 5, 48, 32, 0.02, -3.0


def memory_of(module, noise):
    memory = module.GPM(code_size=COLUMNS, memory_size=ROWS, direct_writing=True, ordering=False, pseudoinverse_approx_step=25,
                        observation_noise_std=noise, identity=True, deterministic=False, w_logvar_setting=0)
    with torch.no_grad():
        memory.memory_mean.copy_(torch.eye(ROWS, COLUMNS))
        memory.w_logvar.fill_(LOG_VARIANCE)
    return memory


def spread(query, read, draws):
    off = torch.stack([(read() - query).reshape(-1) for _ in range(draws)]).double()
    return float((off ** 2).sum(1).mean()), float(off.mean(0).norm())


@torch.no_grad()
def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    draws = int(sys.argv[2]) if len(sys.argv) > 2 else 2000
    spec = importlib.util.spec_from_file_location("larimar_memory", sys.argv[1] + "/modules/memory.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch.Tensor.cuda = lambda self, *_, **__: self  # the class asks for a GPU by name
    torch.set_num_threads(1)
    torch.manual_seed(0)
    latents = 3 * torch.randn(LATENTS, 1, COLUMNS)
    a = torch.linspace(0.4, 1.2, LATENTS)
    query = (a[:, None, None] * latents).sum(0, keepdim=True)

    noisy = memory_of(module, NOISE)
    found = spread(query, lambda: noisy.read_with_encoded_input(query, noisy.write_to_memory(latents)[0], deterministic=True)[0], draws)
    print("observation noise: variance %.5f, mean off by %.5f; formula %.5f" % (
        *found, NOISE ** 2 * (float(a @ a) * (COLUMNS - LATENTS) + LATENTS + COLUMNS)))
    sampled = memory_of(module, 0.0)
    state = sampled.write_to_memory(latents)[0]
    found = spread(query, lambda: sampled.read_with_encoded_input(query, state)[0], draws)
    print("sampled weights:   variance %.5f, mean off by %.5f; formula %.5f" % (
        *found, math.exp(LOG_VARIANCE) * float((state[0].double() ** 2).sum())))


if __name__ == "__main__":
    main()
