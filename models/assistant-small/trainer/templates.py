"""A tiny phrase grammar: `(a|b|)` chooses, `<rule>` expands another rule, `[` and `]` mark the argument's span.

A phrase book maps rule names to lists of such templates, or to functions of the random generator. Expansion returns the
text and the marked span, so that no argument is ever found by searching the text.
"""
import random
import re
from typing import Callable

SPAN_OPEN, SPAN_CLOSE = "\x01", "\x02"
Rule = list[str] | Callable[[random.Random], str]


def _parse(template: str, at: int, closing: str) -> tuple[list, int]:
    """Parses alternatives up to the closing character; returns a list of sequences and the position after it."""
    alternatives, sequence, text = [], [], []

    def flush():
        if text:
            sequence.append("".join(text))
            text.clear()

    while at < len(template):
        char = template[at]
        if char == closing:
            break
        if char == "|":
            flush()
            alternatives.append(sequence)
            sequence = []
        elif char == "(":
            flush()
            inner, at = _parse(template, at + 1, ")")
            sequence.append(inner)
        elif char == "<":
            flush()
            end = template.index(">", at)
            sequence.append((template[at + 1:end],))
            at = end
        else:
            text.append({"[": SPAN_OPEN, "]": SPAN_CLOSE}.get(char, char))
        at += 1
    else:
        if closing:
            raise ValueError(f"missing {closing} in {template!r}")
    flush()
    alternatives.append(sequence)
    return alternatives, at


class PhraseBook:
    """Expands rules at random and counts how many different phrases they can produce."""

    def __init__(self, *rule_sets: dict[str, Rule]):
        self._rules: dict[str, list | Callable] = {}
        self._add(rule_sets)

    def extended(self, *rule_sets: dict[str, Rule]) -> "PhraseBook":
        """A book with this one's rules and more."""
        book = PhraseBook()
        book._rules = dict(self._rules)
        book._add(rule_sets)
        return book

    def _add(self, rule_sets: tuple[dict[str, Rule], ...]) -> None:
        for rules in rule_sets:
            for name, rule in rules.items():
                if name in self._rules:
                    raise ValueError(f"rule {name} is defined twice")
                self._rules[name] = rule if callable(rule) else [_parse(t, 0, "")[0] for t in rule]

    def _sequence(self, rng: random.Random, sequence: list, out: list[str]) -> None:
        for part in sequence:
            if isinstance(part, str):
                out.append(part)
            elif isinstance(part, tuple):
                self._rule(rng, part[0], out)
            else:
                self._sequence(rng, rng.choice(part), out)

    def _rule(self, rng: random.Random, name: str, out: list[str]) -> None:
        rule = self._rules[name]
        if callable(rule):
            out.append(rule(rng))
        else:
            self._sequence(rng, rng.choice(rng.choice(rule)), out)

    def expand(self, rng: random.Random, name: str) -> str:
        """Text of one random expansion, spaces tidied, span marks still in it."""
        out: list[str] = []
        self._rule(rng, name, out)
        return tidy("".join(out))

    def frames(self, name: str, slots: frozenset[str]) -> int:
        """How many different frames a rule has when every name in `slots` counts as one filler."""
        def sequence(parts) -> int:
            total = 1
            for part in parts:
                if isinstance(part, tuple):
                    rule = self._rules[part[0]]
                    total *= 1 if part[0] in slots or callable(rule) else self.frames(part[0], slots)
                elif not isinstance(part, str):
                    total *= sum(sequence(s) for s in part)
            return total
        return sum(sequence(s) for template in self._rules[name] for s in template)


_SPACES = re.compile(r" +")
_BEFORE_MARK = re.compile(r" +([,.!?;:](?!\d)|'s\b|\.\.\.)")


def tidy(text: str) -> str:
    """Removes the double and stray spaces that empty options leave behind."""
    text = _SPACES.sub(" ", text).strip()
    text = text.replace(SPAN_OPEN + " ", " " + SPAN_OPEN).replace(" " + SPAN_CLOSE, SPAN_CLOSE + " ")
    return _BEFORE_MARK.sub(r"\1", _SPACES.sub(" ", text)).strip()


def split_span(text: str) -> tuple[str, str | None]:
    """The plain text and the marked span, or None when the text marks none."""
    start, end = text.find(SPAN_OPEN), text.find(SPAN_CLOSE)
    if start < 0:
        return text, None
    return text[:start] + text[start + 1:end] + text[end + 1:], text[start + 1:end]
