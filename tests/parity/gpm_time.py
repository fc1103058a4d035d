#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times the reference code's memory on the CPU, beside `hayloft-cli bench gpm`.

    OMP_NUM_THREADS=2 MKL_NUM_THREADS=2 OPENBLAS_NUM_THREADS=2 python3 tests/parity/gpm_time.py LARIMAR_BASE [REPEATS]

Published size (K = 512, C = 768, 15 steps): a write of 16 latents and a deterministic read of 5 queries, medians in seconds.
"""
import importlib.util
import json
import os
import statistics
import sys
import time

import torch


def median_of(repeats, work):
    work()
    seconds = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        seconds.append(time.perf_counter() - start)
    return statistics.median(seconds)


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    repeats = int(sys.argv[2]) if len(sys.argv) > 2 else 5
    torch.set_num_threads(int(os.environ.get("OMP_NUM_THREADS", "1")))
    torch.Tensor.cuda = lambda self, *_, **__: self
    spec = importlib.util.spec_from_file_location("larimar_memory", sys.argv[1] + "/modules/memory.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    torch.manual_seed(1)
    memory = module.GPM(code_size=768, memory_size=512, direct_writing=True, ordering=False, pseudoinverse_approx_step=15,
                        observation_noise_std=0.0, identity=True, deterministic=True)
    with torch.no_grad():
        latents, queries = 0.58 * torch.randn(16, 1, 768), 0.58 * torch.randn(5, 1, 768)
        state, _ = memory.write_to_memory(latents)
        write = median_of(repeats, lambda: memory.write_to_memory(latents))
        read = median_of(repeats, lambda: memory.read_with_encoded_input(queries, state, deterministic=True))
        memory._direct_writing = False
        memory._observation_noise_std = 1e-3
        sequential = median_of(max(1, repeats // 2), lambda: memory.write_to_memory(latents))
    print(json.dumps({"torch": torch.__version__, "threads": torch.get_num_threads(), "mkl": torch.backends.mkl.is_available(),
                      "repeats": repeats, "write_s": write, "read_s": read, "sequential_write_s": sequential}))


if __name__ == "__main__":
    main()
