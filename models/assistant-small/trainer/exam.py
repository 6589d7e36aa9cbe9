"""Makes a test set whose frames the training grammar does not produce, without showing a sentence to whoever trains.

    python3 -m trainer.exam --candidates FILE --fillers FILE --samples 2000000 --out evaluation/ [--also FILE]
    python3 -m trainer.exam --save-frames FILE --samples 2000000        the grammar's frames as hashes, for a later --also
    python3 -m trainer.exam --audit FILE --samples 2000000              how many rows of a test set share a frame with the grammar

Candidates are rows like those of test.jsonl, fillers one argument a line. Draws exchanges from the grammar as it is (the frames held out by
an earlier test count as well), drops the candidates whose frame occurs among them, in --also or in the development set, and writes
test.jsonl and test_vocabulary.txt, which every later training obeys. Only counts are printed.
"""
import argparse
import json
import random
from collections import Counter
from multiprocessing import Pool
from pathlib import Path

from .conversation import Sampler
from .frames import digest, frame, frames_of
from .holdout import SECTIONS, Holdout, sentence_digest

PROCESSES = 2


def _draw(work: tuple[int, int]) -> set[bytes]:
    """Digests of the frames of that many exchanges of one seed."""
    seed, samples = work
    holdout = Holdout()
    holdout.frames = set()
    sampler, rng = Sampler(holdout), random.Random(seed)
    out = set()
    for _ in range(samples):
        exchange = sampler.exchange(rng)
        out.add(bytes.fromhex(digest(frame(exchange.user, exchange.tool, exchange.arguments))))
    return out


def drawn_frames(samples: int, seed: int) -> set[bytes]:
    """Digests of the frames among that many exchanges, from several seeds."""
    parts = 8
    with Pool(PROCESSES) as pool:
        return set().union(*pool.imap_unordered(_draw, [(seed * 1000 + i, -(-samples // parts)) for i in range(parts)]))


def read_rows(path: Path) -> list[dict]:
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def known(row: dict, frames: set[bytes]) -> bool:
    return any(bytes.fromhex(digest(f)) in frames for f in frames_of(row))


def select(rows: list[dict], frames: set[bytes]) -> tuple[list[dict], Counter]:
    """The rows to keep, and per tool and reason how many were not."""
    kept, dropped, seen = [], Counter(), set()
    for row in rows:
        key = sentence_digest(row["user"])
        if key in seen:
            dropped[row["tool"], "duplicate"] += 1
        elif known(row, frames):
            dropped[row["tool"], "frame"] += 1
        else:
            kept.append(row)
        seen.add(key)
    return kept, dropped


def vocabulary(rows: list[dict], fillers: list[str]) -> str:
    """The text of test_vocabulary.txt."""
    parts = (sorted(set(fillers)), sorted({sentence_digest(r["user"]) for r in rows}), sorted({digest(f) for r in rows for f in frames_of(r)}))
    return "".join(f"{name}\n" + "".join(f"{line}\n" for line in lines) for name, lines in zip(SECTIONS, parts))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--candidates", type=Path)
    parser.add_argument("--fillers", type=Path)
    parser.add_argument("--samples", type=int, default=2_000_000)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--also", type=Path, action="append", default=[], help="frame hashes of earlier grammars, one a line")
    parser.add_argument("--out", type=Path)
    parser.add_argument("--save-frames", type=Path)
    parser.add_argument("--audit", type=Path)
    arguments = parser.parse_args()
    if arguments.candidates and not (arguments.fillers and arguments.out):
        parser.error("--candidates needs --fillers and --out")
    frames = drawn_frames(arguments.samples, arguments.seed)
    print(f"{len(frames):,} frames among {arguments.samples:,} drawn exchanges")
    if arguments.save_frames:
        arguments.save_frames.write_text("".join(f"{f.hex()}\n" for f in sorted(frames)), encoding="ascii")
    for path in arguments.also:
        frames |= {bytes.fromhex(line) for line in path.read_text(encoding="ascii").split()}
    if arguments.audit:
        rows = read_rows(arguments.audit)
        totals, shared = Counter(r["tool"] for r in rows), Counter(r["tool"] for r in rows if known(r, frames))
        for tool, total in sorted(totals.items()):
            print(f"{tool}: {total} sentences, {shared[tool]} whose frame occurs in training")
    if arguments.candidates:
        rows, development = read_rows(arguments.candidates), arguments.out / "dev.jsonl"
        if development.exists():
            frames |= {bytes.fromhex(digest(f)) for r in read_rows(development) for f in frames_of(r)[:1]}
        kept, dropped = select(rows, frames)
        (arguments.out / "test.jsonl").write_text("".join(json.dumps(r, ensure_ascii=False) + "\n" for r in kept), encoding="utf-8")
        fillers = [line.strip() for line in arguments.fillers.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]
        (arguments.out / "test_vocabulary.txt").write_text(vocabulary(kept, fillers), encoding="utf-8")
        totals, distinct = Counter(r["tool"] for r in kept), {tool: set() for tool in (r["tool"] for r in kept)}
        for row in kept:
            distinct[row["tool"]].add(frames_of(row)[0])
        for tool in sorted({r["tool"] for r in rows}):
            print(f"{tool}: {totals[tool]} kept ({len(distinct.get(tool, ()))} frames), "
                  f"{dropped[tool, 'frame']} dropped for their frame, {dropped[tool, 'duplicate']} as duplicates")
        print(f"all: {len(kept)} kept of {len(rows)}")


if __name__ == "__main__":
    main()
