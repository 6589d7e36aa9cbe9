"""Turns sentences, calls and results into the conversation text of the format, marking what the model must say."""
import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field

from . import config, phrases
from .fillers import Fillers
from .grammar_border import BORDER_RULES
from .grammar_calculator import Calculator
from .grammar_clock import CLOCK_RULES
from .grammar_context import CONTEXT_RULES
from .grammar_nouns import NOUN_RULES
from .grammar_other import KIND_OF_ANSWER, OTHER_RULES, SMALL_TALK_RULES
from .grammar_recall import RECALL_RULES
from .grammar_recall_more import RECALL_MORE_RULES
from .grammar_remember import REMEMBER_RULES
from .grammar_remember_more import REMEMBER_MORE_RULES
from .grammar_search import SEARCH_RULES
from .grammar_search_more import SEARCH_MORE_RULES
from .grammar_stories import STORY_RULES
from .grammar_world import WORLD_RULES
from .holdout import Holdout
from .templates import SPAN_CLOSE, SPAN_OPEN, PhraseBook, split_span, tidy

OPEN, CLOSE = config.SPECIALS[config.SPAN], config.SPECIALS[config.SPAN_END]


@dataclass
class Exchange:
    """One user sentence with the call it needs (none: tool is None), the tool's result and the final answer."""
    user: str
    tool: str | None
    arguments: dict = field(default_factory=dict)
    result: str = ""
    answer: str = ""


def system_text(tools: list[str]) -> str:
    return f"<|im_start|>system\nTools: {', '.join(sorted(tools)) or 'none'}<|im_end|>\n"


def user_text(text: str) -> str:
    return f"<|im_start|>user\n{text}<|im_end|>\n<|im_start|>assistant\n"


def call_text(tool: str, arguments: dict) -> str:
    body = json.dumps({"name": tool, "arguments": arguments}, ensure_ascii=False)
    return f"<tool_call>\n{body}\n</tool_call><|im_end|>"


def response_text(result: str) -> str:
    return f"\n<|im_start|>user\n<tool_response>\n{result}\n</tool_response><|im_end|>\n<|im_start|>assistant\n"


def final_answer(tool: str, arguments: dict, result: str) -> str:
    """The answer the format prescribes for a tool's result."""
    if tool == "calculator":
        if result.startswith("error: "):
            return f"I could not calculate that: {OPEN}{result[7:]}{CLOSE}."
        return f"{arguments['expression']} = {OPEN}{result}{CLOSE}"
    if tool == "clock":
        if result.startswith("unknown place"):
            return f"I do not know the place {OPEN}{arguments['place']}{CLOSE}. {config.ASK_PLACE}"
        return config.ASK_PLACE if result == "no place given" else f"It is {OPEN}{result}{CLOSE}."
    if tool == "remember":
        return f"I will remember: {OPEN}{arguments['fact']}{CLOSE}."
    if tool == "search":
        if result == "nothing found":
            return f"I found nothing about {OPEN}{arguments['query']}{CLOSE} in the documents."
        title, text = result.split("\n")[0].removeprefix("[1] ").split(": ", 1)
        return f"{OPEN}{title}{CLOSE} says: {OPEN}{text.rstrip('.?!,:;')}{CLOSE}."
    if result == "nothing remembered":
        return f"I do not remember anything about {OPEN}{arguments['subject']}{CLOSE}."
    return f"You told me: {OPEN}{result}{CLOSE}."


def segments(exchange: Exchange) -> list[tuple[str, bool]]:
    """Text pieces of an exchange; True marks what the assistant says and the loss counts."""
    out = [(user_text(exchange.user), False)]
    if exchange.tool:
        out += [(call_text(exchange.tool, exchange.arguments), True), (response_text(exchange.result), False)]
    return out + [(exchange.answer + "<|im_end|>", True), ("\n", False)]


