"""Makes AgentSystem.Runtime/Security/Screening/Folding/folding.txt.

    python3 eng/unicode/make_folding.py CONFUSABLES > AgentSystem.Runtime/Security/Screening/Folding/folding.txt

CONFUSABLES is Unicode's security/confusables.txt ("0430 ; 0061 ; MA"). Of it only what ends at printable ASCII is kept, because the words we look for
are compared in ASCII; compatibility forms and case come from Python's own copy of the Unicode database (15.0 or newer).
Two tables: "c" lines fold for every text (NFKD, Latin-like accents off, lower case), "s" lines only where a text imitates Latin letters.
"""
import re
import sys
import unicodedata

MARKS = [(0x300, 0x36F), (0x1AB0, 0x1AFF), (0x1DC0, 0x1DFF), (0x20D0, 0x20FF), (0xFE20, 0xFE2F)]


def is_mark(code):
    return any(low <= code <= high for low, high in MARKS)


def compatible(char):
    apart = "".join(c for c in unicodedata.normalize("NFKD", char) if not is_mark(ord(c)))
    return unicodedata.normalize("NFC", apart).casefold()


def prototypes(path):
    table = {}
    with open(path, encoding="utf-8-sig") as lines:
        for line in lines:
            parts = [part.strip() for part in line.split("#")[0].split(";")]
            if len(parts) >= 2 and parts[0]:
                table[int(parts[0], 16)] = "".join(chr(int(code, 16)) for code in parts[1].split())
    return table


def skeleton(char, table):
    """The ASCII text a character imitates; UTS 39 spells m as "rn" and I as l, which is undone here."""
    apart = unicodedata.normalize("NFKD", char)
    text = "".join(table.get(ord(c), c) for c in apart if not is_mark(ord(c)))
    text = unicodedata.normalize("NFKD", text)
    text = "".join(c for c in text if not is_mark(ord(c)))
    text = text.replace("rn", "m") if text == "rn" else text
    if text == "l" and unicodedata.category(char) in ("Lu", "Lt"):
        text = "i"
    return text.lower()


# Letters that confusables.txt does not call look-alikes and everybody reads as such: small capitals, turned letters, flags and signs made of letters.
NAMED = re.compile(r"(?:LATIN LETTER SMALL CAPITAL|LATIN SMALL LETTER TURNED|REGIONAL INDICATOR SYMBOL LETTER|NEGATIVE (?:CIRCLED|SQUARED) LATIN CAPITAL LETTER|"
                   r"(?:CROSSED )?NEGATIVE SQUARED LATIN CAPITAL LETTER) ([A-Z])$")


def main():
    table = prototypes(sys.argv[1])
    print("# Made by eng/unicode/make_folding.py from Unicode's confusables.txt (17.0) and Python's Unicode database " + unicodedata.unidata_version + ".")
    print("# Unicode data: Copyright 1991-2026 Unicode, Inc., licence https://www.unicode.org/license.txt (Unicode License v3).")
    for code in range(0x80, 0x110000):
        char = chr(code)
        if 0xD800 <= code <= 0xDFFF or 0xAC00 <= code <= 0xD7A3 or 0xF900 <= code <= 0xFAFF or 0x2F800 <= code <= 0x2FA1F or is_mark(code):
            continue
        folded = compatible(char)
        if folded != char and folded.strip() and len(folded) <= 4:
            print(f"c {code:X} {folded}")
    for code in range(0x80, 0x20000):
        named = NAMED.search(unicodedata.name(chr(code), ""))
        if named and code not in table and compatible(chr(code)) == chr(code):
            print(f"s {code:X} {named[1].lower()}")
    for code in sorted(table):
        char = chr(code)
        if code < 0x80 or is_mark(code):
            continue
        imitated = skeleton(char, table)
        if imitated and all("!" <= c <= "~" for c in imitated) and len(imitated) <= 3 and imitated != compatible(char):
            print(f"s {code:X} {imitated}")


main()
