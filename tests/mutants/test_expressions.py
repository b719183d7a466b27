"""Each part of a condition is dropped in turn, each comparison moved, and what is left is still a condition."""

from tests.mutants.expressions import ALL, as_written, values_of, weakenings


def test_a_single_condition_is_dropped() -> None:
    assert list(weakenings("version = :was")) == [("without version = :was", None)]


def test_each_part_is_dropped_and_each_comparison_moved_by_its_edge() -> None:
    assert list(weakenings("opens <= :at AND closes > :at")) == [
        ("without opens <= :at", "closes > :at"),
        ("without closes > :at", "opens <= :at"),
        ("< in opens <= :at", "opens < :at AND closes > :at"),
        (">= in closes > :at", "opens <= :at AND closes >= :at"),
        (ALL, None),
    ]


def test_brackets_and_betweens_stay_whole() -> None:
    dropped = [w.to for w in weakenings("(a = :x OR b = :y) AND sk BETWEEN :after AND :last AND a <> :z")]

    assert dropped == [
        "sk BETWEEN :after AND :last AND a <> :z",
        "(a = :x OR b = :y) AND a <> :z",
        "(a = :x OR b = :y) AND sk BETWEEN :after AND :last",
        None,
    ]


def test_what_an_id_made_of_it_reads_the_same_in_every_test() -> None:
    assert as_written("off_x7s7sju2kjijy7x5y7y4z2iezw <= :room3") == "off_… <= :room…"
    assert values_of("a = :x AND b <> :y", None) == {":x", ":y"}
