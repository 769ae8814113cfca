"""Who must not live with whom, and who must live alone: what the referrals say, drafts apart.

Who said so does not matter, nor whether that referral is still open: it holds for both people.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Mapping

from sqlalchemy import or_, select
from sqlalchemy.orm import Session

from placement.domain.states import ReferralState
from placement.records.councils import EVERY_COUNCIL
from placement.records.referrals import Referral, apart_person


def kept_apart(session: Session, person_ids: Collection[int] | None = None) -> Mapping[int, set[int]]:
    """Return whom people are kept apart from, both ways; of some people, or of everybody who is."""
    one, other = Referral.person_id, apart_person.c.person_id
    rows = select(one, other).join(apart_person, apart_person.c.referral_id == Referral.id)
    rows = rows.where(Referral.state != ReferralState.DRAFT)
    if person_ids is not None:
        rows = rows.where(or_(one.in_(person_ids), other.in_(person_ids)))
    found: defaultdict[int, set[int]] = defaultdict(set)
    for first, second in session.execute(rows, execution_options=EVERY_COUNCIL):
        found[first].add(second)
        found[second].add(first)
    return found
