"""Phrase files: templates of several authors, one a line, beside the grammar's rules.

    python3 -m trainer.phrases FILE...      checks files and prints random expansions

A line is a template of templates.py. Calculator lines end with ` => ` and the expression in the letters of its numbers {a} to {d}.
The file's name says what its lines are: NAME_calculator.txt, NAME_clock.txt and so on.
"""
import random
import re
import sys
from pathlib import Path

from .config import TOOLS
from .templates import PhraseBook, Rule

FOLDER = Path(__file__).parent / "phrases"
KINDS = [*TOOLS, "none"]
_NUMBER = re.compile(r"\{([a-d])\}")
_EXPRESSION = re.compile(r"[-+*/^%().a-d0-9]+")
# Brackets that are meant as such hide from the template parser.
_HIDE, _SHOW = {"\\(": "\x03", "\\)": "\x04"}, {"\x03": "(", "\x04": ")"}


def lines_of(path: Path) -> list[str]:
    return [line.strip() for line in path.read_text(encoding="utf-8").splitlines() if line.strip() and not line.startswith("#")]


def kind_of(path: Path) -> str:
    return path.stem.rsplit("_", 1)[1]


def problem(kind: str, line: str) -> str | None:
    """What is wrong with a line, or None."""
    marks = line.count("["), line.count("]")
    if kind == "calculator":
        if " => " not in line:
            return "no expression"
        text, expression = line.rsplit(" => ", 1)
        used = re.findall("[a-d]", expression)
        if not _EXPRESSION.fullmatch(expression) or sorted(_NUMBER.findall(text)) != sorted(used):
            return "the expression's numbers are not the sentence's"
        return "a mark in a calculator line" if marks != (0, 0) else None
    allowed = [(0, 0)] if kind == "none" else [(0, 0), (1, 1)] if kind == "clock" else [(1, 1)]
    if marks not in allowed:
        return "the argument must be marked exactly once"
    if re.search(r"\[\s|\s\]|[.,;:!?]\]|\[[.,;:!?]|\[\]", line):
        return "the marked argument has a space or a mark at its edge"
    if re.search(r"[\]][A-Za-z0-9]|[A-Za-z0-9]\[", line):
        return "the marked argument does not end where a word ends"
    return "a number letter outside the calculator" if _NUMBER.search(line) else None


def load(folder: Path = FOLDER) -> dict[str, list[str]]:
    """Lines by kind; raises on the first bad one, naming it."""
    out: dict[str, list[str]] = {kind: [] for kind in KINDS}
    for path in sorted(folder.glob("*.txt")):
        for line in lines_of(path):
            if why := problem(kind_of(path), line):
                raise ValueError(f"{path.name}: {why}: {line}")
            out[kind_of(path)].append(line)
    return out


def hidden(line: str) -> str:
    line = line.replace("[<f>]", "<f>")  # the grammar's facts come marked
    for shown, mark in _HIDE.items():
        line = line.replace(shown, mark)
    return line


def shown(text: str) -> str:
    for mark, char in _SHOW.items():
        text = text.replace(mark, char)
    return text


def rules(lines: dict[str, list[str]]) -> dict[str, Rule]:
    """The files as rules `written_KIND`; a clock line without a mark goes to `written_clock_here`."""
    out: dict[str, Rule] = {f"written_{kind}": [hidden(line) for line in lines[kind]] for kind in KINDS if kind not in ("calculator", "clock")}
    out["written_clock"] = [line for line in lines["clock"] if "[" in line]
    out["written_clock_here"] = [line for line in lines["clock"] if "[" not in line]
    return {name: found for name, found in out.items() if found}


def calculations(lines: dict[str, list[str]]) -> dict[str, tuple[list[str], str]]:
    """Calculator lines as rules: name to template and expression."""
    cut = (line.rsplit(" => ", 1) for line in lines["calculator"])
    return {f"written_calculator_{i}": ([hidden(text)], expression) for i, (text, expression) in enumerate(cut)}


def main() -> None:
    from .conversation import Sampler
    from .holdout import Holdout
    rng, sampler = random.Random(), Sampler(Holdout())
    for path in map(Path, sys.argv[1:]):
        good = []
        for number, line in enumerate(lines_of(path), 1):
            kind = kind_of(path)
            why = problem(kind, line)
            try:
                book = sampler.book.extended({"line": [hidden(line.rsplit(" => ", 1)[0])]})
                book.expand(rng, "line")
            except (ValueError, KeyError, IndexError) as error:
                why = why or f"{type(error).__name__} {error}"
            if why:
                print(f"line {number}: {why}: {line}")
            else:
                good.append((line, book))
        print(f"{path.name}: {len(good)} good lines, {len(set(lines_of(path)))} different")
        for line, book in rng.sample(good, min(30, len(good))):
            print("  ", shown(book.expand(rng, "line").replace("\x01", "[").replace("\x02", "]")), *line.rsplit(" => ", 1)[1:])


if __name__ == "__main__":
    main()
