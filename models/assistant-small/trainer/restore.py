"""Turns a shipped fp32 model.onnx back into a checkpoint, so that training can go on from it.

    python3 -m trainer.restore --folder . --run run
"""
import argparse
import shutil
from collections.abc import Iterator
from pathlib import Path

import numpy as np
import torch

from .config import ModelConfig
from .model import Assistant, save_checkpoint
from .protobuf import FLOAT


def _fields(data: memoryview) -> Iterator[tuple[int, int | memoryview]]:
    """Number and value of each field of a message: varints as integers, everything else as bytes."""
    at = 0

    def varint() -> int:
        nonlocal at
        value = shift = 0
        while True:
            byte = data[at]
            at += 1
            value |= (byte & 127) << shift
            shift += 7
            if byte < 128:
                return value

    while at < len(data):
        key = varint()
        if key & 7 == 0:
            yield key >> 3, varint()
            continue
        size = {1: 8, 5: 4}.get(key & 7) or varint()
        yield key >> 3, data[at:at + size]
        at += size


def tensors(model: bytes) -> dict[str, np.ndarray]:
    """The float tensors of an ONNX file by name; the field numbers are those protobuf.py writes."""
    out = {}
    graph = next(value for field, value in _fields(memoryview(model)) if field == 7)
    for tensor in (value for field, value in _fields(graph) if field == 5):
        parts = list(_fields(tensor))
        named = {field: value for field, value in parts if field in (2, 8, 9)}
        if named[2] == FLOAT:
            shape = [value for field, value in parts if field == 1]
            out[bytes(named[8]).decode()] = np.frombuffer(named[9], np.float32).reshape(shape).copy()
    return out


def restore(model: bytes) -> Assistant:
    """The network of an exported fp32 file; its sizes must be the ones config.py gives."""
    found = tensors(model)
    if "lm_head.weight" not in found:
        raise SystemExit("only fp32 files can be restored")
    assistant = Assistant(ModelConfig(vocabulary=found["embed_tokens.weight"].shape[0]))
    weights = {"embedding": found["embed_tokens.weight"], "norm": found["norm"]}
    for i in range(assistant.config.layers):
        p = f"layers.{i}"
        weights |= {f"{p}.{n}": found[f"{p}.{n}"] for n in ("norm1", "norm2")}
        weights |= {f"{p}.{n}": found[f"{p}.{n}.weight"].T for n in ("qkv", "out", "down")}
        weights[f"{p}.gate_up"] = np.concatenate([found[f"{p}.gate.weight"].T, found[f"{p}.up.weight"].T])
    assistant.load_state_dict({name: torch.from_numpy(np.ascontiguousarray(value)) for name, value in weights.items()})
    return assistant


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, default=Path("."), help="folder of model.onnx and tokenizer.json")
    parser.add_argument("--run", type=Path, required=True)
    arguments = parser.parse_args()
    arguments.run.mkdir(parents=True, exist_ok=True)
    model = restore((arguments.folder / "model.onnx").read_bytes())
    average = {name: value.clone() for name, value in model.state_dict().items()}
    save_checkpoint(arguments.run / "last.pt", model, optimizer={}, average=average, tokens=0, step=0)
    shutil.copy(arguments.folder / "tokenizer.json", arguments.run)
    print(f"{model.parameter_count():,} parameters")


if __name__ == "__main__":
    main()