class Sampler:
    """Draws exchanges and whole training conversations; checks every sentence against the test set."""

    SHARES = {"calculator": 33, "clock": 7, "recall": 16, "remember": 5, "search": 21, "none": 18}
    CALL_ONLY = 0.95  # answers are easier than calls: most the conversations stop after the call and make room for others

    def __init__(self, holdout: Holdout):
        self.holdout = holdout
        self.fillers = Fillers(holdout)
        lines = phrases.load()
        self.written, calculations = phrases.rules(lines), phrases.calculations(lines)
        self.book = PhraseBook(self.fillers.rules(), NOUN_RULES, CLOCK_RULES, REMEMBER_RULES, RECALL_RULES,
                               SMALL_TALK_RULES, OTHER_RULES, STORY_RULES, WORLD_RULES, SEARCH_RULES,
                               CONTEXT_RULES, BORDER_RULES, RECALL_MORE_RULES, REMEMBER_MORE_RULES, SEARCH_MORE_RULES,
                               self.written, {name: rule for name, (rule, _) in calculations.items()})
        self.calculator = Calculator(self.book, self.fillers.nouns, [(name, expression) for name, (_, expression) in calculations.items()])
        self.rejected = 0

    WRITTEN = 0.8  # share of sentences from the authors' phrase files, the rest is the grammar's

    def _rule(self, rng: random.Random, kind: str, *grammar: str) -> str:
        """The rule to draw a sentence from: an author's phrase or one of the grammar's rules."""
        return f"written_{kind}" if rng.random() < self.WRITTEN and f"written_{kind}" in self.written else rng.choice(grammar)

    def _sentence(self, rng: random.Random, rule: str) -> tuple[str, str | None]:
        """A sentence in one of the ways people type, and its span; drawn again while it touches the test set."""
        while True:
            text = self.book.expand(rng, rule)
            text = self._style(rng, text if rule in SMALL_TALK_RULES else self._in_context(rng, text))
            plain, span = split_span(text)
            follows = text[text.find(SPAN_CLOSE) + 1:][:1]
            if span is not None and follows.strip(" .,;:!?"):  # a span ends where a word ends
                continue
            clean = (span is None or not self.holdout.clashes(span)) and not self.holdout.knows_sentence(plain)
            if clean and (span is None or (span and span[-1] not in ".,;:!?")):
                return plain, span
            self.rejected += 1

    CONTEXT = 0.12  # share of sentences with something around the request

    def _in_context(self, rng: random.Random, text: str) -> str:
        """Perhaps with words before or after that ask for nothing themselves."""
        kind = rng.random()
        if kind < 0.6 * self.CONTEXT:
            first = text if text.startswith("I ") or text.startswith("I'") else text[:1].lower() + text[1:]
            before = self.book.expand(rng, "x_before")
            text = f"{before} {first if before[-1] in ',:-;' or before[-1].isalpha() else text}"
        if 0.45 * self.CONTEXT < kind < self.CONTEXT:
            question, end = text[-1] == "?", text.rstrip(".!? ")
            after = self.book.expand(rng, "x_ask_after" if question else "x_after")
            while not question and end[-1] == SPAN_CLOSE and after[0] != ".":  # a reason would read as part of what is to be remembered
                after = self.book.expand(rng, "x_after")
            text = tidy(end + (" " if after[0].isalnum() or after[0] == "-" else "") + after)
        return text

    @staticmethod
    def _style(rng: random.Random, text: str) -> str:
        kind = rng.random()
        if kind < 0.10:
            text = text.lower()
        elif kind < 0.86:
            at = 1 if text.startswith(SPAN_OPEN) else 0
            text = text[:at] + text[at:at + 1].upper() + text[at + 1:]
        # Sentences after a full stop start with a capital, most of the time.
        for mark in (". ", "! ", "? "):
            if 0.1 <= kind < 0.8 and mark in text:
                text = mark.join(p[:1].upper() + p[1:] if i and p[:1] != SPAN_OPEN else p for i, p in enumerate(text.split(mark)))
        if rng.random() < 0.15:
            text = text.rstrip(".?!")
        if rng.random() < 0.04:
            text = text.replace("please", "pls").replace("Please", "Pls")
        if rng.random() < 0.05:
            text = text.replace("'", "’") if rng.random() < 0.5 else text.replace("'", "")
        return text

    def exchange(self, rng: random.Random, kind: str | None = None) -> Exchange:
        kind = kind or rng.choices(list(self.SHARES), self.SHARES.values())[0]
        return self._apart(lambda: getattr(self, f"_{kind}")(rng))

    def _apart(self, draw: Callable[[], Exchange]) -> Exchange:
        """Draws again while the exchange has the frame of a test sentence."""
        while True:
            exchange = draw()
            if not self.holdout.knows_frame(exchange.user, exchange.tool, exchange.arguments):
                return exchange
            self.rejected += 1

    def _calculator(self, rng: random.Random) -> Exchange:
        while True:
            text, expression = self.calculator.written(rng) if rng.random() < self.WRITTEN else self.calculator.sample(rng)
            text = self._style(rng, self._in_context(rng, text))
            if not self.holdout.knows_sentence(text):
                break
        if rng.random() < 0.06:
            result = "error: " + rng.choice(["division by zero", "the number is too large", "invalid expression", "overflow",
                                             "unexpected end", f"unexpected {rng.choice('*/)(^%')}", "result is not a number"])
        else:  # any number: the model must copy the tool's result, not compute one
            digits = self.fillers.digits
            result = rng.choice(["", "", "", "-"]) + (str(int(digits(rng, 1, 9))) if rng.random() < 0.7 else self.fillers.long_number(rng))
            if rng.random() < 0.35:
                result += "." + digits(rng, 1, 6) if rng.random() < 0.9 else f"E+{rng.randint(10, 40)}"
        return self._with_answer(Exchange(text, "calculator", {"expression": expression}, result))

    def _clock(self, rng: random.Random) -> Exchange:
        text, place = self._sentence(rng, self._rule(rng, "clock", "clock_place") if rng.random() < 0.87 else self._rule(rng, "clock_here", "clock_here"))
        return self._clock_exchange(rng, text, place)

    def _clock_exchange(self, rng: random.Random, text: str, place: str | None) -> Exchange:
        result = self._time(rng)
        if rng.random() < 0.15 or place is None and rng.random() < 0.7:
            result = f"unknown place: {place}" if place else "no place given"
        return self._with_answer(Exchange(text, "clock", {"place": place} if place else {}, result))

    def _time(self, rng: random.Random) -> str:
        f = self.fillers
        zone = rng.choice(f.zones) if rng.random() < 0.9 else rng.choice(["UTC", "Etc/UTC", "Etc/GMT+3"])
        return (f"{rng.randrange(24):02}:{rng.randrange(60):02} on {rng.choice(f.weekdays)}, {rng.randint(1, 31)} "
                f"{rng.choice(f.months)} {rng.randint(2024, 2035)} ({zone})")

    def _remember(self, rng: random.Random) -> Exchange:
        text, fact = self._sentence(rng, self._rule(rng, "remember", "remember", "remember_more"))
        return self._with_answer(Exchange(text, "remember", {"fact": fact}, "ok"))

    def _recall(self, rng: random.Random) -> Exchange:
        text, subject = self._sentence(rng, self._rule(rng, "recall", "recall", "recall", "recall_more"))
        result = "nothing remembered"
        if rng.random() > 0.15:
            result = self._sentence(rng, "stored")[1] if rng.random() < 0.6 else f"{subject} is {self.fillers.value(rng)}"
        return self._with_answer(Exchange(text, "recall", {"subject": subject}, result))

    def _search(self, rng: random.Random) -> Exchange:
        text, query = self._sentence(rng, self._rule(rng, "search", "search", "search_more"))
        result = "nothing found" if rng.random() < 0.15 else self._hits(rng)
        return self._with_answer(Exchange(text, "search", {"query": query}, result))

    def _hits(self, rng: random.Random) -> str:
        """One to three hits; the text of the first is what the answer quotes."""
        lines = []
        for number in range(1, rng.choice([1, 1, 2, 2, 3]) + 1):
            title = self.book.expand(rng, "title").replace(": ", " ")
            text, wanted = "", rng.choice([20, 30, 40, 60, 100, 200]) if number == 1 else rng.choice([20, 40])
            while len(text) < wanted:
                sentence = self.book.expand(rng, "d_sentence").replace(SPAN_OPEN, "").replace(SPAN_CLOSE, "")
                text += rng.choice([" ", " ", " ", "; ", " - "] if text else [""]) + sentence[:1].upper() + sentence[1:] + rng.choice("...!?")
            lines.append(f"[{number}] {title}: {text if rng.random() < 0.85 else text[:-1]}")
        return "\n".join(lines)

    def _none(self, rng: random.Random) -> Exchange:
        """The answer to a wish beyond reach depends on the tools, which the conversation knows."""
        kind = rng.choices(list(KIND_OF_ANSWER), [6, 4, 4, 4, 82])[0]
        if kind == "other":
            return Exchange(self._sentence(rng, self._rule(rng, "none", "other", "border"))[0], None, answer="")
        return Exchange(self._sentence(rng, kind)[0], None, answer=KIND_OF_ANSWER[kind])

    @staticmethod
    def _with_answer(exchange: Exchange) -> Exchange:
        exchange.answer = final_answer(exchange.tool, exchange.arguments, exchange.result)
        return exchange

    def _tools(self, rng: random.Random) -> list[str]:
        kind = rng.random()
        if kind < 0.76:
            return config.TOOLS
        return [t for t in config.TOOLS if t != "search"] if kind < 0.8 else [t for t in config.TOOLS if rng.random() < 0.6]

    def _earlier(self, rng: random.Random, exchange: Exchange) -> list[tuple[str, bool]]:
        """An earlier exchange as plain text: what the model is not to learn to say, only to read."""
        answer = exchange.answer.replace(OPEN, "").replace(CLOSE, "")
        if rng.random() < 0.3:
            answer = self._hits(rng).split(": ", 1)[1].split("\n")[0]
        return [(user_text(exchange.user), False), (answer + "<|im_end|>", False), ("\n", False)]

    def conversation(self, rng: random.Random) -> list[tuple[str, bool]]:
        """A training conversation: the tools on offer and one exchange, now and then after an earlier one."""
        tools = self._tools(rng)
        exchanges = [self.exchange(rng)]
        if rng.random() < 0.13:
            exchanges.append(self.exchange(rng))
        elif exchanges[0].tool == "clock" and rng.random() < 0.2:
            exchanges.append(self._apart(lambda: self._clock_exchange(rng, *self._sentence(rng, "clock_follow"))))
        out = [(system_text(tools), False)]
        for number, exchange in enumerate(exchanges, 1):
            self.holdout.check(exchange.user, exchange.tool, exchange.arguments)
            if exchange.tool is None or exchange.tool not in tools:
                exchange = Exchange(exchange.user, None, answer=exchange.answer if exchange.tool is None and exchange.answer else config.refusal(tools))
            pieces = segments(exchange)
            if number < len(exchanges) and rng.random() < 0.5:
                pieces = self._earlier(rng, exchange)
            elif exchange.tool and number == len(exchanges) and rng.random() < self.CALL_ONLY:
                pieces = pieces[:2]
            out += pieces
        return out
