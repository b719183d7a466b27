"""QRIS codes as the protocol's published and own vectors have them."""

import pytest

from lumbung.domain.qris import Code, NotThisCode, check_code, crc16, parse, read_code

HEAD = (
    "00020101021{kind}26590014COM.CONTOH.WWW011993600999000000000100207KOP00010303UMI51440014ID.CO.QRIS.WWW"
    "0215ID10200123456780303UMI520454115303360"
)
TAIL = "5802ID5919KOPERASI ASN CONTOH6013JAKARTA PUSAT6105101106"
STATIC = HEAD.format(kind=1) + TAIL + "2070703A0163044FF9"
DYNAMIC = HEAD.format(kind=2) + "5406265000" + TAIL + "2220118KOP-W202610-0001236304F232"
SMALL = HEAD.format(kind=2) + "540511000" + TAIL + "2220118KOP-W202610-000124630400A3"
PUBLISHED = (
    "00020101021226620014COM.GO-JEK.WWW011993600914349052630340210G4905263030303UKE51440014ID.CO.QRIS.WWW"
    "0215AID0607336128660303UKE5204341453033605802ID5904Test6007BANDUNG6105402845409789000.00"
    "62475036c032f87c-f773-4619-aefa-675e1f06f9210703A016304A623"
)
MERCHANT = "ID1020012345678"


def signed(body: str) -> str:
    return f"{body}6304{crc16(body + '6304')}"


def test_the_checksum_has_its_check_value() -> None:
    assert crc16("123456789") == "29B1"


@pytest.mark.parametrize(
    ("text", "code"),
    [
        pytest.param(STATIC, Code(None, MERCHANT, False), id="static"),
        pytest.param(DYNAMIC, Code(265_000, MERCHANT, True), id="dynamic"),
        pytest.param(DYNAMIC[:-4] + "f232", Code(265_000, MERCHANT, True), id="a lower-case checksum"),
        pytest.param(SMALL, Code(11_000, MERCHANT, True), id="another amount"),
        pytest.param(PUBLISHED, Code(789_000, "AID060733612866", True), id="published: amount last, with decimals"),
    ],
)
def test_a_code_is_read_by_tag(text: str, code: Code) -> None:
    assert read_code(text) == code


def test_fields_within_fields_are_read_alike() -> None:
    assert parse(parse(DYNAMIC)["62"]) == {"01": "KOP-W202610-000123"}
    assert parse(parse(DYNAMIC)["26"])["01"] == "9360099900000000010"


@pytest.mark.parametrize(
    "text",
    [
        pytest.param(DYNAMIC.replace("265000", "265001"), id="an edited amount"),
        pytest.param(DYNAMIC.replace("CONTOH60", "CURANG60"), id="an edited name"),
        pytest.param(DYNAMIC[:-1], id="the end is missing"),
        pytest.param(DYNAMIC + " ", id="a space after the end"),
        pytest.param("", id="nothing"),
        pytest.param("00", id="less than a code"),
        pytest.param("\ud800" + DYNAMIC[1:], id="half a character"),
        pytest.param(signed(DYNAMIC[:-8].replace("5303360", "5303840")), id="dollars"),
        pytest.param(signed(DYNAMIC[:-8].replace("5802ID", "5802MY")), id="another country"),
        pytest.param(signed(DYNAMIC[:-8].replace("5406265000", "540926500.50")), id="a length that is wrong"),
        pytest.param(signed(DYNAMIC[:-8].replace("5406265000", "54092650.5000")), id="half a rupiah"),
        pytest.param(signed(DYNAMIC[:-8] + "5406265000"), id="the amount twice"),
        pytest.param(signed("0002015303360" + "5802ID" + "5199x"), id="a length beyond the end"),
        pytest.param(signed("000²01"), id="a length that is no number"),
    ],
)
def test_a_broken_code_is_refused(text: str) -> None:
    with pytest.raises(NotThisCode):
        read_code(text)


def test_a_code_must_pay_what_is_owed_and_whom() -> None:
    check_code(DYNAMIC, amount=265_000, merchant=MERCHANT)
    for text, amount, merchant in (
        (DYNAMIC, 265_001, MERCHANT),
        (DYNAMIC, 265_000, "ID1020099999999"),
        (STATIC, 265_000, MERCHANT),
        (signed(DYNAMIC[:-8].replace("010212", "010211", 1)), 265_000, MERCHANT),
    ):
        with pytest.raises(NotThisCode):
            check_code(text, amount=amount, merchant=merchant)
