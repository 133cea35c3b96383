"""A sentence remembers how it was made."""

from decimal import Decimal

from contract.instrument import ANY_VENDOR, called
from contract.words import Words, counted, literal, translated

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
    assert "x silent" == translated(Words("x {part}", part="silent"), FRENCH)
    assert "muet" == translated("silent", FRENCH)


def test_braces_in_a_part_are_no_template():
    said = Words("{field}: {reason}", field="{0}", reason="{secret}")

    assert "{0} : {secret}" == translated(said, FRENCH)


def test_braces_in_a_literal_text_are_kept():
    assert "T{0}i" == literal("T{0}i") == translated(literal("T{0}i"), FRENCH)


def test_a_decimal_has_the_sign_of_the_language():
    said = Words("{value} {unit}", value=Decimal("0.05"), unit=Words("Cel"))

    assert "0.05 Cel" == said
    assert "0,05 °C" == translated(said, {"Cel": "°C"}, ",")


def test_an_instrument_is_called_by_vendor_and_model_or_by_what_it_is():
    assert "testo 300" == called("testo", "300")
    assert "barcode scanner" == called(ANY_VENDOR, "barcode scanner")


def test_one_is_counted_in_the_singular():
    assert ("0 keys", "1 key", "2 keys") == tuple(counted(each, "key") for each in (0, 1, 2))
