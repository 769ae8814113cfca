"""Two people change one record at once: what both changed is asked about, everything else of both is kept.

A form is three versions of the same answers: what it showed when it was opened, what is stored by now, and what was
typed. Each answer is a tuple of words in one form, so that two of them are equal where they mean the same.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Mapping, Sequence
from dataclasses import dataclass

Answer = tuple[str, ...]
Answers = Mapping[str, Answer]
Asked = tuple[str, ...]
"""The names of answers that make sense only together, such as the first and the last day of a window."""
EMPTY: Answer = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Merged:
    """What becomes of two versions: the answers to store, what is theirs in them, and what must be asked about.

    `answers` has what was typed where there is something to ask; `asked` and `theirs` name the answers by question.
    """

    answers: Answers
    theirs: Sequence[Asked]
    asked: Sequence[Asked]


def merge(
    shown: Answers | None,
    stored: Answers,
    typed: Answers,
    *,
    lists: Collection[str] = (),
    bonds: Collection[Asked] = (),
) -> Merged:
    """Merge what was typed into what is stored by now.

    `shown` is what the form was filled from; None where that is not known, so that whatever differs is asked about.
    `lists` are answers of which each word counts by itself, such as ticked boxes: two people's ticks and unticks are
    both kept. `bonds` are answers that are kept or left together.
    """
    answers, theirs, asked = dict(typed), [], []
    for question in questions(typed, bonds):
        now, mine = _of(stored, question), _of(typed, question)
        before = None if shown is None else _of(shown, question)
        if mine == now or before == now:
            continue
        if before == mine:
            kept = now
        elif before is not None and set(question) <= set(lists):
            kept = tuple(map(_both, before, now, mine))
        else:
            asked.append(question)
            continue
        answers.update(zip(question, kept, strict=True))
        if kept != mine:
            theirs.append(question)
    return Merged(answers=answers, theirs=tuple(theirs), asked=tuple(asked))


def questions(names: Collection[str], bonds: Collection[Asked]) -> Iterator[Asked]:
    """Yield the names as they are asked about: those of a bond together, where its first one stands."""
    bound = {name: bond for bond in bonds for name in bond}
    done: set[str] = set()
    for name in names:
        if name not in done:
            question = tuple(each for each in bound.get(name, (name,)) if each in names)
            done.update(question)
            yield question


def _of(answers: Answers, question: Asked) -> tuple[Answer, ...]:
    return tuple(answers.get(name, EMPTY) for name in question)


def _both(before: Answer, now: Answer, mine: Answer) -> Answer:
    """Keep a word where whoever changed it has it: what one ticked is ticked, what one unticked is not."""
    words = dict.fromkeys((*now, *mine))
    return tuple(word for word in words if (word in mine if (word in before) != (word in mine) else word in now))
