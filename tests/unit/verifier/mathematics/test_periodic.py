r"""Solutions that repeat."""

import pytest
from comparing import DIFFERENT, EQUAL, UNDECIDED, check_row

NOT_EQUAL = (DIFFERENT, UNDECIDED)
Z = r",k\in\mathbb{Z}"
N = r",n\in\mathbb{Z}"

ROWS = [
    (r"x=\frac{\pi}{4}+n\pi" + N, r"x=\frac{\pi}{4}+k\pi" + Z, EQUAL, "another letter"),
    (r"\frac{\pi}{4}+k\pi" + Z, r"x=\frac{\pi}{4}+k\pi" + Z, EQUAL, "without the unknown"),
    (r"x=\frac{\pi}{4}+k\pi", r"x=\frac{\pi}{4}+k\pi" + Z, EQUAL, "the letter is not explained"),
    (r"x=-\frac{3\pi}{4}+k\pi" + Z, r"x=\frac{\pi}{4}+k\pi" + Z, EQUAL, "begun elsewhere"),
    (r"x=\frac{\pi}{4}-k\pi" + Z, r"x=\frac{\pi}{4}+k\pi" + Z, EQUAL, "counted backwards"),
    (r"x=\frac{(4k+1)\pi}{4}" + Z, r"x=\frac{\pi}{4}+k\pi" + Z, EQUAL, "one fraction"),
    (r"x=\frac{\pi}{4}+2k\pi" + Z, r"x=\frac{\pi}{4}+k\pi" + Z, DIFFERENT, "another period"),
    (r"x=\frac{\pi}{3}+k\pi" + Z, r"x=\frac{\pi}{4}+k\pi" + Z, DIFFERENT, "another start"),
    (r"y=\frac{\pi}{4}+k\pi" + Z, r"x=\frac{\pi}{4}+k\pi" + Z, DIFFERENT, "another unknown"),
    (r"x=k\pi,x=\frac{\pi}{2}+k\pi" + Z, r"x=\frac{k\pi}{2}" + Z, EQUAL, "two make one"),
    (r"x=k\pi" + Z, r"x=\frac{k\pi}{2}" + Z, DIFFERENT, "half of them"),
    (r"x=\pm\frac{\pi}{3}+2k\pi" + Z, r"x=\frac{\pi}{3}+2k\pi,x=\frac{5\pi}{3}+2k\pi" + Z, EQUAL,
     "both signs"),
    (r"x=\frac{\pi}{3}+2k\pi" + Z, r"x=\pm\frac{\pi}{3}+2k\pi" + Z, DIFFERENT, "one sign"),
    (r"x=\arctan2+k\pi" + Z, r"x=\arctan2-\pi+n\pi" + N, EQUAL, "an irrational start"),
    (r"x=\arctan3+k\pi" + Z, r"x=\arctan2+k\pi" + Z, NOT_EQUAL, "another irrational start"),
    ("x=3k+1" + Z, "x=3n-2" + N, EQUAL, "integers"),
    ("x=3k+2" + Z, "x=3n-2" + N, DIFFERENT, "another residue"),
    ("x=2k+1" + Z, r"x=4k+1,x=4k+3" + Z, EQUAL, "odd numbers twice"),
    (r"x=k^2\pi" + Z, r"x=k\pi" + Z, NOT_EQUAL, "no progression"),
    (r"x=\pi", r"x=k\pi" + Z, NOT_EQUAL, "one of them"),
]  # fmt: skip


@pytest.mark.parametrize("row", ROWS, ids=lambda row: f"{row[0]} | {row[1]}")
def test_periodic(row):
    check_row(row)
