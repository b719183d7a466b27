"""Which courier serves which place."""

import pytest

from lumbung.domain.courier_choice import Couriers, areas, names_at
from lumbung.domain.registry import Dropoff

SETIABUDI = Dropoff("drp_1", "Setiabudi", "Jl. Rasuna Said", -6.2196, 106.83)
MAKASSAR = Dropoff("drp_2", "Makassar", "Jl. Penghibur", -5.1354, 119.4238)


class Courier:
    def __init__(self, name: str) -> None:
        self.name = name


@pytest.mark.parametrize(
    ("text", "jakarta", "makassar"),
    [
        ("*=biteship", ("biteship",), ("biteship",)),
        ("-6.2,106.8,40=lalamove, grab; *=biteship", ("lalamove", "grab"), ("biteship",)),
        ("drp_2=gosend; *=biteship,grab", ("biteship", "grab"), ("gosend",)),
        ("drp_1=gosend", ("gosend",), ()),
        ("*=biteship; drp_1=grab", ("biteship",), ("biteship",)),
    ],
    ids=["everywhere", "around a place", "one drop-off", "nobody elsewhere", "the first that holds it"],
)
def test_the_first_area_that_holds_a_drop_off_says_who_serves_it(text, jakarta, makassar):
    assert [names_at(areas(text), dropoff) for dropoff in (SETIABUDI, MAKASSAR)] == [jakarta, makassar]


@pytest.mark.parametrize(
    "text", ["*=", "*=a,,b", "*=a,a", "*=a; *=b", "jakarta=a", "-6.2,106.8=a", "-96,106.8,4=a", "-6.2,106.8,0=a"]
)
def test_what_cannot_be_meant_is_refused(text):
    with pytest.raises(ValueError, match="cannot be read"):
        areas(text)


def test_a_courier_is_made_when_it_is_needed_and_the_next_is_asked_in_order():
    made = []

    def maker(name):
        def make():
            made.append(name)
            return Courier(name)

        return make

    names = ("a", "b", "c")
    couriers = Couriers({name: maker(name) for name in names}, areas("drp_1=a,b; *=c"))

    assert [courier.name for courier in couriers.at(SETIABUDI)] == ["a", "b"]
    assert (couriers.after("a", SETIABUDI), couriers.after("b", SETIABUDI)) == (couriers["b"], None)
    assert couriers.after("c", SETIABUDI) is couriers["a"], "one that does not serve it is followed by the first"
    assert made == ["a", "b"]
