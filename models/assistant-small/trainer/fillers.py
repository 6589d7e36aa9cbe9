"""Fillers of the grammar: made-up words, codes, dates, numbers, names and places, all disjoint from the test fillers."""
import random
import string
import zoneinfo

from . import lexicon
from .holdout import Holdout

_ONSETS = "b c d f g h j k l m n p r s t v w z br bl cr dr fl fr gl gr kl kr pl pr sk sl sp st tr ch sh th qu".split()
_VOWELS = "a e i o u a e i o ai au ea ee ei ie oa oo ou y".split()
_CODAS = ["", "", "", "", "n", "r", "l", "s", "t", "m", "k", "x", "nd", "rt", "ck", "ng", "sh", "th"]
_DOMAINS = "example.com example.org example.net mail.example.com team.example.org home.example.net".split()


class Fillers:
    """Random fillers; every method takes the generator first, so that a seed reproduces the data."""

    def __init__(self, holdout: Holdout):
        keep = holdout.keep
        self.nouns = [n.replace("-", " ") for n in keep(lexicon.NOUNS)]
        self.attributes = [a.replace("-", " ") for a in keep(lexicon.ATTRIBUTES)]
        self.adjectives = keep(lexicon.ADJECTIVES)
        self.relations = keep(lexicon.RELATIONS)
        self.names = keep(lexicon.NAMES)
        self.words = keep(lexicon.WORDS)
        self.foods = keep(lexicon.FOODS)
        self.colours = keep(lexicon.COLOURS)
        self.weekdays = keep(lexicon.WEEKDAYS) or lexicon.WEEKDAYS
        self.months = keep(lexicon.MONTHS) or lexicon.MONTHS
        self.activities = keep(lexicon.ACTIVITIES)
        self.countries = keep(lexicon.COUNTRIES)
        zones = sorted(z for z in zoneinfo.available_timezones() if "/" in z and not z.startswith(("Etc", "posix", "right")))
        self.cities = keep(sorted({z.rsplit("/", 1)[1].replace("_", " ") for z in zones}))
        self.zones = [z for z in zones if not holdout.clashes(z.replace("/", " ").replace("_", " "))]

    def made_up(self, rng: random.Random, syllables: tuple[int, int] = (1, 3)) -> str:
        """A lower-case word that exists nowhere: it can only be copied, never known by heart."""
        return "".join(rng.choice(_ONSETS) + rng.choice(_VOWELS) + rng.choice(_CODAS)
                       for _ in range(rng.randint(*syllables)))

    def code(self, rng: random.Random) -> str:
        kind = rng.randrange(6)
        size = rng.randint(3, 8)
        if kind == 0:
            return "".join(rng.choice(string.ascii_uppercase + string.digits) for _ in range(size))
        if kind == 1:
            return "".join(rng.choice(string.ascii_letters + string.digits) for _ in range(size))
        if kind == 2:
            return rng.choice(string.ascii_uppercase) + rng.choice(["", "-"]) + self.digits(rng, 1, 4)
        if kind == 3:
            return self.made_up(rng, (1, 2)) + self.digits(rng, 1, 4)
        if kind == 4:
            return "-".join(self.digits(rng, 2, 4) for _ in range(rng.randint(2, 3)))
        return self.made_up(rng, (1, 2)).capitalize() + rng.choice("-_#!*") + self.digits(rng, 1, 4)

    @staticmethod
    def digits(rng: random.Random, low: int, high: int) -> str:
        return "".join(rng.choice(string.digits) for _ in range(rng.randint(low, high)))

    def long_number(self, rng: random.Random, high: int = 12) -> str:
        """A long number, often with a run of one digit: copying must count such runs."""
        size = rng.randint(5, high)
        text = self.digits(rng, size, size)
        while rng.random() < 0.5:
            start, run = rng.randrange(size), rng.randint(2, size)
            text = (text[:start] + rng.choice(string.digits) * run + text[start + run:])[:size]
        return text if text[0] != "0" else rng.choice("123456789") + text[1:]

    def date(self, rng: random.Random) -> str:
        day, month, year = rng.randint(1, 31), rng.choice(self.months), rng.randint(1940, 2039)
        ordinal = f"{day}{'th' if 10 < day < 20 else {1: 'st', 2: 'nd', 3: 'rd'}.get(day % 10, 'th')}"
        return rng.choice([
            f"{day} {month}", f"{month} {day}", f"{month} {ordinal}", f"the {ordinal} of {month}", f"{day} {month} {year}",
            f"{month} {day}, {year}", f"{day}/{rng.randint(1, 12)}/{year}", f"{year}-{rng.randint(1, 12):02}-{day:02}",
            f"{day}.{rng.randint(1, 12)}.{year}", f"the {ordinal}", month, f"{month} {year}", f"in {month}", f"in {year}"])

    def hour(self, rng: random.Random) -> str:
        hour, minute = rng.randint(0, 23), rng.choice([0, 0, 15, 30, 45, rng.randrange(60)])
        return rng.choice([f"{hour}:{minute:02}", f"{hour:02}:{minute:02}", f"{hour % 12 + 1} {rng.choice(['am', 'pm'])}",
                           f"{hour % 12 + 1}{rng.choice(['am', 'pm'])}", f"{hour % 12 + 1}:{minute:02} pm",
                           "noon", "midnight", f"{hour} o'clock", f"half past {hour % 12 + 1}"])

    def name(self, rng: random.Random) -> str:
        first = rng.choice(self.names) if rng.random() < 0.7 else self.made_up(rng, (1, 3)).capitalize()
        if rng.random() < 0.25:
            first += " " + self.made_up(rng, (1, 3)).capitalize()
        return rng.choice(["Dr ", "Mr ", "Mrs ", "Ms "]) + first if rng.random() < 0.08 else first

    def place(self, rng: random.Random) -> str:
        kind = rng.random()
        if kind < 0.40:
            return rng.choice(self.cities)
        if kind < 0.48:
            return rng.choice(self.zones)
        if kind < 0.56:
            return rng.choice(self.countries)
        word = self.made_up(rng, (1, 4)).capitalize()
        if kind < 0.78:
            return word
        if kind < 0.92:
            head = rng.choice("New San Santa Port Saint Los La El Fort Mount North South East West Upper Lower Old Great Bad Cape "
                              "Lake St. Villa Rio Puerto Nova Le Al Ciudad Kuala".split())
            return f"{head} {word}"
        tail = rng.choice("City Beach Island Falls Bay Springs Town Valley Hills Harbour".split())
        if kind < 0.97:
            return f"{word} {tail}"
        return rng.choice([f"{word}-{self.made_up(rng, (1, 2)).capitalize()}", f"{word} am {self.made_up(rng, (1, 2)).capitalize()}",
                           f"{word} de {self.made_up(rng, (1, 2)).capitalize()}", f"{word}, {rng.choice(self.countries)}"])

    def email(self, rng: random.Random) -> str:
        """Only reserved domains, so that no address can belong to anybody."""
        user = self.made_up(rng) + rng.choice(["", "", ".", "_"]) + self.made_up(rng, (1, 2))
        return f"{user}@{rng.choice(_DOMAINS)}"

    def noun(self, rng: random.Random) -> str:
        return rng.choice(self.nouns) if rng.random() < 0.85 else self.made_up(rng, (1, 3))

    def value(self, rng: random.Random) -> str:
        """Something worth remembering: one to three words, a code, a date, an address, an amount."""
        word, digits = rng.choice(self.words), self.digits
        return rng.choice([
            lambda: self.code(rng), lambda: self.code(rng), lambda: digits(rng, 2, 6), lambda: digits(rng, 4, 8),
            lambda: self.date(rng), lambda: self.date(rng), lambda: self.hour(rng), lambda: self.name(rng),
            lambda: self.name(rng), lambda: rng.choice(self.colours), lambda: word,
            lambda: f"{word} {rng.choice(self.words)}", lambda: f"{rng.choice(self.words)}-{word}-{digits(rng, 1, 3)}",
            lambda: self.made_up(rng), lambda: f"{self.made_up(rng)} {self.made_up(rng)}",
            lambda: self.made_up(rng).capitalize(), lambda: self.email(rng),
            lambda: f"{digits(rng, 2, 4)} {rng.choice(['euros', 'dollars', 'kg', 'cm', 'metres', 'pounds', 'km', 'litres'])}",
            lambda: f"{digits(rng, 1, 3)} {self.made_up(rng, (1, 2)).capitalize()} {rng.choice(['Street', 'Road', 'Lane', 'Avenue', 'Square'])}",
            lambda: f"{rng.choice(self.weekdays)} at {self.hour(rng)}", lambda: f"{rng.choice(self.colours)} {self.noun(rng)}",
            lambda: f"the {rng.choice(self.adjectives)} {self.noun(rng)}", lambda: rng.choice(self.foods),
            lambda: rng.choice(self.activities), lambda: self.place(rng), lambda: f"room {self.code(rng)}",
            lambda: f"{digits(rng, 1, 2)}.{digits(rng, 1, 2)}", lambda: f"+{digits(rng, 2, 2)} {digits(rng, 3, 3)} {digits(rng, 4, 7)}",
        ])()

    def rules(self) -> dict:
        """The fillers as rules of a phrase book."""
        pick = {"adj": self.adjectives, "relation": self.relations, "attribute": self.attributes, "word": self.words,
                "food": self.foods, "colour": self.colours, "weekday": self.weekdays, "month": self.months,
                "activity": self.activities}
        rules = {name: (lambda rng, options=options: rng.choice(options)) for name, options in pick.items()}
        for name in ("name", "place", "date", "hour", "value", "noun", "code", "email", "made_up"):
            rules[name] = getattr(self, name)
        rules["digits"] = lambda rng: self.digits(rng, 1, 4)
        rules["long"] = self.long_number
        rules["two"] = lambda rng: f"{rng.randint(1, 28):02}"
        rules["year"] = lambda rng: str(rng.randint(2015, 2031))
        rules["Made"] = lambda rng: self.made_up(rng, (1, 3)).capitalize() if rng.random() < 0.4 else rng.choice(self.words + self.nouns).capitalize()
        rules["Cap"] = rules["Made"]
        rules["small"] = lambda rng: str(rng.randint(2, 30))
        return rules
