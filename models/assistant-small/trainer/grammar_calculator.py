"""Arithmetic in words and symbols. Unlike the other grammars it must build the expression next to the sentence."""
import random
import re

from . import phrases
from .grammar_stories import STORY_KINDS
from .templates import PhraseBook

MIDDLE = {
    "*": ["times", "times", "multiplied by", "x", "*", "×", "·", "multiplied with"],
    "+": ["plus", "plus", "+", "added to", "and also", "increased by"],
    "-": ["minus", "minus", "-", "less", "take away", "reduced by", "decreased by"],
    "/": ["divided by", "divided by", "/", "over", "÷", ":", "split by"],
    "^": ["to the power of", "^", "raised to the power of", "raised to", "to the power", "**"],
    "%*": ["% of", "percent of", "% of", "percent of", "per cent of", " % of"],
}
SYMBOLS = {"*": ["*", "*", "x", "×"], "+": ["+"], "-": ["-"], "/": ["/", "/", "÷"], "^": ["^"]}

# {e} stands for a noun-like phrase, "17 times 23".
PHRASE_WRAPPERS = """What is {e}?|What's {e}?|what is {e}|How much is {e}?|How much does {e} make?|Calculate {e}.|Calculate {e}|Compute {e}
Compute {e}.|Please calculate {e}.|Could you calculate {e}?|Can you calculate {e} for me?|Can you compute {e}?|Please compute {e}|Work out {e}.
Can you work out {e}?|Could you work out {e} for me please?|Please work out {e}|I need {e}.|I need to know {e}|I need the result of {e}.|Tell me {e}.
Tell me what {e} is.|Could you tell me {e}?|Can you tell me what {e} is?|Do you know what {e} is?|Do you know {e}?|What does {e} equal?|What does {e} give?
What does {e} come to?|What does {e} make?|What do I get for {e}?|What would {e} be?|What might {e} be?|What will {e} be?|Evaluate {e}.|Evaluate {e}
Solve {e}.|Solve {e} for me|Please solve {e}|{e}|{e}?|{e} =|{e} = ?|{e}=?|{e} equals?|{e} equals what?|{e} is what?|{e} makes?|{e}, please.|{e} please
{e} - what is it?|{e}, what's that?|{e}: how much is that?|Give me {e}.|Give me the result of {e}|Please give me {e}|Give me the value of {e}.|Show me {e}.
The result of {e}?|The answer to {e}, please.|Find {e}.|Find the value of {e}|Determine {e}.|Quick question: what is {e}?|Quick maths: {e}|Math question: {e}
Quick sum: {e}?|Quickly, {e}?|Hey, what's {e}?|Hi, can you do {e}?|Hello, how much is {e}?|Can you do {e}?|Could you do {e} for me?|Do {e}.|Please do {e}.
Would you calculate {e}?|Would you mind working out {e}?|I'd like to know what {e} is.|I would like to know {e}|I want to know how much {e} is.|Let me know what {e} is.
My homework asks for {e}.|My son asks what {e} is.|My daughter needs {e} for school.|Help me with {e}.|Help me with my homework: {e}|Help me calculate {e}
Use the calculator: {e}|Use your calculator for {e}.|Calculator: {e}|With the calculator, what is {e}?|Run {e} through the calculator|Type {e} into the calculator.
What's the result of {e}?|What is the result of {e}|What is the answer to {e}?|What's the value of {e}?|What is the value of {e}|What's the outcome of {e}?
If I calculate {e}, what do I get?|If you compute {e}, what comes out?|How many is {e}?|How big is {e}?|How large is {e}?|Any idea what {e} is?|Figure out {e}.
Can you figure out {e}?|Could you figure out what {e} is?|I wonder what {e} is.|I was wondering how much {e} is|Check {e} for me.|Please check what {e} is.
I can't do {e} in my head.|I am stuck on {e}.|I keep getting {e} wrong, what is it?|So what is {e}?|Okay, {e}?|Now {e}.|And {e}?|And what is {e}?|Then what's {e}?
Tell me the result of {e}|Tell me the answer to {e}.|Tell me how much {e} is|Say what {e} is.|Please tell me {e}|Please tell me what {e} makes.|Please evaluate {e}
One more: {e}|Next one: {e}|Another one: what is {e}?|A calculation: {e}|A sum for you: {e}|Here is a sum: {e}|Here's one for you: {e}|Try {e}.|Try this: {e}
Simplify {e}|What number is {e}?|Which number is {e}?|Which number do I get from {e}?|What is {e} exactly?|What's {e} again?|What's {e}, please?|What is {e} in total?
I got the task {e}, what's the answer?|On my bill it says {e}, how much is that?|For the invoice I need {e}.|For my budget, what is {e}?|The exercise says {e}.
Excuse me, what is {e}?|Sorry, what's {e}?|By the way, what is {e}?|Thanks! And what's {e}?|Good morning! {e}, please.|Could I have {e}?|May I ask what {e} is?
Work this out: {e}|Compute this: {e}|Calculate this: {e}|Solve this: {e}|Please do this sum: {e}|Evaluate this: {e}|Do this one: {e}|Calculate the following: {e}|Work this out for me: {e}|Solve the following: {e}|Please work this out: {e}|Figure this out: {e}
Is {e} a big number? What is it?|{e} would be how much?|{e} gives what?|{e} comes to what?|{e} - quick!|{e}, quickly please|{e} thanks|{e} for me please"""

