"""Checks of the trainer's own promises.  python3 -m unittest trainer.tests"""
import json
import random
import re
import unittest
from pathlib import Path
from tempfile import TemporaryDirectory

import numpy as np
import torch

from .config import CALL, CALL_END, IM_END, SPECIALS, TOOLS, ModelConfig
from .conversation import Sampler, call_text
from .data import Batch
from .decode import Constraint
from .exam import select
from .export import Exporter, quantize
from .frames import digest, frame
from .holdout import Holdout
from .model import Assistant
from .phrases import load, problem
from .restore import restore
from .tokenizer import Tokenizer
from .train import gradients


class TrainerTests(unittest.TestCase):

    @classmethod
    def setUpClass(cls):
        cls.holdout = Holdout()
        cls.sampler = Sampler(cls.holdout)
        rng = random.Random(1)
        cls.exchanges = [cls.sampler.exchange(rng) for _ in range(3000)]
        cls.tokenizer = Tokenizer.train([e.user for e in cls.exchanges], 700, 100)

    def test_a_test_filler_in_a_span_stops_training(self):
        filler = sorted(self.holdout.fillers)[0]
        with self.assertRaises(AssertionError):
            self.holdout.check("a sentence of the trainer", "recall", {"subject": f"my {filler}'s key"})

    def test_a_test_frame_stops_training_whatever_its_argument(self):
        holdout = Holdout()
        holdout.frames = {digest(frame("Would you recall my hat, dear?", "recall", {"subject": "my hat"}))}
        with self.assertRaises(AssertionError):
            holdout.check("would you recall the barn, dear", "recall", {"subject": "the barn"})

    def test_drawn_frames_are_disjoint_from_the_test_frames(self):
        holdout = Holdout()
        holdout.frames |= {digest(frame(e.user, e.tool, e.arguments)) for e in self.exchanges[:1000]}
        sampler, rng = Sampler(holdout), random.Random(2)
        for _ in range(300):
            sampler.conversation(rng)

    def test_an_exam_keeps_only_frames_the_grammar_has_not(self):
        rows = [{"tool": e.tool or "none", "user": e.user, "arguments": e.arguments or None} for e in self.exchanges[:200]]
        frames = {bytes.fromhex(digest(frame(e.user, e.tool, e.arguments))) for e in self.exchanges}
        own = {"tool": "recall", "user": "zub zub my hat zub", "arguments": {"subject": "my hat"}}
        refused = {"tool": "none", "user": "zub zub my hat zub", "arguments": None, "tools": ["clock"]}
        self.assertEqual([own], select(rows + [own, own], frames)[0])
        self.assertEqual([], select([refused], {bytes.fromhex(digest("zub zub <> zub"))})[0])

    def test_drawn_sentences_are_disjoint_from_the_test_set(self):
        for e in self.exchanges:
            self.holdout.check(e.user, e.tool, e.arguments)

    def test_arguments_are_copied_from_the_sentence(self):
        for e in self.exchanges:
            for name, value in e.arguments.items():
                parts = re.findall(r"[\d.]+", value) if name == "expression" else [value]
                for part in parts:
                    self.assertIn(part, e.user)

    def test_tokenizer_round_trip(self):
        for text in ["", "a  b\n", "Zürich 12.5 'quoted' 🙂", "<|im_start|>user\nhi<|im_end|>\n"] + [e.user for e in self.exchanges[:200]]:
            self.assertEqual(text, self.tokenizer.decode(self.tokenizer.encode(text)))

    def test_digits_stay_single(self):
        self.assertTrue(all(not re.search(r"\d.|.\d", t) for t in self.tokenizer.tokens[len(SPECIALS):]))

    def test_a_word_splits_alike_with_and_without_its_space(self):
        for word in ["tokamaks", "Zanzibar", "flooshnert"]:
            bare, spaced = (self.tokenizer.decode(self.tokenizer.encode(t)[1:]) for t in (word, " " + word))
            self.assertIn(spaced, (bare, word))

    def test_span_decoding_allows_every_wanted_call(self):
        for e in self.exchanges:
            if e.tool:
                self.assertTrue(self._allowed(e.user, call_text(e.tool, e.arguments)), e)

    def test_span_decoding_forbids_everything_else(self):
        user = "Remember that my bike is red, please. 12 times 13?"
        for tool, arguments in [("remember", {"fact": "my bike is blue"}), ("remember", {"fact": "y bike is red"}),
                                ("remember", {"fact": "my bike is red,"}), ("remember", {"fact": ""}), ("calculator", {"expression": "12*14"}),
                                ("calculator", {"expression": "2*13"}), ("calculator", {"expression": "(12*13"}), ("weather", {})]:
            self.assertFalse(self._allowed(user, call_text(tool, arguments)), arguments)
        self.assertTrue(self._allowed(user, call_text("remember", {"fact": "my bike is red"})))
        self.assertTrue(self._allowed(user, call_text("calculator", {"expression": "12%*(13-12)"})))

    def test_phrases_with_a_fault_are_named(self):
        for kind, line in [("calculator", "{a} and {b} => a+a"), ("calculator", "{a} and {b}"), ("recall", "where is my hat"), ("recall", "where is [my hat ]"),
                           ("search", "[x] and [y]"), ("none", "forget [my hat]"), ("remember", "note[my hat]"), ("clock", "{a} o'clock")]:
            self.assertIsNotNone(problem(kind, line), line)
        self.assertIsNone(problem("calculator", "\\({a} and {b}\\) times {c} => (a+b)*c"))

    def test_a_phrase_file_with_a_fault_stops_training(self):
        with TemporaryDirectory() as folder:
            (Path(folder) / "zoe_recall.txt").write_text("where is [my hat]\nwhere is my coat\n", encoding="utf-8")
            with self.assertRaisesRegex(ValueError, "zoe_recall.txt.*my coat"):
                load(Path(folder))

    def test_a_common_beginning_counts_as_if_every_row_had_it(self):
        torch.manual_seed(1)
        model, nothing = Assistant(ModelConfig(layers=2)), torch.zeros((1, 0), dtype=torch.int64)
        common, ids, targets = torch.randint(0, 1024, (1, 5)), torch.randint(0, 1024, (3, 7)), torch.randint(0, 1024, (3,))
        apart = Batch(common, ids, torch.tensor([2, 9, 20]), targets, 0)
        joined = Batch(nothing, torch.cat((common.expand(3, -1), ids), 1), torch.tensor([7, 12 + 7, 24 + 11]), targets, 0)
        (loss, gradient), (wanted, wanted_gradient) = gradients(model, apart), gradients(model, joined)
        self.assertAlmostEqual(wanted, loss, 5)
        for a, b in zip(gradient, wanted_gradient):
            self.assertTrue(torch.allclose(a, b, atol=1e-5))

    def test_an_exported_file_can_be_restored(self):
        torch.manual_seed(2)
        model = Assistant(ModelConfig(vocabulary=300))
        again = restore(Exporter(model, "fp32").build())
        for (name, value), (_, restored) in zip(model.named_parameters(), again.named_parameters()):
            self.assertTrue(torch.equal(value, restored), name)

    def _allowed(self, user: str, reply: str) -> bool:
        constraint = Constraint(TOOLS, user, None, self.tokenizer.bytes)
        for token in self.tokenizer.encode(reply):
            if not constraint.allows(token):
                return False
            constraint.take(token)
        return True

    def test_quantized_weights_stay_close(self):
        weight = np.random.default_rng(1).normal(size=(8, 64)).astype(np.float32)
        levels, scales = quantize(weight)
        restored = ((levels.astype(np.float32) - 128) * scales.reshape(8, 2, 1)).reshape(8, 64)
        self.assertLess(np.abs(restored - weight).max(), np.abs(weight).max() / 100)

    def test_calls_are_written_as_the_format_says(self):
        text = call_text("clock", {"place": "New York"})
        self.assertEqual('<tool_call>\n{"name": "clock", "arguments": {"place": "New York"}}\n</tool_call><|im_end|>', text)
        self.assertEqual([CALL, CALL_END, IM_END], [i for i in self.tokenizer.encode(text) if i < len(SPECIALS)])
        self.assertEqual({"place": "New York"}, json.loads(text.split("\n")[1])["arguments"])


if __name__ == "__main__":
    unittest.main()
