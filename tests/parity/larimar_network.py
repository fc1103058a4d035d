#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What the published Larimar's encoder and decoder give on random weights, to compare Hayloft's with.

  larimar_network.py LARIMAR tiny|mini|base|large ORACLE.safetensors [--checkpoint FILE.ckpt] [--prompts N] [--new-tokens N]

LARIMAR is an unpacked checkout of github.com/IBM/larimar (its folder larimar_base). The weights are a hash of a tensor's
name and an element's index: whoever knows the rule (weights() below, TinyLarimar.h in the tests) can make them again.
With --checkpoint they are also written as a Lightning checkpoint. Then:

  hayloft-cli import-checkpoint FILE.ckpt --out MODEL --bert-vocab ... && compare_reference MODEL ORACLE.safetensors

tests/torch/tiny-larimar.safetensors was made with: larimar_network.py LARIMAR tiny FILE --prompts 24
Needs torch, and what the reference needs: tokenizers 0.21, huggingface_hub below 1, safetensors, regex, boto3, sacremoses.
"""
import argparse
import sys
import time

import numpy
import torch
from safetensors.numpy import save_file

# encoder width, heads, layers, inner width, pieces, positions; the same of the decoder; latent
SIZES = {
    "tiny": ((32, 2, 2, 64, 70, 40), (48, 3, 2, 96, 90, 64), 24),
    "mini": ((256, 4, 2, 1024, 10554, 80), (256, 4, 2, 1024, 10554, 80), 768),  # as large as the bundled model
    "base": ((768, 12, 12, 3072, 28996, 512), (768, 12, 12, 3072, 50260, 1024), 768),
    "large": ((1024, 16, 24, 4096, 28996, 512), (1280, 20, 36, 5120, 50260, 1024), 768),
}
CLS, SEP = 2, 3  # of the tiny vocabulary; bert-large-cased has 101 and 102


def uniform(name, count):
    """-1..1, from SplitMix64 of the index with the name's FNV-1a hash for a seed."""
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    values = numpy.empty(count, dtype=numpy.float32)
    with numpy.errstate(over="ignore"):
        for first in range(0, count, 1 << 22):
            z = numpy.arange(first, min(count, first + (1 << 22)), dtype=numpy.uint64) + numpy.uint64(1)
            z = z * numpy.uint64(0x9E3779B97F4A7C15) + numpy.uint64(seed)
            z = (z ^ (z >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
            z = (z ^ (z >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
            z = z ^ (z >> numpy.uint64(31))
            values[first:first + len(z)] = (z >> numpy.uint64(40)).astype(numpy.float32) * numpy.float32(2.0**-23) - numpy.float32(1)
    return values


def weights(name, shape):
    """Small embeddings and biases against large products, so that a greedy text does not stay at one token."""
    values = uniform(name, int(numpy.prod(shape))).reshape(shape)
    if name.endswith("bias"):
        return values * numpy.float32(0.02)
    if len(shape) == 1:
        return (values * numpy.float32(0.1) + numpy.float32(1)) * numpy.float32(5 if "ln_f" in name else 1)
    if ".wpe." in name:
        return values * numpy.float32(0.4)
    if "embeddings" in name or ".wte." in name:
        return values * numpy.float32(0.2)
    scale = 4 if name.startswith("decoder") else 1.5
    if "transformer.linear" in name:  # the slots and the embedding of z
        scale = 0.2
    convolution = any(part in name for part in ("c_attn", "c_proj", "c_fc"))
    return values * numpy.float32(scale / shape[0 if convolution else 1] ** 0.5)


def build(larimar, size):
    sys.path.insert(0, larimar)
    from pytorch_transformers.configuration_bert import BertConfig
    from pytorch_transformers.configuration_gpt2 import GPT2Config
    from pytorch_transformers.modeling_bert import BertForLatentConnector
    from pytorch_transformers.modeling_gpt2 import GPT2ForLatentConnector
    e, d, latent = SIZES[size]
    encoder = BertForLatentConnector(BertConfig(hidden_size=e[0], num_attention_heads=e[1], num_hidden_layers=e[2],
                                                intermediate_size=e[3], vocab_size=e[4], max_position_embeddings=e[5]), latent_size=latent)
    config = GPT2Config(n_embd=d[0], n_head=d[1], n_layer=d[2], n_inner=d[3], vocab_size=d[4], n_positions=d[5])
    config.latent_size = latent
    decoder = GPT2ForLatentConnector(config, latent_size=latent)
    for side, module in (("encoder", encoder), ("decoder", decoder)):
        for name, parameter in module.named_parameters():
            parameter.data = torch.from_numpy(weights(f"{side}.{name}", tuple(parameter.shape)))
        module.eval()
    decoder.tie_weights()
    return encoder, decoder, latent


def encode(encoder, ids):
    """As the reference does it: one text after the other."""
    with torch.no_grad():
        rows = [torch.tensor([[i for i in row if i >= 0]]) for row in ids.tolist()]
        pooled = [encoder(row, attention_mask=torch.ones_like(row))[1] for row in rows]
        return torch.cat([encoder.linear(x).chunk(2, -1)[0] for x in pooled])


def continuation(decoder, z, prompts, new_tokens, eos):
    """Greedy, the whole text and the latent fed again at each step."""
    ids, margins, first = prompts, [], None
    ended = torch.zeros(len(ids), dtype=torch.bool)
    with torch.no_grad():
        for _ in range(new_tokens):
            hidden = decoder.transformer(ids, past_key_values=z, latent_as_gpt_emb=True, latent_as_gpt_memory=True)[0]
            logits = decoder.lm_head(hidden[:, -1])
            first = logits if first is None else first
            best = logits.topk(2, dim=-1)
            margins.append(best.values[:, 0] - best.values[:, 1])
            ids = torch.cat([ids, best.indices[:, :1]], 1)
            ended |= ids[:, -1] == eos
    return ids[:, prompts.shape[1]:], torch.stack(margins, 1), first


def save_checkpoint(encoder, decoder, latent, size, file):
    e, d, _ = SIZES[size]
    state = {f"model.encoder.{name}": value for name, value in encoder.state_dict().items()}
    state.update({f"model.decoder.{name}": value for name, value in decoder.state_dict().items()})
    rows = min(512, latent)
    state["model.memory.memory_mean"] = torch.from_numpy(uniform("memory.memory_mean", rows * latent).reshape(rows, latent))
    state["model.memory.memory_logvar"] = torch.zeros(1)
    state["model.memory.ben_cohen_memory_init"] = torch.tensor([-5.0])
    torch.save({"state_dict": state, "epoch": 1, "global_step": 1, "pytorch-lightning_version": "2.0.0",
                "hyper_parameters": {"latent_size": latent, "memory_size": rows, "pseudoinverse_approx_step": 15,
                                     "observation_noise_std": 1e-6, "direct_writing": True, "encoder_num_attention_heads": e[1],
                                     "decoder_n_head": d[1]}}, file)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("larimar")
    parser.add_argument("size", choices=SIZES)
    parser.add_argument("oracle")
    parser.add_argument("--checkpoint")
    parser.add_argument("--prompts", type=int, default=1000)
    parser.add_argument("--new-tokens", type=int, default=32)
    parser.add_argument("--batch", type=int, default=50)
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    encoder, decoder, latent = build(options.larimar, options.size)
    if options.checkpoint:
        save_checkpoint(encoder, decoder, latent, options.size, options.checkpoint)
    cls, sep = (CLS, SEP) if options.size == "tiny" else (101, 102)
    e, d, _ = SIZES[options.size]
    numbers = numpy.random.RandomState(1)
    bos, eos = d[4] - 2, d[4] - 1
    texts = numpy.full((options.prompts, 24), -1, dtype=numpy.int32)
    prompts = numpy.empty((options.prompts, 7), dtype=numpy.int32)
    for i in range(options.prompts):
        length = 1 + i % 22
        texts[i, 0], texts[i, 1 + length] = cls, sep
        texts[i, 1:1 + length] = numbers.randint(5 if options.size == "tiny" else 1000, e[4], length)
        prompts[i] = [bos, *numbers.randint(0, d[4] - 3, 6)]
    started = time.time()
    z = encode(encoder, texts)
    encoded = time.time()
    continued, margins, logits = [], [], []
    for first in range(0, options.prompts, options.batch):
        some = slice(first, first + options.batch)
        ids, margin, first_logits = continuation(decoder, z[some], torch.from_numpy(prompts[some]).long(), options.new_tokens, eos)
        continued.append(ids)
        margins.append(margin)
        logits.append(first_logits[:, :: max(1, d[4] // 500)])
        done = first + len(ids)
        tokens = torch.cat(continued).numpy().astype(numpy.int32)
        # After each batch: large shapes take hours.
        save_file({"texts": texts[:done], "latents": z[:done].numpy(), "prompts": prompts[:done, 1:].copy(), "continued": tokens,
                   "margins": torch.cat(margins).numpy(), "logits": torch.cat(logits).numpy()}, options.oracle)
        print(f"{done} of {options.prompts}, {time.time() - encoded:.0f} s", file=sys.stderr)
    print(f"encode {encoded - started:.2f} s, decode {time.time() - encoded:.2f} s, "
          f"{len(numpy.unique(tokens))} distinct tokens, |z| {z.norm(dim=1).mean():.2f}")


if __name__ == "__main__":
    main()
