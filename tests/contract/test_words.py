"""A sentence remembers how it was made."""

from contract.words import Words, translated

FRENCH = {
    "{model} was not zeroed: zero it": "{model} n’a pas été mis à zéro : mettez-le à zéro",
    "{field}: {reason}": "{field} : {reason}",
    "silent": "muet",
}


def test_words_are_the_english_sentence():
    said = Words("{model} was not zeroed: zero it", model="T549i")

    assert "T549i was not zeroed: zero it" == said
    assert '"T549i was not zeroed: zero it"' == f'"{said}"'


def test_words_are_said_in_the_other_language_with_their_parts():
    inner = Words("{model} was not zeroed: zero it", model="T549i")

    assert "P : T549i n’a pas été mis à zéro : mettez-le à zéro" == translated(
        Words("{field}: {reason}", field="P", reason=inner), FRENCH
    )


def test_what_is_not_known_stays_as_it_is():
    assert "gatt error 133" == translated("gatt error 133", FRENCH)
    assert "x y" == translated(Words("x {part}", part="y"), FRENCH)
    assert "muet" == translated("silent", FRENCH)


def test_braces_in_a_part_are_no_template():
    said = Words("{field}: {reason}", field="{0}", reason="{secret}")

    assert "{0} : {secret}" == translated(said, FRENCH)
