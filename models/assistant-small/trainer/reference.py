"""Writes check vectors for other implementations: token ids of 200 texts, and 24 prompts with greedy replies and logits.

    python3 -m trainer.reference --checkpoint run/average.pt --out evaluation
"""
import argparse
import json
import random
from pathlib import Path

import torch

from .config import TOOLS
from .conversation import Sampler, call_text, response_text, system_text, user_text
from .decode import Constraint, generate
from .holdout import Holdout
from .model import load_checkpoint
from .tokenizer import Tokenizer

ODD_TEXTS = [
    "", " ", "  two  spaces  ", "\n", "a\nb\n\nc", "tab\tand\r\nreturn", "1234567890", "3.14159", "12x34", "x²+½", "naïve café",
    "Zürich, São Paulo, Kraków", "Привет, мир", "東京の時間", "שלום", "مرحبا", "🙂🚀 ok", "e\u0301 combining", "don't I'll we've they're I'd I'm",
    "DON'T I'LL", "'s 't 're", "a-b_c.d,e;f:g!h?i", "{\"name\": \"clock\", \"arguments\": {}}", "<|im_start|>user\nhi<|im_end|>\n",
    "<tool_call>\n</tool_call>", "<|span|>391<|/span|>", "<|span|", "<|im_end|><|im_end|>", "https://example.com/a?b=c&d=%20", "C:\\temp\\x",
    "\u00a0non-breaking", "trailing ", "ALL CAPS TEXT", "camelCaseWord snake_case_word", "100%*80", "(3+4)*2^10", "\u200bzero width", "…—–“”‘’", "\x00\x01\x7f", "ﬁ ligature"]


def tokenizer_vectors(tokenizer: Tokenizer, sampler: Sampler, rng: random.Random, count: int) -> list[dict]:
    texts = list(ODD_TEXTS)
    while len(texts) < count:
        pieces = sampler.conversation(rng)
        texts.append("".join(t for t, _ in pieces) if len(texts) % 2 else sampler.exchange(rng).user)
    return [{"text": t, "ids": tokenizer.encode(t)} for t in texts]


def prompts(sampler: Sampler, rng: random.Random, count: int) -> list[tuple[str, str, str | None]]:
    """Prompt, user text and tool response (None before the call); calls and answers take turns."""
    out = []
    kinds = ["calculator", "clock", "remember", "recall", "search", "none"]
    for i in range(count):
        exchange = sampler.exchange(rng, kinds[i // 2 % 6])
        text = system_text(TOOLS) + user_text(exchange.user)
        if i % 2 and exchange.tool:
            out.append((text + call_text(exchange.tool, exchange.arguments) + response_text(exchange.result), exchange.user, exchange.result))
        else:
            out.append((text, exchange.user, None))
    return out


@torch.no_grad()
def reference_vectors(model, tokenizer: Tokenizer, cases) -> list[dict]:
    out = []
    for text, user, response in cases:
        ids = tokenizer.encode(text)
        logits = model.logits(model(torch.tensor([ids]))[0, -1])
        constraint = Constraint(TOOLS, user, response, tokenizer.bytes)
        out.append({"prompt": text, "ids": ids, "greedy": generate(model, tokenizer, ids),
                    "spans": generate(model, tokenizer, ids, constraint), "user": user, "response": response,
                    "logits": [round(float(x), 5) for x in logits[:8]], "best": int(logits.argmax())})
    return out


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, help="folder of tokenizer.json; the checkpoint's folder by default")
    parser.add_argument("--out", type=Path, required=True)
    arguments = parser.parse_args()
    torch.set_num_threads(1)
    model, _ = load_checkpoint(arguments.checkpoint)
    tokenizer = Tokenizer.load(arguments.tokenizer or arguments.checkpoint.parent)
    sampler, rng = Sampler(Holdout()), random.Random(20260)
    arguments.out.mkdir(parents=True, exist_ok=True)
    for name, rows in (("tokenizer.json", tokenizer_vectors(tokenizer, sampler, rng, 200)),
                       ("reference.json", reference_vectors(model, tokenizer, prompts(sampler, rng, 24)))):
        lines = ",\n".join(json.dumps(row, ensure_ascii=False) for row in rows)
        (arguments.out / name).write_text(f"[\n{lines}\n]\n", encoding="utf-8")


if __name__ == "__main__":
    main()
