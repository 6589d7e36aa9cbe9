"""Keeps training apart from the test set: its fillers never appear in a training span, its sentences never appear at all."""
import hashlib
import re
from pathlib import Path

VOCABULARY = Path(__file__).parent.parent / "evaluation" / "test_vocabulary.txt"
_WORD = re.compile(r"[^\s.,:;!?()\"]+")


class Holdout:
    """Test fillers (lower case) and sha256 sums of test sentences; the sentences themselves are not known here."""

    def __init__(self, path: Path = VOCABULARY):
        self.fillers: set[str] = set()
        self.sentences: set[str] = set()
        for line in path.read_text(encoding="utf-8").splitlines():
            line = line.strip()
            if re.fullmatch("[0-9a-f]{64}", line):
                self.sentences.add(line)
            elif line and not line.startswith("#"):
                self.fillers.add(line.lower())
        self._longest = max(len(f.split()) for f in self.fillers)

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
        return hashlib.sha256(text.strip().lower().encode()).hexdigest() in self.sentences

    def check(self, text: str, spans: list[str]) -> None:
        """Raises when a training sentence is not disjoint from the test set."""
        if self.knows_sentence(text) or any(self.clashes(s) for s in spans):
            raise AssertionError("a training sentence overlaps the test set")
