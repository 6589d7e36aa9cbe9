"""Measures how far the test set's sentence frames are apart from the training grammar's, and evaluates on the frames training never uses.

The check that runs while training (holdout.py) compares arguments and whole sentences. It cannot see a frame that both sides share, such as
"what time is it in ...". This audit can: it reads the test set, so it is for judging weights that are finished, never for making new ones.
"""
import argparse
import json
import random
import re
from pathlib import Path

from .conversation import Sampler
from .holdout import Holdout

_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_OTHER = re.compile(r"[^\w<>#%+*/^()-]+")


def frame(user: str, tool: str | None, arguments: dict | None) -> str:
    """A sentence with its argument (calculator: every number) taken out, without case and punctuation."""
    text = user.replace("’", "'")
    if tool == "calculator":
        text = _NUMBER.sub("#", text)
    else:
        for value in (arguments or {}).values():
            text = text.replace(value.replace("’", "'"), "<>", 1)
    return _OTHER.sub(" ", text.lower().replace("'", "")).strip()


def training_frames(samples: int, seed: int) -> dict[str, set[str]]:
    """Frames of that many drawn exchanges, by tool ("none" where there is no call)."""
    sampler, rng = Sampler(Holdout()), random.Random(seed)
    frames: dict[str, set[str]] = {}
    for _ in range(samples):
        exchange = sampler.exchange(rng)
        frames.setdefault(exchange.tool or "none", set()).add(frame(exchange.user, exchange.tool, exchange.arguments))
    return frames


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--data", type=Path, required=True)
    parser.add_argument("--samples", type=int, default=200_000, help="about as many as the shipped weights were trained on")
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--disjoint", type=Path, help="write the rows whose frame training never used, for trainer.evaluate")
    arguments = parser.parse_args()
    seen = training_frames(arguments.samples, arguments.seed)
    rows = [json.loads(line) for line in arguments.data.read_text(encoding="utf-8").splitlines()]
    kept, totals = [], {}
    for row in rows:
        shared = frame(row["user"], row["tool"], row["arguments"]) in seen.get(row["tool"], set())
        count = totals.setdefault(row["tool"], [0, 0])
        count[0] += 1
        count[1] += shared
        if not shared:
            kept.append(row)
    for tool, (total, shared) in sorted(totals.items()):
        print(f"{tool}: {total} sentences, {shared} whose frame occurs among {len(seen.get(tool, ())):,} training frames")
    if arguments.disjoint:
        arguments.disjoint.write_text("".join(json.dumps(row, ensure_ascii=False) + "\n" for row in kept), encoding="utf-8")


if __name__ == "__main__":
    main()