# {v} stands for an order such as "add 3 and 4".
ORDER_WRAPPERS = """{v}|{v}.|Please {v}.|please {v}|Can you {v}?|Could you {v}?|Could you {v} for me?|Can you please {v}?|Would you {v}?|Would you please {v}?
What do I get if I {v}?|What do you get if you {v}?|What do we get when we {v}?|What happens if I {v}?|If I {v}, what do I get?|If you {v}, what is the result?
If we {v}, how much is that?|I need you to {v}.|I want you to {v}|I'd like you to {v}.|I would like to {v}.|I want to {v}.|I need to {v}.|Help me {v}.|Let's {v}.
Hey, {v}.|Hi, please {v}|Okay, {v}.|Now {v}.|Then {v}|Next, {v}.|Quickly {v}.|Just {v}|Use the calculator to {v}.|Use your calculator and {v}.|Go ahead and {v}
How much is it if I {v}?|How much do I have when I {v}?|What number results if you {v}?|What is the result when you {v}?|What's the answer if I {v}?|Tell me what I get if I {v}.
My task is to {v}.|My homework says: {v}.|The exercise: {v}.|Do me a favour and {v}|Be so kind and {v}.|Kindly {v}.|When I {v}, what comes out?|Suppose I {v}: what do I get?
Show me what happens when you {v}.|Are you able to {v}?|Could someone {v}?|I have to {v} for school.|Would you mind? {v}.|For me, {v}.|{v}, please.|{v} please|{v} and tell me the result.
{v} and show me what you get|{v}, would you?|{v} for me.|{v}, thanks.|Question: what if I {v}?|How much will it be when I {v}?"""

