import pytest

from directory.catalogue import phones


@pytest.mark.parametrize(
    ("written", "number", "e164", "extension"),
    [
        ("0571-88880000", "0571-88880000", "+8657188880000", ""),
        ("138 1234 5678", "138 1234 5678", "+8613812345678", ""),
        ("+86 10 1234 5678", "+86 10 1234 5678", "+861012345678", ""),
        ("4008101234", "4008101234", "+864008101234", ""),
        ("110", "110", "110", ""),
        ("12348", "12348", "12348", ""),
        ("96110", "96110", "96110", ""),
        ("0571-88880000转8012", "0571-88880000", "+8657188880000", "8012"),
        ("0571-88880000-8012", "0571-88880000", "+8657188880000", "8012"),
        ("010-12345678 ext. 12", "010-12345678", "+861012345678", "12"),
        ("０５７１－８８８８００００", "0571-88880000", "+8657188880000", ""),
    ],
)
def test_numbers_people_write_are_read(written, number, e164, extension):
    assert phones.parse(written) == (number, e164, extension)


@pytest.mark.parametrize("written", ["", "电话", "8888 0000", "13", "1234567", "0571"])
def test_what_is_no_number_is_refused(written):
    with pytest.raises(phones.NotANumber):
        phones.parse(written)


def test_the_operators_own_prefixes_count_as_numbers():
    read = phones.parse("0900-6218 0455", extra_prefixes=["0900"])

    assert (read.number, read.e164) == ("0900-6218 0455", "090062180455")


def test_an_extension_given_apart_wins():
    assert phones.parse("0571-88880000", extension="9").extension == "9"


def test_a_foreign_number_is_read_in_its_country():
    assert phones.parse("(202) 555-0123", country="US").e164 == "+12025550123"


@pytest.mark.parametrize(
    ("e164", "mobile"), [("+8613812345678", True), ("+8657188880000", False), ("110", False)]
)
def test_mainland_mobiles_are_told_from_landlines(e164, mobile):
    assert phones.is_mainland_mobile(e164) is mobile
    assert phones.is_mobile(e164) is mobile


def test_a_link_dials_the_extension_after_a_pause():
    assert phones.tel("0571-88880000", "+8657188880000", "8012") == "+8657188880000,8012"
    assert phones.tel("0900-6218 0455", "") == "090062180455"


def test_a_masked_number_only_reminds():
    assert phones.masked("+86 138 1234 5678") == "138****5678"
    assert phones.masked("12348") == "****"
