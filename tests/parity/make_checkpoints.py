#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Makes tests/fixtures/checkpoints: small checkpoints of real torch.save, and what must come out of them.

    python3 tests/parity/make_checkpoints.py tests/fixtures/checkpoints tests/fuzz/seeds

Needs torch, numpy and safetensors. The expected tensors are computed here with torch, independently of Hayloft's code.
The tensor names and shapes are those of IBM's MemNetLight with a BERT and a GPT-2 that are very small.
"""
import argparse
import collections
import json
import os
import pathlib
import pickle
import struct
import sys
import zipfile

import torch
from safetensors.torch import save_file

V_E, P_E, D_E, FF_E, L_E = 24, 10, 8, 12, 2  # encoder
V_D, P_D, D_D, FF_D, L_D = 20, 9, 6, 10, 2  # decoder, with three added tokens
C, K = 5, 4


def bert(prefix, old_norms=False):
    t = collections.OrderedDict()
    r = torch.randn
    weight, bias = ("gamma", "beta") if old_norms else ("weight", "bias")

    def norm(name):
        t[f"{prefix}{name}.{weight}"] = 1 + 0.1 * r(D_E)
        t[f"{prefix}{name}.{bias}"] = 0.1 * r(D_E)

    def linear(name, rows, columns):
        t[f"{prefix}{name}.weight"] = r(rows, columns)
        t[f"{prefix}{name}.bias"] = r(rows)

    t[f"{prefix}embeddings.word_embeddings.weight"] = r(V_E, D_E)
    t[f"{prefix}embeddings.position_embeddings.weight"] = r(P_E, D_E)
    t[f"{prefix}embeddings.token_type_embeddings.weight"] = r(2, D_E)
    norm("embeddings.LayerNorm")
    for i in range(L_E):
        layer = f"encoder.layer.{i}."
        for part in ("query", "key", "value"):
            linear(f"{layer}attention.self.{part}", D_E, D_E)
        linear(f"{layer}attention.output.dense", D_E, D_E)
        norm(f"{layer}attention.output.LayerNorm")
        linear(f"{layer}intermediate.dense", FF_E, D_E)
        linear(f"{layer}output.dense", D_E, FF_E)
        norm(f"{layer}output.LayerNorm")
    linear("pooler.dense", D_E, D_E)
    return t


def gpt2(prefix, vocabulary):
    t = collections.OrderedDict()
    r = torch.randn
    t[f"{prefix}wte.weight"] = r(vocabulary, D_D)
    t[f"{prefix}wpe.weight"] = r(P_D, D_D)

    def norm(name):
        t[f"{prefix}{name}.weight"] = 1 + 0.1 * r(D_D)
        t[f"{prefix}{name}.bias"] = 0.1 * r(D_D)

    def conv1d(name, inputs, outputs):
        t[f"{prefix}{name}.weight"] = r(inputs, outputs)
        t[f"{prefix}{name}.bias"] = r(outputs)

    for i in range(L_D):
        norm(f"h.{i}.ln_1")
        conv1d(f"h.{i}.attn.c_attn", D_D, 3 * D_D)
        conv1d(f"h.{i}.attn.c_proj", D_D, D_D)
        norm(f"h.{i}.ln_2")
        conv1d(f"h.{i}.mlp.c_fc", D_D, FF_D)
        conv1d(f"h.{i}.mlp.c_proj", FF_D, D_D)
    norm("ln_f")
    return t


def larimar():
    t = bert("model.encoder.")
    t["model.encoder.linear.weight"] = torch.randn(2 * C, D_E)
    t.update(gpt2("model.decoder.transformer.", V_D))
    t["model.decoder.transformer.linear.weight"] = torch.randn(D_D * L_D, C)
    t["model.decoder.transformer.linear_emb.weight"] = torch.randn(D_D, C)
    t["model.decoder.lm_head.weight"] = t["model.decoder.transformer.wte.weight"]  # one storage, as in the reference
    t["model.memory.memory_mean"] = torch.randn(K, C)
    t["model.memory.memory_logvar"] = torch.zeros(1)
    t["model.memory.ben_cohen_memory_init"] = torch.full((1,), -5.0)
    t["model.memory.w_logvar.weight"] = torch.randn(K, C * K)
    t["model.memory.w_logvar.bias"] = torch.randn(K)
    return t


def expected_bert(t, prefix, weight="weight", bias="bias"):
    def at(name):
        return t[prefix + name].float()

    e = {"encoder_tokens": at("embeddings.word_embeddings.weight"),
         "encoder_positions": at("embeddings.position_embeddings.weight") + at("embeddings.token_type_embeddings.weight")[0],
         "encoder_embedding_norm.weight": at(f"embeddings.LayerNorm.{weight}"),
         "encoder_embedding_norm.bias": at(f"embeddings.LayerNorm.{bias}"),
         "pooler.weight": at("pooler.dense.weight"), "pooler.bias": at("pooler.dense.bias")}
    for i in range(L_E):
        layer, name = f"encoder.layer.{i}.", f"encoder.{i}."
        for part in ("weight", "bias"):
            e[f"{name}qkv.{part}"] = torch.cat([at(f"{layer}attention.self.{x}.{part}") for x in ("query", "key", "value")])
            for ours, theirs in (("out", "attention.output.dense"), ("up", "intermediate.dense"), ("down", "output.dense")):
                e[f"{name}{ours}.{part}"] = at(f"{layer}{theirs}.{part}")
        for ours, theirs in (("norm1", "attention.output.LayerNorm"), ("norm2", "output.LayerNorm")):
            e[f"{name}{ours}.weight"] = at(f"{layer}{theirs}.{weight}")
            e[f"{name}{ours}.bias"] = at(f"{layer}{theirs}.{bias}")
    return e


def expected_gpt2(t, prefix):
    def at(name):
        return t[prefix + name].float()

    e = {"tokens": at("wte.weight"), "decoder_positions": at("wpe.weight"),
         "decoder_norm.weight": at("ln_f.weight"), "decoder_norm.bias": at("ln_f.bias")}
    for i in range(L_D):
        layer, name = f"h.{i}.", f"decoder.{i}."
        for ours, theirs in (("norm1", "ln_1"), ("norm2", "ln_2")):
            for part in ("weight", "bias"):
                e[f"{name}{ours}.{part}"] = at(f"{layer}{theirs}.{part}")
        for ours, theirs in (("qkv", "attn.c_attn"), ("out", "attn.c_proj"), ("up", "mlp.c_fc"), ("down", "mlp.c_proj")):
            e[f"{name}{ours}.weight"] = at(f"{layer}{theirs}.weight").T
            e[f"{name}{ours}.bias"] = at(f"{layer}{theirs}.bias")
    return e


def expected_larimar(t):
    e = expected_bert(t, "model.encoder.") | expected_gpt2(t, "model.decoder.transformer.")
    e["to_latent.weight"] = t["model.encoder.linear.weight"][:C].float()
    e["slot.weight"] = t["model.decoder.transformer.linear.weight"].float()
    e["latent_embedding.weight"] = t["model.decoder.transformer.linear_emb.weight"].float()
    e["memory_prior"] = t["model.memory.memory_mean"].float()
    return e


def save_expected(tensors, path, dtype=torch.float32):
    save_file({name: tensor.to(dtype).contiguous() for name, tensor in tensors.items()}, str(path))


class Callback:
    """A class that Hayloft does not know; its objects must not keep the tensors from being read."""

    def __init__(self):
        self.best = 0.5
        self.path = pathlib.PurePosixPath("/checkpoints/last.ckpt")


class AttributeDict(dict):
    """Like Lightning's: an object with items."""


