"""The office's list of villages, and coordinates that cannot be."""

import pytest

from lumbung.domain.errors import Invalid
from lumbung.domain.geo import SWAPPED, fault_of_latitude, fault_of_longitude
from lumbung.domain.village import BadRow, Village, read

HEAD = "village_code,village,district,postal_code,lat,lng"


def rows(*lines):
    return list(read([HEAD, *lines]))


def test_a_village_is_read_and_further_columns_are_not():
    assert rows("31.74.02.1001,Setiabudi,Setiabudi,12910,-6.2098,106.8217") == [
        Village("31.74.02.1001", "Setiabudi", -6.2098, 106.8217, "12910")
    ]


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ("3174021001,Setiabudi,,12910,-6.2,106.8", "kode '3174021001' bukan kode kelurahan/desa"),
        ("31.74.02.1001,,,12910,-6.2,106.8", "tanpa nama"),
        ("31.74.02.1001,Setiabudi,,12910,utara,106.8", "lat dan lng harus angka"),
        ("31.74.02.1001,Setiabudi", "lat dan lng harus angka"),
        ("31.74.02.1001,Setiabudi,,12910,106.8,-6.2", SWAPPED),
        ("31.74.02.1001,Setiabudi,,12910,51.5,106.8", "di luar Indonesia (-11.1 sampai 6.1)"),
    ],
)
def test_a_bad_row_stops_only_itself(line, reason):
    good = "31.74.02.1002,Karet,,,-6.2,106.8"

    assert rows(line, good) == [BadRow(2, reason), Village("31.74.02.1002", "Karet", -6.2, 106.8)]


def test_a_table_without_coordinates_is_no_list_of_villages():
    with pytest.raises(Invalid):
        list(read(["village_code,village", "31.74.02.1001,Setiabudi"]))


@pytest.mark.parametrize(
    ("lat", "lng", "faults"),
    [
        (-6.2, 106.8, (None, None)),
        (106.8, -6.2, (SWAPPED, SWAPPED)),
        (51.5, 0.0, ("di luar Indonesia (-11.1 sampai 6.1)", SWAPPED)),
        (float("nan"), 200.0, ("di luar Indonesia (-11.1 sampai 6.1)", "di luar Indonesia (94.9 sampai 141.1)")),
    ],
)
def test_coordinates_in_indonesia_the_right_way_round(lat, lng, faults):
    assert (fault_of_latitude(lat), fault_of_longitude(lng)) == faults
