"""Noun phrases: the things facts and questions are about."""

# np_singular: starts at a possessive or an article and names one thing; `recall` spans are exactly such phrases.
NOUN_RULES = {
    "poss": ["my", "my", "my", "my", "our", "our"],
    "compound": ["<noun>", "<noun>", "<noun>", "<noun> <noun>", "<adj> <noun>", "<adj> <noun>", "<word> <noun>", "<made_up> <noun>"],
    "kin": ["<poss> <relation>", "<poss> <relation>", "<poss> <relation>", "<poss> <adj> <relation>", "<poss> <relation> <name>"],
    "thing_of": ["<attribute>", "<noun> <attribute>", "<attribute>", "<noun>", "<noun>", "<adj> <noun>", "<adj> <attribute>",
                 "<noun> <noun>"],
    "np": [
        "<poss> <compound>", "<poss> <compound>", "<poss> <compound>", "<poss> <attribute>", "<poss> <attribute>",
        "<poss> <noun> <attribute>", "<poss> <noun> <attribute>", "<poss> <adj> <attribute>",
        "<kin>'s <thing_of>", "<kin>'s <thing_of>", "<kin>'s <thing_of>",
        "the <compound>", "the <compound>", "the <noun> <attribute>", "the <noun> <attribute>", "the <noun> <noun> <attribute>",
        "the <attribute> (of|for|of|for|on|to) <poss> <compound>", "the <attribute> (of|for|of|for|on|to) the <compound>",
        "the <attribute> of <kin>", "the <relation>'s <thing_of>", "the <noun>'s <attribute>", "<name>'s <thing_of>",
        "the <noun> (of|for|in|from|near|behind|with|at|on) (the|my|our) <noun>", "<poss> <noun> (of|for|in|from|at) (the|my) <noun>",
        "the <adj> <noun> <attribute>", "<poss> <adj> <noun>", "<poss> <word> <noun>", "the <noun> key", "<poss> <noun> <noun>",
        "<poss> <made_up>", "the <made_up>", "<poss> favourite <compound>", "<poss> <noun> <code>"],
    "person": ["<kin>", "<kin>", "<name>", "<name>", "<name>", "the <relation>"],
}
