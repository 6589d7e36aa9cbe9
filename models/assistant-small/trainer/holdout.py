"""Keeps training apart from the test set: its fillers never appear in a training span, its sentences and frames never appear at all."""
import hashlib
import re
from pathlib import Path

from .frames import digest, frame

VOCABULARY = Path(__file__).parent.parent / "evaluation" / "test_vocabulary.txt"
SECTIONS = ("# fillers", "# sentence hashes", "# frame hashes")
_WORD = re.compile(r"[^\s.,:;!?()\"]+")


def sentence_digest(text: str) -> str:
    return hashlib.sha256(text.strip().lower().encode()).hexdigest()


class Holdout:
    """Test fillers (lower case) and sha256 sums of test sentences and of their frames; the sentences themselves are not known here."""

    def __init__(self, path: Path = VOCABULARY):
        parts: dict[str, set[str]] = {name: set() for name in SECTIONS}
        part = parts[SECTIONS[0]]
        for line in path.read_text(encoding="utf-8").splitlines():
            line = line.strip().lower()
            if line in parts:
                part = parts[line]
            elif line and not line.startswith("#"):
                part.add(line)
        self.fillers, self.sentences, self.frames = (parts[name] for name in SECTIONS)
        self._longest = max((len(f.split()) for f in self.fillers), default=0)

    def clashes(self, text: str) -> bool:
        """Whether a filler occurs in the text as whole words, a possessive 's aside."""
        words = [w.lower() for w in _WORD.findall(text)]
        stems = [re.sub(r"['’]s?$", "", w) for w in words]
        for size in range(1, self._longest + 1):
            for i in range(len(words) - size + 1):
                if " ".join(words[i:i + size]) in self.fillers or " ".join(stems[i:i + size]) in self.fillers:
                    return True
        return False

    def keep(self, entries) -> list[str]:
        """The entries of a word list that training may use."""
        return [e for e in entries if not self.clashes(e)]

    def knows_sentence(self, text: str) -> bool:
        return sentence_digest(text) in self.sentences

    def knows_frame(self, user: str, tool: str | None, arguments: dict | None) -> bool:
        """Whether a test sentence has the frame of this one."""
        return bool(self.frames) and digest(frame(user, tool, arguments)) in self.frames

    def check(self, user: str, tool: str | None, arguments: dict) -> None:
        """Raises when a training sentence is not disjoint from the test set."""
        spans = [v for k, v in arguments.items() if k != "expression"]
        if self.knows_sentence(user) or self.knows_frame(user, tool, arguments) or any(self.clashes(s) for s in spans):
            raise AssertionError("a training sentence overlaps the test set")