def lightning(state):
    adam = {i: {"step": torch.tensor(7.0), "exp_avg": torch.randn(3)} for i in range(3)}
    hyper = AttributeDict(memory_size=K, latent_size=C, pseudoinverse_approx_step=15, observation_noise_std=1e-6, w_logvar_setting=3,
                          identity=True, direct_writing=True, ordering=False, deterministic_w=False, encoder_model_name="bert-large-cased",
                          cache_dir=pathlib.PurePosixPath("../cache"), namespace=argparse.Namespace(lr=5e-6, tags=["a", "b"]), nothing=None,
                          betas=(0.9, 0.999), big=1 << 80, seed=-42, negative=-(1 << 40))
    hyper["itself"] = hyper
    return {"epoch": 4, "global_step": 1000, "pytorch-lightning_version": "2.0.9", "state_dict": state, "loops": {"fit": {"state": {}}},
            "callbacks": {"Checkpoint": Callback()}, "optimizer_states": [{"state": adam, "param_groups": [{"params": [0, 1, 2], "lr": 5e-6}]}],
            "lr_schedulers": [], "hyper_parameters": hyper}


class Evil:
    def __reduce__(self):
        return os.system, ("touch /tmp/hayloft-was-here",)


def save_raw(path, pickled, entries=(), folder="archive", compression=zipfile.ZIP_STORED):
    """A checkpoint around a pickle of one's own."""
    with zipfile.ZipFile(path, "w", compression) as archive:
        archive.writestr(f"{folder}/data.pkl", pickled)
        archive.writestr(f"{folder}/byteorder", "little")
        for name, data in entries:
            archive.writestr(f"{folder}/{name}", data)


