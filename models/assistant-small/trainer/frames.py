"""A sentence's frame: the sentence with its argument taken out. Test frames never occur in training; holdout.py sees to it.

Two sentences of one frame ("what time is it in <>") are nearly the same exercise, so a test is worth only as much as its frames are new.
"""
import hashlib
import re

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


def digest(text: str) -> str:
    """How a frame stands in test_vocabulary.txt."""
    return hashlib.sha256(text.encode()).hexdigest()


def frames_of(row: dict) -> list[str]:
    """Frames of an exam's row. A refusal of a tool that is not offered marks no argument: every place it could stand at counts."""
    own = frame(row["user"], row["tool"], row.get("arguments"))
    if row["tool"] != "none" or "tools" not in row:
        return [own]
    words = own.split()
    spans = [words[:i] + ["<>"] + words[j:] for i in range(len(words)) for j in range(i + 1, len(words) + 1) if len(words) - (j - i) >= 2]
    return [own, frame(row["user"], "calculator", None), *map(" ".join, spans)]
