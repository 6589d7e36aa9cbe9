"""A fast look at first replies during development: one batched pass instead of decoding token by token.

    python3 -m trainer.quick --checkpoint run/average.pt --data evaluation/dev.jsonl [--show]

A reply counts as right when, along the wanted reply, no allowed token beats the wanted one; greedy decoding then says exactly
that reply. (It can say the same text in other tokens, so these figures are a lower bound; evaluate.py decodes for real.)
"""
import argparse
import json
from collections import defaultdict
from pathlib import Path

import torch

from .config import SMALL_TALK_ANSWERS, TOOLS, refusal
from .conversation import call_text
from .decode import Constraint, generate
from .evaluate import prompt_of
from .model import load_checkpoint
from .tokenizer import Tokenizer


def wanted_replies(row: dict) -> list[str]:
    if row["tool"] == "none":
        return [answer + "<|im_end|>" for answer in [refusal(row.get("tools", TOOLS)), *SMALL_TALK_ANSWERS]]
    return [call_text(row["tool"], row["arguments"])]


@torch.no_grad()
def judge(model, tokenizer: Tokenizer, row: dict) -> tuple[bool, bool]:
    """Whether the reply is right freely and with span decoding."""
    prompt = tokenizer.encode(prompt_of(row))
    free = held = False
    for reply in wanted_replies(row):
        ids = tokenizer.encode(reply)
        logits = model.logits(model(torch.tensor([prompt + ids[:-1]]))[0, len(prompt) - 1:])
        better = logits > logits.gather(1, torch.tensor(ids)[:, None])
        if not better[0].any() and not better.any():
            return True, True
        if row["tool"] == "none" and better[0].any():
            continue
        constraint = Constraint(row.get("tools", TOOLS), row["user"], None, tokenizer.bytes)
        right = True
        for token, rivals in zip(ids, better):
            if any(constraint.allows(t) for t in rivals.nonzero().flatten().tolist()) or not constraint.allows(token):
                right = False
                break
            constraint.take(token)
        held = held or right
    return free, held


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--show", action="store_true", help="decode and print the rows that fail (development sets only)")
    arguments = parser.parse_args()
    if arguments.show and arguments.data.name == "test.jsonl":
        parser.error("the test set's sentences are not to be looked at")
    torch.set_num_threads(1)
    model, saved = load_checkpoint(arguments.checkpoint)
    tokenizer = Tokenizer.load(arguments.tokenizer or arguments.checkpoint.parent)
    totals = defaultdict(lambda: [0, 0, 0])
    for line in arguments.data.read_text(encoding="utf-8").splitlines():
        row = json.loads(line)
        free, held = judge(model, tokenizer, row)
        total = totals[row["tool"]]
        total[0] += 1
        total[1] += free
        total[2] += held
        if arguments.show and not held:
            prompt = tokenizer.encode(prompt_of(row))
            said = generate(model, tokenizer, prompt, Constraint(row.get("tools", TOOLS), row["user"], None, tokenizer.bytes), 60)
            short = tokenizer.decode(said).split('"arguments": ')
            print(f"  {row['tool']}: {row['user']} | {short[0].split(': ')[-1][:14] if len(short) > 1 else ''} {short[-1][:70]!r}")
    figures = ", ".join(f"{k} {t[1]}/{t[2]} of {t[0]} ({100 * t[2] / t[0]:.0f} %)" for k, t in sorted(totals.items()))
    print(f"{arguments.data.name} after {saved.get('tokens', 0):,} tokens, calls free/spans: {figures}")


if __name__ == "__main__":
    main()