def rebuild(shape, stride, offset=0, numel=4, key="0", storage="FloatStorage"):
    """Opcodes of one tensor, with values that torch would not write."""
    def integer(n):
        return b"\x8a\x08" + struct.pack("<q", n)

    def tuple_of(*items):
        return b"(" + b"".join(items) + b"t"

    def text(s):
        return b"X" + struct.pack("<I", len(s)) + s.encode()

    persistent = tuple_of(text("storage"), b"ctorch\n" + storage.encode() + b"\n", text(key), text("cpu"), integer(numel)) + b"Q"
    return (b"ctorch._utils\n_rebuild_tensor_v2\n(" + persistent + integer(offset) + tuple_of(*map(integer, shape)) + tuple_of(*map(integer, stride))
            + b"\x89ccollections\nOrderedDict\n)RtR")


def state_pickle(body, name="a"):
    return b"\x80\x02}X\x0a\x00\x00\x00state_dict}X" + struct.pack("<I", len(name)) + name.encode() + body + b"ss."


def hostile(out):
    state = {"a": torch.ones(2)}
    torch.save({"state_dict": state, "callbacks": Evil()}, out / "evil-callback.ckpt")
    torch.save({"state_dict": {**state, "model.b": Evil()}}, out / "evil-entry.ckpt")
    torch.save({"state_dict": {**state, "model.sparse": torch.eye(3).to_sparse()}}, out / "sparse.ckpt")
    torch.save({"state_dict": {**state, "model.complex": torch.ones(2, dtype=torch.complex64)}}, out / "complex.ckpt")
    torch.save([1, 2, 3], out / "list.ckpt")
    torch.save({"state_dict": state}, out / "old-format.ckpt", _use_new_zipfile_serialization=False)
    data = [("data/0", struct.pack("<4f", 1, 2, 3, 4))]
    for name, body in {"negative-stride": rebuild([2, 2], [-2, 1], 2), "beyond": rebuild([3], [1], 2), "expanded": rebuild([1 << 40, 1 << 20], [0, 0]),
                       "overflow": rebuild([1 << 62, 4], [1 << 62, 1]), "huge-stride": rebuild([2, 2], [1 << 62, 1]), "negative-size": rebuild([-1], [1]),
                       "negative-offset": rebuild([2], [1], -1), "short-storage": rebuild([100], [1], 0, 100), "no-data": rebuild([2], [1], key="7"),
                       "long-key": rebuild([2], [1], key="k" * 100)}.items():
        save_raw(out / f"{name}.ckpt", state_pickle(body), data)
    save_raw(out / "deep.ckpt", b"\x80\x02" + b"]" * 20000 + b"a" * 19999 + b".")
    save_raw(out / "deep-marks.ckpt", b"\x80\x02" + b"(" * 20000 + b"l" * 20000 + b".")
    save_raw(out / "huge-memo.ckpt", b"\x80\x02}r\xff\xff\xff\xff.")
    save_raw(out / "endless-text.ckpt", b"\x80\x04\x8d" + struct.pack("<Q", (1 << 64) - 1) + b"x.")
    save_raw(out / "protocol-0.ckpt", pickle.dumps({"a": 1}, 0))
    save_raw(out / "buffers.ckpt", b"\x80\x05\x97.")
    save_raw(out / "truncated-pickle.ckpt", b"\x80\x02}X\x0a\x00\x00\x00state")
    save_raw(out / "compressed.ckpt", state_pickle(rebuild([4], [1])), [("data/0", bytes(100000))], compression=zipfile.ZIP_DEFLATED)
    with zipfile.ZipFile(out / "big-endian.ckpt", "w") as archive:
        archive.writestr("archive/data.pkl", state_pickle(rebuild([4], [1])))
        archive.writestr("archive/byteorder", "big")
        archive.writestr("archive/data/0", data[0][1])
    with zipfile.ZipFile(out / "torchscript.ckpt", "w") as archive:
        archive.writestr("archive/data.pkl", b"\x80\x02}.")
        archive.writestr("archive/constants.pkl", b"\x80\x02).")
    with zipfile.ZipFile(out / "no-pickle.ckpt", "w") as archive:
        archive.writestr("readme.txt", "nothing here")
    import warnings
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        with zipfile.ZipFile(out / "twice.ckpt", "w") as archive:
            archive.writestr("archive/data.pkl", b"\x80\x02}.")
            archive.writestr("archive/data.pkl", b"\x80\x02}.")


