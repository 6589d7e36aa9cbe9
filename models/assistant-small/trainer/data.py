"""Batches: conversations drawn on the fly, sorted by length so that rows of a batch need little padding."""
import random
from dataclasses import dataclass

import numpy as np
import torch

from .config import END_OF_TEXT, SPECIALS
from .conversation import Sampler
from .tokenizer import Tokenizer

FIRST_TOKEN = 3  # a reply's first token decides between calling and answering, so it counts as often


@dataclass
class Batch:
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
        self.copy_share = 0.0
        self.conversations = 0

    def _copy_row(self) -> tuple[list[int], list[bool]]:
        """Random tokens to be repeated: teaches copying before sentences can."""
        rng, first, size = self._rng, len(SPECIALS), len(self._tokenizer.tokens)
        ids: list[int] = []
        target: list[bool] = []
        for _ in range(rng.randint(2, 4)):
            mark, piece = rng.randrange(first, size), [rng.randrange(first, size) for _ in range(rng.randint(3, 10))]
            gap = [rng.randrange(first, size) for _ in range(rng.randint(0, 10))]
            ids += [mark, *piece, *gap, mark, *piece]
            target += [False] * (len(piece) + len(gap) + 2) + [True] * len(piece)
        return ids, target

    def _row(self) -> tuple[list[int], list[bool]]:
        if self._rng.random() < self.copy_share:
            return self._copy_row()
        self.conversations += 1
        ids: list[int] = []
        target: list[bool] = []
        for text, counts in self._sampler.conversation(self._rng):
            piece = self._tokenizer.encode(text)
            ids += piece
            target += [counts] * len(piece)
        return ids, target

    def __iter__(self):
        while True:
            rows = sorted((self._row() for _ in range(self.POOL)), key=lambda r: len(r[0]))
            batches, current = [], []
            for row in rows:
                if current and (len(current) + 1) * len(row[0]) > self._batch_tokens:
                    batches.append(current)
                    current = []
                current.append(row)
            batches.append(current)
            self._rng.shuffle(batches)
            yield from map(self._batch, batches)

    @staticmethod
    def _batch(rows) -> Batch:
        length = max(len(ids) for ids, _ in rows) - 1
        ids = np.full((len(rows), length), END_OF_TEXT, np.int64)
        positions, targets = [], []
        for i, (row, counts) in enumerate(rows):
            ids[i, :len(row) - 1] = row[:-1]
            for j in range(1, len(row)):
                if counts[j]:
                    times = FIRST_TOKEN if not counts[j - 1] else 1
                    positions += [i * length + j - 1] * times
                    targets += [row[j]] * times
        return Batch(torch.from_numpy(ids), torch.tensor(positions), torch.tensor(targets), sum(len(r[0]) for r in rows))