# Small stories: letters are numbers, the second part is the expression.
STORIES = """{a} {things} at {b} {money} each, how much is that?|a*b||I buy {a} {things} for {b} {money} each. What do I pay?|a*b
{a} {things} cost {b} {money} each, what is the total?|a*b||One {thing} costs {b} {money}. How much are {a} of them?|b*a||There are {a} {things} with {b} {things2} each, how many {things2} in total?|a*b
{a} rows of {b} {things}: how many {things}?|a*b||I have {a} boxes with {b} {things} in each. How many {things} do I have?|a*b||I work {a} hours at {b} {money} an hour, what do I earn?|a*b
How much do {a} {things} cost at {b} {money} apiece?|a*b||If a {thing} weighs {b} kilos, how heavy are {a} {things}?|b*a||A {thing} costs {b} {money}, I need {a}. How much is it?|b*a
Split {a} {money} between {b} people.|a/b||Divide {a} {things} among {b} people.|a/b||We share {a} {money} between {b} of us, how much does each get?|a/b||{a} {money} shared by {b} people is how much each?|a/b
The bill is {a} {money} and we are {b} people. What does each pay?|a/b||{b} friends split {a} {money}, how much does each one pay?|a/b||{a} {things} for {b} kids, how many does each kid get?|a/b
How many times does {b} go into {a}?|a/b||How often does {b} fit into {a}?|a/b||I drove {a} kilometres in {b} hours, what was my speed?|a/b||If {a} {things} are packed in boxes of {b}, how many boxes is that?|a/b
I had {a} {money} and spent {b}. How much is left?|a-b||I have {a} {things} and give away {b}, how many remain?|a-b||From {a} {things} I used {b}. How many are left?|a-b||The price fell from {a} to {b} {money}, by how much?|a-b
There were {a} {things} and {b} got lost, how many are there now?|a-b||How much more is {a} than {b}?|a-b||How much bigger is {a} than {b}?|a-b||How far is it from {b} to {a}?|a-b||What is left of {a} after taking away {b}?|a-b
I have {a} {things} and get {b} more. How many is that?|a+b||I paid {a} {money} for {things} and {b} for {things2}, what did I spend?|a+b||{a} {things} and {b} more {things}, how many altogether?|a+b
One {thing} costs {a} and the other {b} {money}, how much together?|a+b||I walked {a} km yesterday and {b} km today. How far in total?|a+b||We were {a} people and {b} joined, how many are we?|a+b
I spent {a}, {b} and {c} {money}. What is the sum?|a+b+c||My bills are {a}, {b} and {c} {money}, how much altogether?|a+b+c||{a} {things}, {b} {things2} and {c} more: how many in all?|a+b+c
What is a {a}% tip on {b} {money}?|a%*b||How much is a {a} percent tip on a bill of {b}?|a%*b||How much tax is {a}% on {b} {money}?|a%*b||I get {a}% of {b} {money}, how much is that?|a%*b
What's {a} percent of my {b} {money} salary?|a%*b||{a}% of the {b} {things} are broken, how many is that?|a%*b||A commission of {a}% on {b} {money} is how much?|a%*b||What is {a}% interest on {b} {money}?|a%*b
I bought {a} {things} at {b} {money} and paid {c} for delivery, what is the total?|a*b+c||{a} {things} at {b} each minus a voucher of {c} {money}?|a*b-c||I have {a} {things}, buy {b} more and lose {c}. How many now?|a+b-c
I earn {a} {money} a month, how much is it in {b} months?|a*b||A room is {a} by {b} metres, what is its area?|a*b||What is the area of a {thing} that is {a} by {b}?|a*b||How many {things} are in {a} packs of {b}?|a*b
{a} people pay {b} {money} each. How much do we collect?|a*b||How much is {a} weeks at {b} {money} per week?|a*b||Each {thing} holds {b} {things2}, how many fit in {a} {things}?|b*a||My {thing} uses {a} litres a day, how much in {b} days?|a*b"""

ORDERS = """add {a} and {b}|a+b||add {a} to {b}|a+b||sum {a} and {b}|a+b||sum up {a} and {b}|a+b||add up {a}, {b} and {c}|a+b+c||add {a}, {b} and {c}|a+b+c||add up {a} and {b}|a+b
add together {a} and {b}|a+b||add {b} on top of {a}|b+a||subtract {b} from {a}|a-b||take {b} from {a}|a-b||take {b} away from {a}|a-b||deduct {b} from {a}|a-b||take away {b} from {a}|a-b||subtract {b} from {a}|a-b
reduce {a} by {b}|a-b||increase {a} by {b}|a+b||multiply {a} by {b}|a*b||multiply {a} with {b}|a*b||multiply {a} and {b}|a*b||times {a} by {b}|a*b||multiply {a}, {b} and {c}|a*b*c||multiply {a} by {b}|a*b
divide {a} by {b}|a/b||divide {a} by {b}|a/b||split {a} by {b}|a/b||divide {a} into {b} parts|a/b||divide {a} into {b} equal parts|a/b||split {a} into {b} parts|a/b||split {a} {b} ways|a/b||share {a} among {b}|a/b
raise {a} to the power of {b}|a^b||raise {a} to the power {b}|a^b||take {a} to the power of {b}|a^b||take {a} percent of {b}|a%*b||take {a}% of {b}|a%*b||work out {a}% of {b}|a%*b||find {a} percent of {b}|a%*b||calculate {a}% of {b}|a%*b
add {a} and {b} and multiply the result by {c}|(a+b)*c||add {a} and {b}, then multiply by {c}|(a+b)*c||add {a} to {b}, then divide by {c}|(a+b)/c||subtract {b} from {a} and multiply by {c}|(a-b)*c
multiply {a} by {b} and add {c}|a*b+c||multiply {a} by {b}, then subtract {c}|a*b-c||divide {a} by {b} and add {c}|a/b+c||multiply {a} by {b} and then add {c}|a*b+c||multiply {a} by {b} and divide by {c}|a*b/c"""

