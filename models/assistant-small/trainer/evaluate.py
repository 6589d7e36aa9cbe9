"""Exact match per tool: the right tool, every argument, and the right answer from the tool's result.

    python3 -m trainer.evaluate --checkpoint run/average.pt --data evaluation/test.jsonl

Prints totals only unless --show is given, which must not be used with the test set.
"""
import argparse
import json
import random
import re
from collections import defaultdict
from pathlib import Path

import torch

from .config import CALL, SMALL_TALK_ANSWERS, TOOLS, refusal
from .conversation import call_text, final_answer, response_text, system_text, user_text
from .decode import Constraint, generate
from .model import load_checkpoint
from .tokenizer import Tokenizer

_MARKS = re.compile(r"<\|/?span\|>")


def prompt_of(row: dict) -> str:
    """The row's conversation up to the model's turn: the tools offered, perhaps an earlier exchange in plain words, the sentence."""
    history = row.get("history")
    earlier = user_text(history["user"]) + history["assistant"] + "<|im_end|>\n" if history else ""
    return system_text(row.get("tools", TOOLS)) + earlier + user_text(row["user"])


def result_of(row: dict) -> str:
    """A plausible tool result, drawn from the row's own seed: the model has to copy it, whatever it is."""
    rng = random.Random(row["user"])
    arguments = row["arguments"]
    if row["tool"] == "calculator":
        return str(rng.choice([rng.randrange(100_000), round(rng.random() * 1000, 3), -rng.randrange(1000)]))
    if row["tool"] == "remember":
        return "ok"
    if row["tool"] == "recall":
        return f"{arguments['subject']} is {rng.choice(['', 'at ', 'called '])}{rng.randrange(10_000)}-{rng.choice('ABCDEF')}"
    if row["tool"] == "search":
        return rng.choice([f"[1] {rng.choice(['Rules', 'old notes'])} {rng.randrange(100)}.{rng.choice(['md', 'pdf'])}: The {rng.choice(['blue', 'second'])} form goes to room {rng.randrange(10_000)} "
                           f"by {rng.randint(1, 12)} pm, with {rng.choice(['two copies', 'a stamp'])}.\n[2] other.txt: Nothing of use.", "nothing found"])
    if "place" not in arguments:
        return "no place given"
    day = rng.choice(["Monday", "Thursday", "Saturday"])
    return (f"{rng.randrange(24):02}:{rng.randrange(60):02} on {day}, {rng.randint(1, 28)} "
            f"{rng.choice(['March', 'July', 'November'])} 2026 ({rng.choice(['Asia/Tashkent', 'Africa/Lome', 'Europe/Skopje'])})")


class Evaluation:
    """Runs rows through the model, freely or with span decoding."""

    def __init__(self, model, tokenizer: Tokenizer, spans: bool):
        self._model, self._tokenizer, self._spans = model, tokenizer, spans

    def _reply(self, tools: list[str], text: str, user: str, response: str | None) -> str:
        constraint = Constraint(tools, user, response, self._tokenizer.bytes) if self._spans else None
        return self._tokenizer.decode(generate(self._model, self._tokenizer, self._tokenizer.encode(text), constraint))

    def row(self, row: dict) -> tuple[bool, bool, str]:
        """Whether the call is right, whether the answer is right too, and what was said last."""
        tools, prompt = row.get("tools", TOOLS), prompt_of(row)
        said = self._reply(tools, prompt, row["user"], None)
        if row["tool"] == "none":
            right = said.removesuffix("<|im_end|>") in [refusal(tools), *SMALL_TALK_ANSWERS]
            return right, right, said
        if said != call_text(row["tool"], row["arguments"]):
            return False, False, said
        result = result_of(row)
        answer = self._reply(tools, prompt + said + response_text(result), row["user"], result)
        wanted = final_answer(row["tool"], row["arguments"], result)
        return True, _MARKS.sub("", answer) == _MARKS.sub("", wanted) + "<|im_end|>", answer


def evaluate(evaluation: Evaluation, rows: list[dict], show: bool) -> dict[str, list[int]]:
    """Totals per tool: rows, right calls, right calls and answers."""
    totals: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0])
    for row in rows:
        call, answer, said = evaluation.row(row)
        total = totals[row["tool"]]
        total[0] += 1
        total[1] += call
        total[2] += answer
        if show and not (call and answer):
            print(f"  {row['tool']}: {row['user']!r} -> {said!r}")
    return totals


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--checkpoint", type=Path, required=True)
    parser.add_argument("--tokenizer", type=Path, help="folder of tokenizer.json; the checkpoint's folder by default")
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--mode", choices=["free", "spans", "both"], default="both")
    parser.add_argument("--show", action="store_true", help="print the rows that fail (development sets only)")
    arguments = parser.parse_args()
    if arguments.show and arguments.data.name == "test.jsonl":
        parser.error("the test set's sentences are not to be looked at")
    torch.set_num_threads(1)
    model, saved = load_checkpoint(arguments.checkpoint)
    tokenizer = Tokenizer.load(arguments.tokenizer or arguments.checkpoint.parent)
    rows = [json.loads(line) for line in arguments.data.read_text(encoding="utf-8").splitlines()]
    for mode in ["free", "spans"] if arguments.mode == "both" else [arguments.mode]:
        totals = evaluate(Evaluation(model, tokenizer, mode == "spans"), rows, arguments.show)
        figures = ", ".join(f"{tool} {t[2]}/{t[0]} = {100 * t[2] / t[0]:.1f} % (call {t[1]})" for tool, t in sorted(totals.items()))
        print(f"{arguments.data.name} after {saved.get('tokens', 0):,} tokens, {mode}: {figures}", flush=True)


if __name__ == "__main__":
    main()
