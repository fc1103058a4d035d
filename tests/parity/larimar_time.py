#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Times the published Larimar's encoder and decoder on random weights, beside `hayloft-cli bench encode` and `bench decode`.

  larimar_network.py LARIMAR base ORACLE --prompts 1 --checkpoint base.ckpt
  hayloft-cli import-checkpoint base.ckpt --answer-tokens 100 --out MODEL ...
  hayloft-cli bench encode --model MODEL --document book.txt --tokens 20k --write-segments segments.jsonl
  hayloft-cli bench decode --model MODEL --batches 1 8
  larimar_time.py LARIMAR base segments.jsonl [--alone N] [--new-tokens 100] [--threads N] [--batches 1 8]

The published encoder at the bundled model's size, beside that model on its own segments: size mini, --batches (none).

The encoder one text at a time, as the reference runs it, and in batches of one length (the best of several sizes); the decoder
as the reference runs it, which feeds the whole text again for each token. Give both sides the same threads and processor features.
"""
import argparse
import json
import statistics
import time

import torch

from larimar_network import SIZES, build


def seconds_of(repeats, work):
    work()
    times = []
    for _ in range(repeats):
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return statistics.median(times)


def batches_of(segments, most_tokens):
    order = sorted(segments, key=len)
    while order:
        length = len(order[0])
        count = 1
        while count < len(order) and len(order[count]) == length and (count + 1) * length <= max(most_tokens, length):
            count += 1
        yield torch.tensor(order[:count])
        order = order[count:]


def encode(encoder, batches):
    for ids in batches:
        pooled = encoder(ids, attention_mask=torch.ones_like(ids))[1]
        encoder.linear(pooled).chunk(2, -1)


def decode(decoder, z, new_tokens, bos):
    ids = torch.full((len(z), 1), bos)
    for _ in range(new_tokens):
        hidden = decoder.transformer(ids, past_key_values=z, latent_as_gpt_emb=True, latent_as_gpt_memory=True)[0]
        ids = torch.cat([ids, decoder.lm_head(hidden)[:, -1].argmax(-1, keepdim=True)], 1)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("larimar")
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("segments")
    parser.add_argument("--alone", type=int, default=200)
    parser.add_argument("--repeats", type=int, default=3)
    parser.add_argument("--new-tokens", type=int, default=100)
    parser.add_argument("--batches", type=int, nargs="*", default=[1, 8])
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    encoder, decoder, latent = build(options.larimar, options.size)
    with open(options.segments) as file:
        segments = [[101, *json.loads(line), 102] for line in file]
    tokens = sum(len(s) - 2 for s in segments)
    with torch.no_grad():
        few = segments[:options.alone]
        one = seconds_of(options.repeats, lambda: encode(encoder, [torch.tensor([s]) for s in few]))
        print(f"encode  one at a time: {sum(len(s) - 2 for s in few) / one:.0f} tokens/s")
        best = 0.0
        for size in (256, 512, 1024, 2048, 4096):
            rate = tokens / seconds_of(options.repeats, lambda: encode(encoder, batches_of(segments, size)))
            print(f"encode  batches of up to {size} tokens: {rate:.0f} tokens/s")
            best = max(best, rate)
        print(f"encode  best: {best:.0f} tokens/s")
        bos = SIZES[options.size][1][4] - 2
        for batch in options.batches:
            z = torch.randn(batch, latent)
            seconds = seconds_of(1, lambda: decode(decoder, z, options.new_tokens, bos))
            print(f"decode  {batch} at a time, {options.new_tokens} new tokens: {batch * options.new_tokens / seconds:.2f} tokens/s")


if __name__ == "__main__":
    main()
