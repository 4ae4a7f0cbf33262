"""What holds for every text and every number, whatever is written (B09)."""

import time

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

from shared.kernel.contact_points import fold_name, point
from tests.shared.kernel.point_table import table
from tests.shared.kernel.test_point_table import is_canonical

KINDS = ("phone", "email", "vk", "telegram")
LONGEST_KEY = {"phone": 15, "email": 64 + 1 + 254, "vk": 32, "telegram": 32}
MEGABYTE = 1_000_000

_written = st.sampled_from([case.given for case in table()])
_pieces = st.sampled_from(
    [
        *"+78()-.,;:@<>/#?& '\"\t\u00a0\u200b\u0301\u0308ёеeаaİßК",
        "доб.",
        "sip:",
        "vk.com/",
        "t.me/",
        "id",
        "@ya.ru",
    ]
)
_texts = (
    st.text(max_size=90)
    | st.lists(_written | _pieces | st.from_regex(r"\A[0-9]{1,11}\Z"), max_size=6).map("".join)
    | st.builds(
        "{}@{}".format, st.text(min_size=1, max_size=70), st.sampled_from(["ya.ru", "pm.me", "пример.рф"])
    )
)


@pytest.mark.feature("B09")
@given(st.sampled_from(KINDS), _texts)
@example("email", "İ" * 64 + "@example.com")
@example("vk", "9" * 19)
def test_any_text_is_a_canonical_point_or_none(kind: str, text: str) -> None:
    found = point(kind, text)
    if found is None:
        return
    assert point(kind, found.value) == found
    assert is_canonical(kind, found.key)
    assert len(found.key) <= LONGEST_KEY[kind]
    assert found.key == found.key.lower()
    if kind == "email":
        assert found.key.rpartition("@")[2].isascii()  # what stands before may be in any alphabet (RFC 6531)
    else:
        assert found.key.isascii()
    again = point(kind, f"+{found.key}" if kind == "phone" else found.key)
    assert again is not None
    assert again.key == found.key


_gaps = st.sampled_from(["", " ", "-", ".", "\u00a0", "\u2011", "\u202f", "\u2212", "\u200b"])


@pytest.mark.feature("B09")
@given(
    st.sampled_from(["921", "999", "800", "495", "812", "343", "701", "727"]),
    st.integers(2_000_000, 2_999_999),
    st.sampled_from(["+7", "8", "7", "", "tel:+7", "sip:8", "т. 8", "+7 8", "+7 7", "8 +7", "007"]),
    st.lists(_gaps, min_size=3, max_size=3),
    st.sampled_from(["", " доб. 12", ",,12", " (12)", ";ext=12", "\n", ","]),
)
def test_all_spellings_of_a_number_have_one_key(
    code: str, number: int, prefix: str, gaps: list[str], end: str
) -> None:
    local = str(number)
    spelled = f"{prefix}{gaps[0]}({code}){gaps[1]}{local[:3]}{gaps[2]}{local[3:5]}{gaps[2]}{local[5:]}{end}"
    plain = point("phone", f"+7{code}{local}")
    found = point("phone", spelled)
    assert (found and found.key) == (plain and plain.key)
    if found and "12" in end:
        assert found.value == f"+7{code}{local};ext=12"


@pytest.mark.feature("B09")
@given(
    st.from_regex(r"\A[a-z][a-z0-9]{2,8}\Z"),
    st.sampled_from(["gmail.com", "yandex.ru", "icloud.com", "pm.me"]),
)
def test_a_tag_and_case_never_tell_mailboxes_apart(name: str, domain: str) -> None:
    plain = point("email", f"{name}@{domain}")
    tagged = point("email", f" <{name.upper()}+tag@{domain.upper()}> ")
    assert plain is not None
    assert tagged is not None
    assert tagged.key == plain.key


@pytest.mark.feature("B09")
@given(_texts | st.text(alphabet="аеёиaeeёë\u0301\u0306\u0308\u0340\u200b- жrв'’", max_size=30))
def test_a_folded_name_is_folded(name: str) -> None:
    folded = fold_name(name)
    assert fold_name(folded) == folded
    assert folded == folded.strip()
    assert "ё" not in folded


@pytest.mark.parametrize(
    "piece",
    [
        "9",
        "+",
        " ",
        "a@",
        "<",
        ";ext=1",
        "доб.1",
        "\u0301\u0327",
        "\ufdfa",
        "аa",
        "\u200b",
        "vk.com/",
        "a.",
        "\ud800",
    ],
    ids=ascii,
)
def test_a_megabyte_of_anything_takes_no_time(piece: str) -> None:
    text = piece * (MEGABYTE // len(piece))
    start = time.process_time()
    found = [point(kind, text) for kind in KINDS]
    folded = fold_name(text)
    assert time.process_time() - start < 1
    assert found == [None] * len(KINDS)
    assert len(folded) < MEGABYTE // 10


def test_spaces_around_are_no_part_of_a_point() -> None:
    around = " " * (MEGABYTE // 2)
    for kind, value in (
        ("phone", "89214471863"),
        ("email", "a@ya.ru"),
        ("vk", "id1"),
        ("telegram", "@durov"),
    ):
        assert point(kind, around + value + around) == point(kind, value)