NOUN_LIKE = """the sum of {a} and {b}|a+b||the product of {a} and {b}|a*b||the difference between {a} and {b}|a-b||the difference of {a} and {b}|a-b||the quotient of {a} and {b}|a/b||the total of {a} and {b}|a+b
the sum of {a}, {b} and {c}|a+b+c||the total of {a}, {b} and {c}|a+b+c||the product of {a}, {b} and {c}|a*b*c||the ratio of {a} to {b}|a/b||{a} and {b} together|a+b||{a} plus {b} plus {c}|a+b+c||{a} percent of {b}|a%*b
{a} times {b} times {c}|a*b*c||{a} plus {b} minus {c}|a+b-c||{a} minus {b} plus {c}|a-b+c||{a} minus {b} minus {c}|a-b-c||{a} times {b} plus {c}|a*b+c||{a} times {b} minus {c}|a*b-c||{a} divided by {b} plus {c}|a/b+c
{a} plus {b} times {c}|a+b*c||the sum of {a} and {b} times {c}|(a+b)*c||the sum of {a} and {b} divided by {c}|(a+b)/c||the difference between {a} and {b} times {c}|(a-b)*c||{a} times the sum of {b} and {c}|a*(b+c)
{a} added to {b}|a+b||{b} subtracted from {a}|a-b||{a} to the power of {b}|a^b||{a} to the {b}th power|a^b||{a} raised to the {b}th power|a^b||{a} to the {b}th|a^b||{a} multiplied by {b} divided by {c}|a*b/c
{a}% of {b} plus {c}|a%*b+c||{a} percent of {b} minus {c}|a%*b-c||the {b}th power of {a}|a^b||{a} per cent of {b}|a%*b||a {a} percent share of {b}|a%*b||{a} modulo {b}|a%b||the remainder of {a} divided by {b}|a%b||the remainder when {a} is divided by {b}|a%b||({a} plus {b}) times {c}|(a+b)*c||{a} times ({b} plus {c})|a*(b+c)||({a} minus {b}) divided by {c}|(a-b)/c
{a} divided by ({b} minus {c})|a/(b-c)||({a} plus {b}) divided by {c}|(a+b)/c||{a} times ({b} minus {c})|a*(b-c)||{a} plus {b}, all divided by {c}|(a+b)/c||{a} plus {b}, the whole thing times {c}|(a+b)*c||{a} minus {b}, all times {c}|(a-b)*c
{a} to the power of {b} plus {c}|a^b+c||{a} to the power of {b} minus {c}|a^b-c||{a} times {b}, plus {c}|a*b+c||{a} divided by {b}, minus {c}|a/b-c||the difference when you take {b} from {a}|a-b||the result of adding {a} and {b}|a+b
the result of multiplying {a} and {b}|a*b||the result of dividing {a} by {b}|a/b||the result of subtracting {b} from {a}|a-b||{a} taken from {b}|b-a||{a} less {b}|a-b||{a} and {b} multiplied|a*b||{a} and {b} added|a+b||{a} times as much as {b}|a*b||{a} multiplied by {b}|a*b||{a} mod {b}|a%b"""


def _cells(block: str) -> list[tuple[str, str]]:
    cells = [c for line in block.splitlines() for c in line.split("||")]
    return [tuple(c.rsplit("|", 1)) for c in cells]


_STORIES, _ORDERS, _NOUN_LIKE = _cells(STORIES), _cells(ORDERS), _cells(NOUN_LIKE)
_PLAIN_ORDERS = [c for c in _ORDERS if len(c[1]) == 3]  # two numbers: what people ask most
_PLAIN_NOUN_LIKE = _NOUN_LIKE[:6]
_PHRASES = [w for line in PHRASE_WRAPPERS.splitlines() for w in line.split("|")]
_ORDER_WRAPPERS = [w for line in ORDER_WRAPPERS.splitlines() for w in line.split("|")]
_MONEY = "euros dollars pounds francs crowns yen pesos".split()