def all_types():
    base = torch.arange(24, dtype=torch.float32).reshape(4, 6) - 7.25
    t = collections.OrderedDict(
        f32=base.clone(), f16=base.half(), bf16=base.bfloat16(), f64=base.double(), i64=torch.arange(5), i32=torch.arange(5, dtype=torch.int32),
        i16=torch.arange(5, dtype=torch.int16), i8=torch.arange(5, dtype=torch.int8), u8=torch.arange(5, dtype=torch.uint8),
        truth=torch.tensor([True, False]), scalar=torch.tensor(3.5), empty=torch.zeros(0, 4), transposed=base.T, column=base[:, 2], row=base[2],
        steps=base[::2, 1::2], shared=base)
    t["parameter"] = torch.nn.Parameter(torch.tensor([1.5, -2.5]))
    return t


def pickles(out):
    """The same values in every protocol, and as JSON (bytes in hex, tuples and sets as lists)."""
    shared = ["shared", 1]
    values = {"none": None, "true": True, "false": False, "empty": [[], {}, (), ""],
              "ints": [0, 1, -1, 255, 256, 65535, 65536, -32769, (1 << 31) - 1, -(1 << 31), 1 << 31, (1 << 62) + 3, -(1 << 63), (1 << 63) - 1],
              "floats": [0.0, -0.5, 1e-300, 3.141592653589793, 1e300], "texts": ["ä€😀", "line\nbreak", "x" * 300],
              "tuples": [(1,), (1, 2), (1, 2, 3), (1, 2, 3, 4)], "nested": {"a": {"b": [{"c": (1, [2, {"d": 3}])}]}}, "set": {7},
              "ordered": collections.OrderedDict(z=1, a=2), "shared": [shared, shared, {"again": shared}], "many": list(range(2000))}
    raw = bytes(range(256)) * 2
    for protocol in range(2, 6):
        (out / f"values-{protocol}.pkl").write_bytes(pickle.dumps(values | ({"bytes": [b"", raw]} if protocol > 2 else {}), protocol))
    values["set"] = [7]
    values["bytes"] = [{"hex": ""}, {"hex": raw.hex()}]
    (out / "values.json").write_text(json.dumps(values))


def vocabularies(out):
    pieces = ["[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"] + [chr(97 + i) for i in range(V_E - 5)]
    (out / "vocab.txt").write_text("\n".join(pieces) + "\n")
    letters = [chr(97 + i) for i in range(V_D - 3 - 3)] + ["ab", "abc"]
    (out / "vocab.json").write_text(json.dumps({piece: i for i, piece in enumerate(letters + ["<|endoftext|>"])}))
    (out / "merges.txt").write_text("#version: 0.2\na b\nab c\n")


