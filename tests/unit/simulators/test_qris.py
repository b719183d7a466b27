import pytest

from infra.simulators.qris import crc16, dynamic_qr, is_intact, parse_tlv

PUBLISHED = (
    "00020101021226620014COM.GO-JEK.WWW011993600914349052630340210G4905263030303UKE51440014ID.CO.QRIS.WWW"
    "0215AID0607336128660303UKE5204341453033605802ID5904Test6007BANDUNG6105402845409789000.00"
    "62475036c032f87c-f773-4619-aefa-675e1f06f9210703A016304A623"
)
DYNAMIC = (
    "00020101021226590014COM.CONTOH.WWW011993600999000000000100207KOP00010303UMI51440014ID.CO.QRIS.WWW"
    "0215ID10200123456780303UMI52045411530336054062650005802ID5919KOPERASI ASN CONTOH6013JAKARTA PUSAT"
    "61051011062220118KOP-W202610-0001236304F232"
)


def test_the_checksum_has_its_published_check_value():
    assert crc16("123456789") == "29B1"


def test_a_code_is_built_to_the_letter():
    assert dynamic_qr(265_000, "KOP-W202610-000123") == DYNAMIC


@pytest.mark.parametrize(
    ("payload", "intact"),
    [
        pytest.param(DYNAMIC, True, id="a dynamic code"),
        pytest.param(DYNAMIC[:-4] + "f232", True, id="lower-case digits are read"),
        pytest.param(DYNAMIC.replace("265000", "265001"), False, id="an edited amount is noticed"),
        pytest.param(PUBLISHED, True, id="a published code"),
    ],
)
def test_a_checksum_shows_what_was_edited(payload, intact):
    assert is_intact(payload) is intact


def test_fields_are_found_by_tag():
    assert parse_tlv(PUBLISHED)["54"] == "789000.00"
    assert parse_tlv(parse_tlv(DYNAMIC)["62"]) == {"01": "KOP-W202610-000123"}


@pytest.mark.parametrize("text", ["0005ab", "00x1a", "000"])
def test_a_broken_field_is_refused(text):
    with pytest.raises(ValueError, match="broken field"):
        parse_tlv(text)


def test_a_field_holds_at_most_ninety_nine_characters():
    with pytest.raises(ValueError, match="tag 54"):
        dynamic_qr(10**99, "pay_1")
