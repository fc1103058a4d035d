#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""The encoder of larimar-mini in eager PyTorch, timed on the same segments as `hayloft-cli bench encode`.

  hayloft-cli bench encode --document book.txt --write-segments segments.jsonl
  pytorch_encode.py MODEL_FOLDER segments.jsonl [--threads N] [--bfloat16] [--latents latents.npy]

Batches hold segments of one length; the best of several batch sizes is told, and one segment at a time beside it.
"""
import argparse
import json
import statistics
import struct
import sys
import time

import numpy
import torch
import torch.nn.functional as F


def load_weights(folder):
    with open(f"{folder}/model.safetensors", "rb") as file:
        size = struct.unpack("<Q", file.read(8))[0]
        header = json.loads(file.read(size))
        data = file.read()
    weights = {}
    for name, entry in header.items():
        if name != "__metadata__":
            begin, end = entry["data_offsets"]
            values = numpy.frombuffer(data[begin:end], dtype=numpy.float16).astype(numpy.float32)
            weights[name] = torch.from_numpy(values.reshape(entry["shape"]).copy())
    return weights


class Encoder:
    def __init__(self, folder):
        self.w = load_weights(folder)
        with open(f"{folder}/config.json") as file:
            self.c = json.load(file)["network"]
        self.e = self.c["encoder"]

    def norm(self, x, name):
        return F.layer_norm(x, (x.shape[-1],), self.w[name + ".weight"], self.w[name + ".bias"])

    def linear(self, x, name):
        return F.linear(x, self.w[name + ".weight"], self.w[name + ".bias"])

    def attention(self, q, k, v):
        if hasattr(F, "scaled_dot_product_attention"):
            return F.scaled_dot_product_attention(q, k, v)
        scores = torch.matmul(q * q.shape[-1] ** -0.5, k.transpose(2, 3))
        return torch.matmul(torch.softmax(scores, -1), v)

    def block(self, x, name):
        batch, length, width = x.shape
        heads = self.e["heads"]
        q, k, v = (part.view(batch, length, heads, width // heads).transpose(1, 2)
                   for part in self.linear(self.norm(x, name + "norm1"), name + "qkv").chunk(3, -1))
        y = self.attention(q, k, v).transpose(1, 2).reshape(batch, length, width)
        x = x + self.linear(y, name + "out")
        return x + self.linear(F.gelu(self.linear(self.norm(x, name + "norm2"), name + "up")), name + "down")

    def encode(self, ids):
        length = ids.shape[1]
        x = F.embedding(ids, self.w["tokens"]) * self.e["width"] ** 0.5 + self.w["encoder_positions"][:length]
        for layer in range(self.e["layers"]):
            x = self.block(x, f"encoder.{layer}.")
        h = F.linear(self.norm(x, "encoder_norm"), self.w["project"]).reshape(ids.shape[0], -1)
        return F.layer_norm(h @ self.w["bind"][: length * self.c["binding"]], (self.c["latent"],))


def encode_batches(encoder, segments, order, batch_tokens, latents):
    at = 0
    while at < len(order):
        length = len(segments[order[at]])
        end = at
        while end < len(order) and len(segments[order[end]]) == length and (end - at + 1) * length <= max(batch_tokens, length):
            end += 1
        ids = torch.tensor([segments[i] for i in order[at:end]])
        latents[order[at:end]] = encoder.encode(ids).float()
        at = end


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("segments")
    parser.add_argument("--tokens", type=int, default=1000000)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--alone", type=int, default=2000)
    parser.add_argument("--batch-tokens", type=int, nargs="+", default=[1024, 2048, 4096, 8192])
    parser.add_argument("--bfloat16", action="store_true", help="products in bfloat16 (autocast), beside --precision bfloat16")
    parser.add_argument("--latents", help="write the latents here (.npy)")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    segments, tokens = [], 0
    with open(options.segments) as file:
        for line in file:
            ids = json.loads(line)
            if ids and tokens < options.tokens:
                segments.append(ids)
                tokens += len(ids)
    encoder = Encoder(options.model)
    order = sorted(range(len(segments)), key=lambda i: -len(segments[i]))
    latents = torch.empty(len(segments), encoder.c["latent"])
    result = {"torch": torch.__version__, "mkl": torch.backends.mkl.is_available(),
              "threads": options.threads, "segments": len(segments), "tokens": tokens, "batched_tokens_per_s": {}}
    with torch.inference_mode(), torch.autocast("cpu", torch.bfloat16, enabled=options.bfloat16):
        for batch_tokens in options.batch_tokens:
            times = []
            for run in range(options.repeats + 1):
                start = time.perf_counter()
                encode_batches(encoder, segments, order, batch_tokens, latents)
                times.append(time.perf_counter() - start)
            result["batched_tokens_per_s"][batch_tokens] = tokens / statistics.median(times[1:])
        few = segments[: options.alone]
        times = []
        for run in range(2):
            start = time.perf_counter()
            for ids in few:
                encoder.encode(torch.tensor([ids]))
            times.append(time.perf_counter() - start)
        result["one_at_a_time_tokens_per_s"] = sum(map(len, few)) / min(times)
    result["best_batched_tokens_per_s"] = max(result["batched_tokens_per_s"].values())
    if options.latents:
        numpy.save(options.latents, latents.numpy())
    json.dump(result, sys.stdout, indent=2)
    print()


if __name__ == "__main__":
    main()
