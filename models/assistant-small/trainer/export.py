"""Writes the model folder: model.onnx (fp32 or int8), genai_config.json, the tokenizer files and agentsystem.json.

    python3 -m trainer.export --checkpoint run/last.pt --out . [--precision int8]
"""
import argparse
import json
from pathlib import Path

import numpy as np

from .config import END_OF_TEXT, IM_END, IM_START, SPAN, SPAN_END, ModelConfig
from .model import Assistant, load_checkpoint, rotary_tables
from .protobuf import CONTRIB, FLOAT, INT32, INT64, Graph
from .tokenizer import Tokenizer

BLOCK = 32  # weights that share one scale in MatMulNBits


def quantize(weight: np.ndarray) -> tuple[np.ndarray, np.ndarray]:
    """Symmetric 8-bit blocks of [out, in]: bytes around 128 and one scale per block, the layout of MatMulNBits."""
    out, size = weight.shape
    blocks = weight.reshape(out, size // BLOCK, BLOCK)
    extreme = np.take_along_axis(blocks, np.abs(blocks).argmax(-1)[..., None], -1)[..., 0]
    scales = np.where(extreme == 0, 1e-8, extreme / -128).astype(np.float32)
    levels = np.clip(np.rint(blocks / scales[..., None]) + 128, 0, 255).astype(np.uint8)
    return levels, scales.reshape(-1)


class Exporter:
    """Builds the graph layer by layer; names and layout follow the ONNX Runtime GenAI model builder."""

    def __init__(self, model: Assistant, precision: str):
        self.config: ModelConfig = model.config
        self.weights = {n: p.detach().numpy() for n, p in model.named_parameters()}
        self.precision = precision
        self.graph = Graph()

    def _linear(self, x: str, name: str, weight: np.ndarray, result: str) -> str:
        """x times the transpose of weight [out, in]."""
        if self.precision == "int8":
            levels, scales = quantize(weight)
            inputs = [x, self.graph.tensor(f"{name}.weight_Q", levels), self.graph.tensor(f"{name}.scales", scales)]
            return self.graph.node("MatMulNBits", inputs, [result], CONTRIB, K=weight.shape[1], N=weight.shape[0],
                                   bits=8, block_size=BLOCK, accuracy_level=4)
        return self.graph.node("MatMul", [x, self.graph.tensor(f"{name}.weight", weight.T)], [result])

    def _inputs(self) -> None:
        g, c = self.graph, self.config
        g.input("input_ids", INT64, "batch_size", "sequence_length")
        g.input("attention_mask", INT64, "batch_size", "total_sequence_length")
        g.output("logits", FLOAT, "batch_size", "sequence_length", c.vocabulary)
        for i in range(c.layers):
            for kind in ("key", "value"):
                g.input(f"past_key_values.{i}.{kind}", FLOAT, "batch_size", c.kv_heads, "past_sequence_length", c.head_size)
                g.output(f"present.{i}.{kind}", FLOAT, "batch_size", c.kv_heads, "total_sequence_length", c.head_size)

    def _lengths(self) -> None:
        """Derives GroupQueryAttention's length inputs from the attention mask."""
        g = self.graph
        g.tensor("one", np.array([1], np.int64))
        g.tensor("axis1", np.array([1], np.int64))
        g.tensor("index1", np.array(1, np.int64))
        g.node("ReduceSum", ["attention_mask", "axis1"], ["row_lengths"], keepdims=1)
        g.node("Sub", ["row_lengths", "one"], ["last_positions"])
        g.node("Cast", ["last_positions"], ["seqlens_k"], to=INT32)
        g.node("Shape", ["attention_mask"], ["mask_shape"])
        g.node("Gather", ["mask_shape", "index1"], ["total_length"], axis=0)
        g.node("Cast", ["total_length"], ["total_seq_len"], to=INT32)
        cos, sin = rotary_tables(self.config)
        g.tensor("cos_cache", cos.numpy())
        g.tensor("sin_cache", sin.numpy())

    def _layer(self, i: int, residual: str, x: str) -> tuple[str, str]:
        """One decoder layer; returns the residual stream and the branch still to be added to it."""
        g, c, w, p = self.graph, self.config, self.weights, f"layers.{i}"
        norm1 = g.tensor(f"{p}.norm1", w[f"{p}.norm1"])
        norm2 = g.tensor(f"{p}.norm2", w[f"{p}.norm2"])
        if i == 0:
            normed = g.node("SimplifiedLayerNormalization", [residual, norm1], [f"{p}.n1"],
                            axis=-1, epsilon=c.epsilon, stash_type=1)
        else:
            normed = g.node("SkipSimplifiedLayerNormalization", [residual, x, norm1],
                            [f"{p}.n1", "", "", f"{p}.r1"], CONTRIB, epsilon=c.epsilon)
            residual = f"{p}.r1"
        qkv = self._linear(normed, f"{p}.qkv", w[f"{p}.qkv"], f"{p}.qkv_out")
        attention = g.node(
            "GroupQueryAttention",
            [qkv, "", "", f"past_key_values.{i}.key", f"past_key_values.{i}.value", "seqlens_k", "total_seq_len",
             "cos_cache", "sin_cache"],
            [f"{p}.attention", f"present.{i}.key", f"present.{i}.value"], CONTRIB, num_heads=c.heads,
            kv_num_heads=c.kv_heads, scale=c.head_size ** -0.5, do_rotary=1, rotary_interleaved=0,
            local_window_size=-1, softcap=0.0)
        mixed = self._linear(attention, f"{p}.out", w[f"{p}.out"], f"{p}.out_out")
        normed = g.node("SkipSimplifiedLayerNormalization", [residual, mixed, norm2],
                        [f"{p}.n2", "", "", f"{p}.r2"], CONTRIB, epsilon=c.epsilon)
        gate_weight, up_weight = np.split(w[f"{p}.gate_up"], 2)
        gate = self._linear(normed, f"{p}.gate", gate_weight, f"{p}.gate_out")
        up = self._linear(normed, f"{p}.up", up_weight, f"{p}.up_out")
        g.node("Sigmoid", [gate], [f"{p}.sigmoid"])
        g.node("Mul", [gate, f"{p}.sigmoid"], [f"{p}.silu"])
        g.node("Mul", [f"{p}.silu", up], [f"{p}.gated"])
        return f"{p}.r2", self._linear(f"{p}.gated", f"{p}.down", w[f"{p}.down"], f"{p}.down_out")

    def build(self) -> bytes:
        g, c, w = self.graph, self.config, self.weights
        self._inputs()
        self._lengths()
        g.tensor("embed_tokens.weight", w["embedding"])
        residual, x = g.node("Gather", ["embed_tokens.weight", "input_ids"], ["embedded"]), ""
        for i in range(c.layers):
            residual, x = self._layer(i, residual, x)
        final = g.node("SkipSimplifiedLayerNormalization", [residual, x, g.tensor("norm", w["norm"])],
                       ["final"], CONTRIB, epsilon=c.epsilon)
        self._linear(final, "lm_head", w["embedding"], "logits")
        return g.serialize()


def genai_config(c: ModelConfig) -> dict:
    decoder = {
        "session_options": {"log_id": "onnxruntime-genai", "provider_options": []}, "filename": "model.onnx",
        "head_size": c.head_size, "hidden_size": c.width,
        "inputs": {"input_ids": "input_ids", "attention_mask": "attention_mask",
                   "past_key_names": "past_key_values.%d.key", "past_value_names": "past_key_values.%d.value"},
        "outputs": {"logits": "logits", "present_key_names": "present.%d.key", "present_value_names": "present.%d.value"},
        "num_attention_heads": c.heads, "num_hidden_layers": c.layers, "num_key_value_heads": c.kv_heads}
    search = {"diversity_penalty": 0.0, "do_sample": False, "early_stopping": True, "length_penalty": 1.0,
              "max_length": c.max_positions, "min_length": 0, "no_repeat_ngram_size": 0, "num_beams": 1,
              "num_return_sequences": 1, "past_present_share_buffer": True, "repetition_penalty": 1.0,
              "temperature": 1.0, "top_k": 1, "top_p": 1.0}
    model = {"bos_token_id": IM_START, "context_length": c.max_positions, "decoder": decoder,
             "eos_token_id": [IM_END, END_OF_TEXT], "pad_token_id": END_OF_TEXT, "type": "llama", "vocab_size": c.vocabulary}
    return {"model": model, "search": search}


AGENT_SYSTEM = {
    "family": "chatml", "system": "omit", "tools": "names", "history_exchanges": 1,
    "spans": {"open": SPAN, "close": SPAN_END},
    "description": "Small demonstration model trained by this project: it calls the calculator, clock, remember, "
                   "recall and search tools from English sentences; connect a larger model for anything else."}


def write_folder(model: Assistant, tokenizer: Tokenizer, out: Path, precision: str) -> int:
    """Writes every file the engine loads and returns the size of model.onnx."""
    out.mkdir(parents=True, exist_ok=True)
    data = Exporter(model, precision).build()
    (out / "model.onnx").write_bytes(data)
    for name, content in (("genai_config.json", genai_config(model.config)), ("agentsystem.json", AGENT_SYSTEM)):
        (out / name).write_text(json.dumps(content, indent=2) + "\n", encoding="utf-8")
    tokenizer.save(out)
    return len(data)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, help="folder of tokenizer.json; the checkpoint's folder by default")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--precision", choices=["fp32", "int8"], default="fp32")
    arguments = parser.parse_args()
    model, _ = load_checkpoint(arguments.checkpoint)
    tokenizer = Tokenizer.load(arguments.tokenizer or arguments.checkpoint.parent)
    print(write_folder(model, tokenizer, arguments.out, arguments.precision), "bytes")


if __name__ == "__main__":
    main()