class Calculator:
    """Draws a sentence and its expression; every number of the expression stands in the sentence as written."""

    frames = len(_PHRASES) * (sum(map(len, MIDDLE.values())) + len(_NOUN_LIKE)) + len(_ORDER_WRAPPERS) * len(_ORDERS) + len(_STORIES)

    def __init__(self, book: PhraseBook, nouns: list[str], written: list[tuple[str, str]]):
        self._book = book
        self._written = written  # the authors' phrases: rule and expression
        self._nouns = [n for n in nouns if " " not in n]

    @staticmethod
    def _number(rng: random.Random) -> str:
        kind = rng.random()
        if kind < 0.72:
            return str(rng.randrange(10 ** rng.choice([1, 1, 2, 2, 2, 2, 3, 3, 3, 4, 4, 5, 6])))
        if kind < 0.9:
            return f"{rng.randrange(10 ** rng.randint(1, 4))}.{rng.randrange(10 ** rng.randint(1, 3))}"
        return f"{rng.randrange(10 ** rng.randint(1, 3))}.{rng.choice(['5', '25', '50', '75', '99', '90', '05'])}"

    @staticmethod
    def _everyday(rng: random.Random) -> str:
        """A number as it stands in people's small sums: mostly a few dozen, some hundreds, a price."""
        kind = rng.random()
        if kind < 0.75:
            return str(rng.randint(2, rng.choice([12, 30, 60, 100, 100, 1000, 1000, 9000])))
        if kind < 0.82:
            return str(rng.randint(1, 60) * rng.choice([10, 50, 100, 500]))
        return f"{rng.randint(0, rng.choice([9, 40, 200]))}.{rng.choice(['5', '5', '25', '50', '75', '99', '90', '80', '20', str(rng.randint(1, 99))])}"

    def _fill(self, rng: random.Random, pattern: tuple[str, str], everyday: bool = False) -> tuple[str, str]:
        numbers = {k: self._everyday(rng) if everyday else self._number(rng) for k in "abcd"}
        if everyday and re.match(r"a[-/]b", pattern[1]) and rng.random() < 0.85:  # what is taken or shared is mostly the larger one
            numbers["a"], numbers["b"] = sorted((numbers["a"], numbers["b"]), key=float, reverse=True)
        if "%*" in pattern[1]:
            numbers["a"] = rng.choice([str(rng.randint(1, 100)), str(rng.randint(1, 100)), f"{rng.randint(0, 99)}.{rng.randint(1, 9)}"])
        if "^" in pattern[1]:
            numbers["b"] = str(rng.randint(2, 12))
            if "{b}th" in pattern[0]:
                numbers["b"] = str(rng.randint(4, 12))
        if "th {b}" in pattern[0]:
            numbers["b"] = str(rng.randint(4, 20))
        thing, other = rng.choice(self._nouns), rng.choice(self._nouns)
        text = pattern[0].format(**numbers, thing=thing, things=thing + "s", things2=other + "s", money=rng.choice(_MONEY))
        letters = pattern[1]
        if re.fullmatch(r"[a-d]([*+])[a-d](\1[a-d])*", letters):  # where the order is free, it is the sentence's order
            letters = letters[1].join(sorted(letters[::2], key=lambda x: pattern[0].index(f"{{{x}}}")))
        return text, "".join(numbers.get(c, c) for c in letters)

    def _words(self, rng: random.Random) -> tuple[str, str]:
        """Two, now and then up to four numbers with operators in words."""
        if rng.random() < 0.15:
            return self._chain(rng)
        operator = rng.choice(list(MIDDLE))
        text, expression = self._fill(rng, ("{a} @ {b}", f"a{operator}b"))
        middle = rng.choice(MIDDLE[operator])
        if middle == "added to" and rng.random() < 0.5:
            middle = "plus"
        text = self._with_units(rng, text, operator)
        text = text.replace(" @ ", f"{middle} " if middle.startswith("%") else f" {middle} ")
        if rng.random() < 0.06 and operator in "*+/":
            text, expression = rng.choice(["-", "minus "]) + text, "-" + expression
        return text, expression

    def _chain(self, rng: random.Random) -> tuple[str, str]:
        """Three or four numbers with words between, in the order they are said."""
        text = expression = self._number(rng)
        for _ in range(rng.choice([2, 2, 3])):
            operator, number = rng.choice("+-*/+-"), self._number(rng)
            middle = rng.choice([m for m in MIDDLE[operator] if m[0].isalpha() and m not in ("added to", "and also", "over")])
            text += f"{rng.choice(['', '', '', ','])} {middle} {number}"
            expression += operator + number
        return text, expression

    @staticmethod
    def _with_units(rng: random.Random, text: str, operator: str) -> str:
        """Now and then a unit or a currency sign stands next to the numbers."""
        if operator == "^" or rng.random() > 0.12:
            return text
        first, last = text.split(" @ ")
        both, sign = operator in "+-", rng.choice("$$€£")
        if rng.random() < 0.4:
            return f"{sign if both or operator == '/' else ''}{first} @ {sign if operator in ['+', '-', '%*', '*'] else ''}{last}"
        unit = " " + rng.choice(["km", "kg", "euros", "dollars", "litres", "metres", "pages", "hours", "points", "cm", "people"])
        return f"{first}{unit if both or operator == '/' else ''} @ {last}{unit if operator != '/' else ''}"

    def _story(self, rng: random.Random) -> tuple[str, str]:
        expression = rng.choices(list(STORY_KINDS), STORY_KINDS.values())[0]
        return self._fill(rng, (self._book.expand(rng, expression), expression), everyday=rng.random() < 0.6)

    def _symbols(self, rng: random.Random) -> tuple[str, str]:
        """A written expression with two to five numbers, perhaps with brackets."""
        size = rng.choice([2, 2, 2, 2, 3, 3, 4, 5])
        numbers = [self._number(rng) for _ in range(size)]
        operators = [rng.choice("**++--//^" if size == 2 else "**++--//") for _ in range(size - 1)]
        for i, operator in enumerate(operators):
            if operator == "^":
                numbers[i + 1] = str(rng.randint(2, 12))
        parts: list[str] = []
        start = rng.randrange(size - 1) if size > 2 and rng.random() < 0.6 else -1
        end = rng.randint(start + 1, min(size - 1, start + 2)) if start >= 0 else -1
        for i, number in enumerate(numbers):
            parts.append("(" * (i == start) + number + ")" * (i == end))
            if i < size - 1:
                parts.append(operators[i])
        if "^" not in parts and rng.random() < 0.06:
            at = rng.choice([i for i, p in enumerate(parts) if p in numbers])
            parts[at] += "%"
        if size > 2 and rng.random() < 0.08:
            parts = ["(", *parts[:3], ")", *parts[3:]] if "(" not in "".join(parts[:3]) else [*parts, "*", "(", numbers[0], "+", "(", numbers[1], "-", numbers[0], ")", ")"]
        gap = rng.choice([" ", "", " ", ""])
        drawn = {o: rng.choice(s) for o, s in SYMBOLS.items()}
        text = gap.join(drawn.get(p, p) for p in parts).replace("( ", "(").replace(" )", ")")
        return text, "".join(parts)

    def sample(self, rng: random.Random) -> tuple[str, str]:
        """A sentence and its expression, sometimes with a number in front that has nothing to do with it."""
        text, expression = self._plain(rng)
        if rng.random() < 0.03:
            number = rng.randint(1, 20)
            text = rng.choice([f"Question {number}: ", f"Task {number}. ", f"Exercise {number}: ", f"No. {number}: ", f"It is {number} o'clock. ",
                               f"I am {number} years old. ", f"Number {number}: ", f"Problem {number} - ", f"On page {number}: "]) + text
        return text, expression

    def written(self, rng: random.Random) -> tuple[str, str]:
        """An author's phrase and its expression."""
        name, expression = rng.choice(self._written)
        text, expression = self._fill(rng, (self._book.expand(rng, name), expression), everyday=rng.random() < 0.9)
        return phrases.shown(text), expression

    def _retold(self, rng: random.Random) -> tuple[str, str]:
        """A story whose teller also writes the expression down."""
        text, expression = self._story(rng)
        written = expression.replace("*", rng.choice(["*", " * ", " x ", " times "])) if "%" not in expression else expression
        link = rng.choice(["So", "I think that is", "That is", "In short:", "I mean", "Just compute", "What is", "So what's", "That would be", "Please work out"])
        return f"{text} {link} {written}{rng.choice(['?', '.', ''])}", expression

    def _plain(self, rng: random.Random) -> tuple[str, str]:
        kind = rng.random()
        if kind > 0.985:
            return self._retold(rng)
        if kind < 0.60:
            phrase = (self._words if kind < 0.26 else self._symbols if kind < 0.44 else
                      lambda r: self._fill(r, r.choice(r.choice([_NOUN_LIKE, _PLAIN_NOUN_LIKE]))))(rng)
            return rng.choice(_PHRASES).replace("{e}", phrase[0]), phrase[1]
        if kind < 0.76:
            order, expression = self._fill(rng, rng.choice(rng.choice([_ORDERS, _PLAIN_ORDERS])))
            return rng.choice(_ORDER_WRAPPERS).replace("{v}", order), expression
        return self._story(rng) if kind < 0.94 else self._fill(rng, rng.choice(_STORIES))
