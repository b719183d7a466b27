import pytest

from lumbung.domain import normalise


@pytest.mark.parametrize(
    ("raw", "rupiah"),
    [
        (65000, 65_000),
        (334180.55, 334_181),
        (5_500_000.0, 5_500_000),
        ("Rp62.500 ", 62_500),
        ("Rp 99.999", 99_999),
        ("62,500.00", 62_500),
        ("62.500,50", 62_501),
        ("65000.00", 65_000),
        ("65000,4", 65_000),
        ("Rp1.250.000,-", 1_250_000),
        ("Rp. 62.500", 62_500),
        ("IDR 1,250,000", 1_250_000),
        ("1.800", 1_800),
        ("-", None),
        ("", None),
        (None, None),
        (0, 0),
    ],
)
def test_rupiah_are_read(raw, rupiah):
    assert normalise.rupiah(raw) == rupiah


@pytest.mark.parametrize("raw", ["gratis", -5, "-5", True, [5], "1.2.3", "12.50.000", float("nan"), 1e22, "1,5,0"])
def test_what_is_no_price_is_refused(raw):
    with pytest.raises(ValueError, match="is no price"):
        normalise.rupiah(raw)


@pytest.mark.parametrize(
    ("text", "grams"),
    [
        ("Beras Premium 5 kg", 5_000),
        ("Beras 5Kg", 5_000),
        ("500 gr", 500),
        ("Kopi 10 x 20 g", 200),
        ("Kopi 20g x 10", 200),
        ("Bumbu 10X5.6G", 56),
        ("Minyak 2000Ml", 2_000),
        ("Minyak 1,8 liter", 1_800),
        ("Gula 0,5 kg", 500),
        ("Gula 0.250 kg", 250),
        ("Kecap 1.000 ml", 1_000),
        ("Beras 1.000 kg", None),
        ("Beras 0 kg", None),
        ("10000X5G", None),
        ("Beras 5 kg (5kg)", 5_000),
        ("Isi 24", None),
        ("1 kg, karung 50 kg", None),
        ("Kopi 3in1", None),
        ("Beras 5 kgs", None),
        ("", None),
    ],
)
def test_pack_sizes_are_read_out_of_names(text, grams):
    assert normalise.pack_size_g(text) == grams


@pytest.mark.parametrize(
    ("name", "base"),
    [
        ("Beras Premium 5 kg", "Beras Premium"),
        ("Beras Premium  20Kg", "Beras Premium"),
        ("Beras 10Kg Premium", "Beras Premium"),
        ("Telur (1 kg)", "Telur"),
        ("Beras Premium - 5 kg", "Beras Premium"),
        ("5 kg", "5 kg"),
        ("Kopi 3in1", "Kopi 3in1"),
    ],
)
def test_packs_of_one_product_share_a_name(name, base):
    assert normalise.base_name(name) == base


@pytest.mark.parametrize(
    ("text", "commodity"),
    [
        ("Beras Premium", "rice"),
        ("Tepung Beras", "flour"),
        ("Telur Ayam Negeri", "eggs"),
        ("Daging Ayam", "meat"),
        ("Kerupuk Udang", "processed_food"),
        ("Udang segar", "seafood"),
        ("MINYAK goreng", "cooking_oil"),
        ("Kopi Gayo", "coffee"),
        ("Gula pasir", "sugar"),
        ("Bayam", "vegetables"),
        ("Jeruk Medan", "fruit"),
        ("Masker kain", "other"),
        ("Berasal dari desa", "other"),
    ],
)
def test_a_commodity_is_known_by_its_words(text, commodity):
    assert normalise.commodity(text) == commodity


@pytest.mark.parametrize(("text", "grade"), [("Beras PREMIUM", "premium"), ("Beras medium", "medium"), ("Beras", None)])
def test_a_grade_is_taken_from_the_name(text, grade):
    assert normalise.rice_grade(text) == grade
