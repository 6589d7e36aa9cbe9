"""Constrained decoding: patterns over bytes that keep a call's syntax and hold its arguments to spans of given texts.

A pattern is a sequence of elements. Matching keeps every live state (tool, element, state inside the element), because a byte
may continue several spans at once, and is asked with whole tokens, because a token may straddle a value and the skeleton.
Nothing here prefers one tool, span or operator to another: that is the model's choice.
"""
import json
import re

_PUNCTUATION = b".?!,:;"
_SPACE = b" \n\t\r"
_NUMBER = re.compile(r"\d+(?:\.\d+)?|\.\d+")


class Literal:
    """Fixed bytes."""

    def __init__(self, text: str):
        self._data = text.encode()

    def enter(self) -> list:
        return [0]

    def step(self, state: int, byte: int) -> list[tuple[object, bool]]:
        """Follow-up states of a byte, each with whether the element may end there."""
        if state >= len(self._data) or self._data[state] != byte:
            return []
        return [(state + 1, state + 1 == len(self._data))]


class Span:
    """A span of one of the texts: from a word's start to a word's end, punctuation after the last word left out."""

    def __init__(self, texts: list[str], escape: bool):
        self._texts = []
        for text in texts:
            data = (json.dumps(text, ensure_ascii=False)[1:-1] if escape else text).encode()
            starts, ends = set(), set()
            for i in range(len(data)):
                if data[i] not in _SPACE and (i == 0 or data[i - 1] in _SPACE):
                    starts.add(i)
                after = i + 1
                while after < len(data) and data[after] in _PUNCTUATION:
                    after += 1
                if data[i] not in _SPACE and data[i] not in _PUNCTUATION and (after == len(data) or data[after] in _SPACE):
                    ends.add(i + 1)
            self._texts.append((data, starts, ends))

    def enter(self) -> list:
        return [(t, i) for t, (_, starts, _) in enumerate(self._texts) for i in starts]

    def step(self, state: tuple[int, int], byte: int) -> list[tuple[object, bool]]:
        text, at = state
        data, _, ends = self._texts[text]
        if at >= max(ends, default=0) or data[at] != byte:  # behind the last end the value could never be closed
            return []
        return [((text, at + 1), at + 1 in ends)]


class Expression:
    """Arithmetic whose numbers are numbers of the user's text, whole and as written; operators and brackets are free.

    States are (expecting, depth, number, position): expecting is "operand", "operator" or "either" (after a % sign, which may
    be a percentage or a remainder), or "number" inside a literal.
    """

    LONGEST = 64

    def __init__(self, text: str):
        self._numbers = sorted({m.encode() for m in _NUMBER.findall(text)})

    def enter(self) -> list:
        return [("operand", 0, 0, 0)]

    def step(self, state, byte: int) -> list[tuple[object, bool]]:
        kind, depth, number, at = state
        out = []
        if kind == "number":
            data = self._numbers[number]
            if at < len(data):
                if data[at] == byte:
                    out.append((("number", depth, number, at + 1), at + 1 == len(data) and depth == 0))
                return out
            kind = "operator"  # the literal is complete: go on behind it
        char = chr(byte)
        if kind in ("operand", "either"):
            if char == "(":
                out.append((("operand", depth + 1, 0, 0), False))
            if char == "-" and kind == "operand":
                out.append((("operand", depth, 0, 0), False))
            for i, data in enumerate(self._numbers):
                if data[0] == byte:
                    out.append((("number", depth, i, 1), len(data) == 1 and depth == 0))
        if kind in ("operator", "either"):
            if char in "+-*/^":
                out.append((("operand", depth, 0, 0), False))
            elif char == "%" and kind == "operator":
                out.append((("either", depth, 0, 0), depth == 0))
            elif char == ")" and depth:
                out.append((("operator", depth - 1, 0, 0), depth == 1))
        return out


class Matcher:
    """Runs several patterns side by side."""

    def __init__(self, patterns: list[list]):
        self._patterns = patterns
        self._live = frozenset(s for p in range(len(patterns)) for s in self._enter(p, 0))

    def _enter(self, pattern: int, element: int) -> list:
        if element == len(self._patterns[pattern]):
            return [(pattern, element, None)]
        return [(pattern, element, s) for s in self._patterns[pattern][element].enter()]

    def _advance(self, live, data: bytes):
        for byte in data:
            following = set()
            for pattern, element, state in live:
                if element == len(self._patterns[pattern]):
                    continue
                for after, may_end in self._patterns[pattern][element].step(state, byte):
                    following.add((pattern, element, after))
                    if may_end:
                        following.update(self._enter(pattern, element + 1))
            live = following
            if not live:
                return None
        return frozenset(live)

    def allows(self, data: bytes) -> bool:
        return self._advance(self._live, data) is not None

    def take(self, data: bytes) -> None:
        self._live = self._advance(self._live, data) or frozenset()

    @property
    def complete(self) -> bool:
        return any(element == len(self._patterns[pattern]) for pattern, element, _ in self._live)


def call_matcher(tools: list[str], user: str) -> Matcher:
    """What may stand between <tool_call> and </tool_call>."""
    def pattern(tool: str, argument: str, value) -> list:
        return [Literal(f'\n{{"name": "{tool}", "arguments": {{"{argument}": "'), value, Literal('"}}\n')]

    span = Span([user], escape=True)
    patterns = {
        "calculator": [pattern("calculator", "expression", Expression(user))],
        "clock": [pattern("clock", "place", span), [Literal('\n{"name": "clock", "arguments": {}}\n')]],
        "recall": [pattern("recall", "subject", span)],
        "remember": [pattern("remember", "fact", span)],
        "search": [pattern("search", "query", span)]}
    return Matcher([p for tool in tools for p in patterns[tool]])


def span_matcher(texts: list[str]) -> Matcher:
    """What may stand between <|span|> and <|/span|> of an answer."""
    return Matcher([[Span(texts, escape=False)]])
