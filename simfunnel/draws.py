"""Every draw is computed from its address and never from the order in which draws were asked for.

The address (seed, domain, index, subject, kind, occurrence, word) leads to one 32-bit word of
SplitMix64 (Steele, Lea, Flood: Fast Splittable Pseudorandom Number Generators, OOPSLA 2014), which
has random access: its i-th output is `mix(state + (i + 1) * GAMMA)`. A history (or a world) owns one
stream; a visit (subject, kind, occurrence) owns 8 consecutive outputs of it, 16 words, from index
`subject * GAMMA + (kind << 15 | occurrence << 3)` on; each decision owns a fixed word. GAMMA is the
golden ratio of 2^64, whose multiples keep apart: subjects that differ by less than 2^30 never share
an index, and 64-bit hashes only as often as random numbers would. Words turn into uniforms
(word + 1/2) / 2^32, and into events of probability p by `word < floor(p * 2^32)`.
"""

from __future__ import annotations

import hashlib
from typing import Final

import numpy as np
import numpy.typing as npt

from simfunnel.scratch import Scratch

Words = npt.NDArray[np.uint64]
Integers = npt.NDArray[np.int64]
Floats = npt.NDArray[np.float64]

GAMMA: Final = 0x9E3779B97F4A7C15
_MASK: Final = 0xFFFFFFFFFFFFFFFF
_FIRST: Final = np.uint64(0xBF58476D1CE4E5B9)
_SECOND: Final = np.uint64(0x94D049BB133111EB)
_S30, _S27, _S31, _S32 = np.uint64(30), np.uint64(27), np.uint64(31), np.uint64(32)
_LOW: Final = np.uint64(0xFFFFFFFF)

HISTORIES: Final = 1
WORLDS: Final = 2

PAIR_BITS: Final = 3
OCCURRENCE_BITS: Final = 12
KIND_BITS: Final = 5
KIND_SHIFT: Final = PAIR_BITS + OCCURRENCE_BITS

SUBJECT_STEP: Final = np.uint64(GAMMA * GAMMA & _MASK)
OCCURRENCE_STEP: Final = np.uint64((GAMMA << PAIR_BITS) & _MASK)


def mix(z: Words, spare: Words | None = None) -> Words:
    """SplitMix64's output function, in place on `z` (uint64, any shape; `spare` alike, overwritten)."""
    spare = np.empty_like(z) if spare is None else spare
    np.right_shift(z, _S30, out=spare)
    np.bitwise_xor(z, spare, out=z)
    np.multiply(z, _FIRST, out=z)
    np.right_shift(z, _S27, out=spare)
    np.bitwise_xor(z, spare, out=z)
    np.multiply(z, _SECOND, out=z)
    np.right_shift(z, _S31, out=spare)
    np.bitwise_xor(z, spare, out=z)
    return z


def outputs(state: int, first: int, count: int) -> Words:
    """SplitMix64's outputs number `first` (from 0) to `first + count - 1` from a 64-bit state."""
    index = np.arange(first + 1, first + 1 + count, dtype=np.uint64)
    return mix(np.uint64(state & _MASK) + index * np.uint64(GAMMA))


def stream(seed: int, domain: int, index: npt.ArrayLike) -> Words:
    """Start states of the streams of `domain` (HISTORIES or WORLDS) number `index`; the shape of `index`."""
    state = int(outputs(seed, 0, 1)[0])
    state = int(outputs(state, domain, 1)[0])
    numbers = np.atleast_1d(np.asarray(index)).astype(np.uint64)
    return mix(np.uint64(state) + (numbers + np.uint64(1)) * np.uint64(GAMMA))


def subject_of(name: str) -> int:
    """The identity of something that has a name only (an uncertain input's path): 63 stable bits."""
    return int.from_bytes(hashlib.blake2b(name.encode(), digest_size=8).digest(), "little") >> 1


def visit(streams: Words, subject: npt.ArrayLike, kind: int, occurrence: npt.ArrayLike = 0) -> Words:
    """States of visits: `streams`, `subject` and `occurrence` broadcast together.

    A subject counts with all its 64 bits, an occurrence with 12, a kind with 5.
    """
    shape = np.broadcast_shapes(streams.shape, np.shape(subject), np.shape(occurrence))
    return visit_into(np.empty(shape, np.uint64), streams, subject, kind, occurrence)


def visit_into(
    states: Words, streams: Words, subject: npt.ArrayLike, kind: int, occurrence: npt.ArrayLike = 0
) -> Words:
    """`visit`, written into `states`."""
    offset = np.uint64((GAMMA * ((kind << KIND_SHIFT) + 1)) & _MASK)
    np.multiply(np.asarray(subject, dtype=np.int64).view(np.uint64), SUBJECT_STEP, out=states)
    np.add(states, streams + offset, out=states)
    if np.ndim(occurrence) or occurrence:
        np.add(states, np.asarray(occurrence, dtype=np.int64).view(np.uint64) * OCCURRENCE_STEP, out=states)
    return states


def pair(states: Words, number: int, scratch: Scratch | None = None) -> tuple[Integers, Integers]:
    """The visits' two words of pair `number` (0 to 7) as int64 below 2^32: (high half, low half)."""
    scratch = Scratch() if scratch is None else scratch
    z = scratch.take(("pair", number), states.shape, np.uint64)
    high = scratch.take(("high", number), states.shape, np.uint64)
    np.add(states, np.uint64((number * GAMMA) & _MASK), out=z)
    mix(z, high)
    np.right_shift(z, _S32, out=high)
    np.bitwise_and(z, _LOW, out=z)
    return high.view(np.int64), z.view(np.int64)


def uniform(words: Integers, out: Floats | None = None) -> Floats:
    """(word + 1/2) / 2^32, exact, strictly between 0 and 1."""
    out = np.empty(words.shape) if out is None else out
    np.copyto(out, words, casting="unsafe")
    np.add(out, 0.5, out=out)
    return np.multiply(out, 2.0**-32, out=out)


def threshold(probability: npt.ArrayLike) -> Integers:
    """floor(p * 2^32): an event of probability p is `word < threshold`."""
    return np.floor(np.asarray(probability, dtype=np.float64) * 2.0**32).astype(np.int64)
