"""Which characters the fonts hold, and what stands for the others.

An archive must not hold a character that no font shows: the typesetter refuses it.
"""

import unicodedata

REPLACEMENT = "\N{REPLACEMENT CHARACTER}"
_FROM_TO = """
    20-7e a0-ac ae-2ff 370-377 37a-37f 384-38a 38c 38e-3a1 3a3-482 48a-4ff 510-513 51a-51d
    531-556 559-58a 5d0-5ea 621-63a 640-64a 660-66d 674 679-67b 67e-680 683-684 686-687 691
    698 6a4 6a9 6af 6be 6cc 6f0-6f9 1e00-1f15 1f18-1f1d 1f20-1f45 1f48-1f4d 1f50-1f57 1f59
    1f5b 1f5d 1f5f-1f7d 1f80-1fb4 1fb6-1fc4 1fc6-1fd3 1fd6-1fdb 1fdd-1fef 1ff2-1ff4
    1ff6-1ffe 2000-200a 2010-2027 202f-2040 2042 2044-2052 2054-205f 2070-2071 2074-208e
    2090-209c 20a0-20c0 2100-211e 2120 2122 2124 2126-2151 2153-2184 2189 2190-23ff
    2422-2423 2460-262f 2638-268b 2690-269c 26a0-26a7 26aa-26b2 2701-2704 2706-2709
    270c-2727 2729-274b 274d 274f-2752 2756 2758-275e 2761-277f 2794 2798-27af 27b1-2b73
    2b76-2b95 2b97-2bff fb00-fb06 fffd
"""
"""What Libertinus Serif and DejaVu Sans Mono show of Latin, Greek, Cyrillic, Armenian, Hebrew, Arabic, and signs.

Found by setting every character alone (typst 0.15); the tests set them all again.
"""


def _ranges() -> frozenset[str]:
    found: set[str] = set()
    for each in _FROM_TO.split():
        first, _, last = each.partition("-")
        found.update(map(chr, range(int(first, 16), int(last or first, 16) + 1)))
    return frozenset(found)


SHOWN = _ranges()
_VARIATIONS = "".join(map(chr, range(0xFE00, 0xFE10)))
"""They choose how the character before looks, and show nothing themselves."""


def showable(text: str) -> str:
    """Return text with a sign in the place of every character that no font holds, so that none goes unseen.

    Marks of direction are dropped: they could make a text read as another. Control characters become spaces.
    """
    composed = unicodedata.normalize("NFC", text)
    return "".join(_shown(each) for each in composed)


def _shown(character: str) -> str:
    if character in SHOWN:
        return character
    if character.isspace() or unicodedata.category(character) == "Cc":
        return "\n" if character == "\n" else " "
    if unicodedata.category(character) == "Cf" or character in _VARIATIONS:
        return ""
    return REPLACEMENT
