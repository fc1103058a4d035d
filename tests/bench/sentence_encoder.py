# SPDX-License-Identifier: GPL-3.0-or-later
"""A sentence encoder that other people trained: a BERT saved by sentence-transformers with mean pooling, such as
all-MiniLM-L6-v2. Needs torch (Debian's python3-torch will do), safetensors and tokenizers."""
import json

import torch
import torch.nn.functional as F
from safetensors.torch import load_file
from tokenizers import Tokenizer


class SentenceEncoder:
    def __init__(self, folder, kind=torch.float32):
        """kind: torch.bfloat16 is about twice as fast where the CPU has instructions for it, and not quite as exact."""
        self.weights = {name: tensor.to(kind) if tensor.is_floating_point() else tensor
                        for name, tensor in load_file(f"{folder}/model.safetensors").items()}
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
        scores = (q @ k.transpose(-1, -2) / q.shape[-1] ** 0.5).masked_fill(~mask[:, None, None, :], float("-inf"))
        y = (scores.softmax(-1) @ v).transpose(1, 2).reshape(batch, length, width)
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
        return F.normalize((x * mask[:, :, None]).sum(1).float(), dim=1)

    @torch.inference_mode()
    def encode(self, texts, tokens_together=4096):
        """N x D, of length 1. Texts of about the same length go together."""
        ids = [encoding.ids for encoding in self.tokenizer.encode_batch(texts)]
        order = sorted(range(len(ids)), key=lambda i: len(ids[i]))
        keys = torch.empty(len(ids), self.config["hidden_size"])
        first = 0
        while first < len(order):
            count = max(1, tokens_together // len(ids[order[first]]))
            longest = len(ids[order[min(first + count, len(order)) - 1]])
            some = order[first:first + max(1, tokens_together // longest)]
            keys[some] = self.batch([ids[i] for i in some])
            first += len(some)
        return keys