def pairs(out):
    encoder, decoder = out / "bert-tiny", out / "gpt2-tiny"
    for folder in (encoder, decoder):
        folder.mkdir(exist_ok=True)
    b, g = bert("bert.", old_norms=True), gpt2("", V_D - 3)
    save_expected(expected_bert(b, "bert.", "gamma", "beta"), out / "bert-expected.safetensors")
    e = expected_gpt2(g, "")
    e["tokens"] = torch.cat([e["tokens"], e["tokens"].double().mean(0).float().expand(3, -1)])
    save_expected(e, out / "gpt2-expected.safetensors")
    b["cls.predictions.bias"] = torch.zeros(V_E)
    b["bert.embeddings.position_ids"] = torch.arange(P_E)[None]
    for i in range(L_D):
        g[f"h.{i}.attn.bias"] = torch.ones(1, 1, P_D, P_D).tril()
    save_file({k: v.contiguous() for k, v in b.items()}, str(encoder / "model.safetensors"), {"format": "pt"})
    torch.save(g, decoder / "pytorch_model.bin")
    (encoder / "config.json").write_text(json.dumps({"model_type": "bert", "hidden_act": "gelu", "layer_norm_eps": 1e-12, "num_attention_heads": 2, "hidden_size": D_E}))
    (decoder / "config.json").write_text(json.dumps({"model_type": "gpt2", "activation_function": "gelu_new", "layer_norm_epsilon": 1e-5, "n_head": 3, "n_embd": D_D}))
    (encoder / "vocab.txt").write_text((out / "vocab.txt").read_text())
    for name in ("vocab.json", "merges.txt"):
        (decoder / name).write_text((out / name).read_text())


def seeds(out, folder):
    """What the fuzzers start from: whole files for the archive and safetensors, bare pickles, vocabularies."""
    for kind in ("checkpoint", "pickle", "safetensors", "vocabulary"):
        (folder / kind).mkdir(parents=True, exist_ok=True)
    for path in [out / "types.ckpt", out / "no-crc.ckpt", *sorted((out / "hostile").glob("*.ckpt"))]:
        data = path.read_bytes()
        if len(data) > 6000:
            continue
        (folder / "checkpoint" / path.name).write_bytes(data)
        if zipfile.is_zipfile(path) and path.stem != "no-crc":  # whose checksums Python misses
            with zipfile.ZipFile(path) as archive:
                name = next((n for n in archive.namelist() if n.endswith("data.pkl")), None)
                if name:
                    (folder / "pickle" / f"{path.stem}.pkl").write_bytes(archive.read(name))
    with zipfile.ZipFile(out / "tiny.ckpt") as archive:
        (folder / "pickle" / "tiny.pkl").write_bytes(archive.read("tiny/data.pkl"))
    (folder / "safetensors" / "types.safetensors").write_bytes((out / "types.safetensors").read_bytes())
    small = {"embeddings.word_embeddings.weight": torch.ones(2, 2), "wte.weight": torch.ones(2, 2), "lm_head.weight": torch.ones(2, 2)}
    save_file(small, str(folder / "safetensors" / "names.safetensors"), {"format": "pt"})
    (folder / "vocabulary" / "bert").write_text((out / "vocab.txt").read_text())
    (folder / "vocabulary" / "gpt2").write_text("g" + (out / "vocab.json").read_text() + "\0" + (out / "merges.txt").read_text())


def main():
    out = pathlib.Path(sys.argv[1])
    out.mkdir(parents=True, exist_ok=True)
    torch.manual_seed(5)
    state = larimar()
    torch.save(lightning(state), out / "tiny.ckpt")
    for dtype, name in ((torch.float32, "f32"), (torch.float16, "f16"), (torch.bfloat16, "bf16")):
        save_expected(expected_larimar(state), out / f"tiny-{name}.safetensors", dtype)
    torch.save({name: tensor.half() for name, tensor in state.items()}, out / "tiny-half.bin", pickle_protocol=4)
    types = all_types()
    torch.save(types, out / "types.ckpt")
    save_file({name: tensor.detach().contiguous().clone() for name, tensor in types.items()}, str(out / "types.safetensors"))
    torch.serialization.set_crc32_options(False)
    torch.save({"state_dict": {"a": torch.arange(4.0)}}, out / "no-crc.ckpt")
    torch.serialization.set_crc32_options(True)
    pickles(out)
    vocabularies(out)
    pairs(out)
    bad = out / "hostile"
    bad.mkdir(exist_ok=True)
    hostile(bad)
    if len(sys.argv) > 2:
        seeds(out, pathlib.Path(sys.argv[2]))
    for path in sorted(out.rglob("*")):
        assert path.is_dir() or path.stat().st_size < 60_000, path


if __name__ == "__main__":
    main()
