"""Batches: conversations drawn on the fly, sorted by length so that rows of a batch need little padding."""
import random
from collections import Counter
from dataclasses import dataclass

import numpy as np
import torch

from .config import END_OF_TEXT, SPECIALS
from .conversation import Sampler
from .tokenizer import Tokenizer

FIRST_TOKEN = 3  # a reply's first token decides between calling and answering, so it counts as often


Row = tuple[tuple[int, ...], list[int], list[bool]]  # what it begins with, its tokens, and which of them count


@dataclass
class Batch:
    common: torch.Tensor   # [1, n] tokens that every row begins with, perhaps none; not in ids
    ids: torch.Tensor      # [rows, length]
    positions: torch.Tensor  # flat indices into rows * length whose next token counts
    targets: torch.Tensor    # that next token
    tokens: int            # without padding


class Stream:
    """An endless stream of batches; a seed reproduces it, and every stage takes a new one."""

    POOL = 1024

    def __init__(self, sampler: Sampler, tokenizer: Tokenizer, seed: int, batch_tokens: int):
        self._rng = random.Random(seed)
        self._sampler, self._tokenizer, self._batch_tokens = sampler, tokenizer, batch_tokens
        self._systems: dict[str, tuple[int, ...]] = {}
        self.copy_share = 0.0
        self.conversations = 0

    def _copy_row(self) -> Row:
        """Random tokens to be repeated: teaches copying before sentences can."""
        rng, first, size = self._rng, len(SPECIALS), len(self._tokenizer.tokens)
        ids: list[int] = []
        target: list[bool] = []
        for _ in range(rng.randint(2, 4)):
            mark, piece = rng.randrange(first, size), [rng.randrange(first, size) for _ in range(rng.randint(3, 10))]
            gap = [rng.randrange(first, size) for _ in range(rng.randint(0, 10))]
            ids += [mark, *piece, *gap, mark, *piece]
            target += [False] * (len(piece) + len(gap) + 2) + [True] * len(piece)
        return (), ids, target

    def _row(self) -> Row:
        if self._rng.random() < self.copy_share:
            return self._copy_row()
        self.conversations += 1
        (system, _), *pieces = self._sampler.conversation(self._rng)
        if system not in self._systems:
            self._systems[system] = tuple(self._tokenizer.encode(system))
        ids: list[int] = []
        target: list[bool] = []
        for text, counts in pieces:
            piece = self._tokenizer.encode(text)
            ids += piece
            target += [counts] * len(piece)
        return self._systems[system], ids, target

    def __iter__(self):
        while True:
            rows = [self._row() for _ in range(self.POOL)]
            common = Counter(system for system, _, _ in rows).most_common(1)[0][0]
            same = [row for row in rows if row[0] == common]
            other = [((), [*system, *ids], [False] * len(system) + target) for system, ids, target in rows if system != common]
            batches = [(common, b) for b in self._cut(same)] + [((), b) for b in self._cut(other)]
            self._rng.shuffle(batches)
            yield from (self._batch(*work) for work in batches)

    def _cut(self, rows: list[Row]) -> list[list[Row]]:
        """Rows of similar length together, as many as the batch's tokens allow."""
        batches, current = [], []
        for row in sorted(rows, key=lambda r: len(r[1])):
            if current and (len(current) + 1) * len(row[1]) > self._batch_tokens:
                batches.append(current)
                current = []
            current.append(row)
        return [*batches, current] if current else batches

    @staticmethod
    def _batch(common: tuple[int, ...], rows: list[Row]) -> Batch:
        length = max(len(ids) for _, ids, _ in rows) - 1
        ids = np.full((len(rows), length), END_OF_TEXT, np.int64)
        positions, targets = [], []
        for i, (_, row, counts) in enumerate(rows):
            ids[i, :len(row) - 1] = row[:-1]
            for j in range(1, len(row)):
                if counts[j]:
                    times = FIRST_TOKEN if not counts[j - 1] else 1
                    positions += [i * length + j - 1] * times
                    targets += [row[j]] * times
        return Batch(torch.tensor([common], dtype=torch.int64), torch.from_numpy(ids), torch.tensor(positions), torch.tensor(targets),
                     sum(len(common) + len(r[1]) for r in rows))
