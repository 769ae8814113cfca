import pytest

from placement.brokerage.referring_on import refer_on
from placement.domain.errors import OutOfStep
from placement.domain.services import TypeWish
from placement.domain.states import PlacementState, ReferralState
from placement.records.referrals import ReferralType
from placement.records.sections import RisksSection
from tests.brokerage.test_placements import DOING
from tests.builders import a_placement, a_referral, a_unit, night


def test_what_comes_next_is_filled_in_from_the_last_referral_and_begun_once(session):
    referral = a_referral(session, essential=("pbs",), max_miles=5, near_who="Her mother", funding="council")
    referral.types = [ReferralType(slug="nursing_home", wish=TypeWish.RULED_OUT)]
    referral.dangers = RisksSection(risks="falls", legal="dols", note="at night")
    stay = a_placement(
        session, a_unit(session), referral=referral, person=referral.person, start=-3, nights=9,
        state=PlacementState.ACTIVE,
    )  # fmt: skip
    new = refer_on(session, stay, **DOING)

    assert (new.kind, new.state, new.earliest_on, new.nights) == ("move_on", ReferralState.DRAFT, night(6), None)
    assert (new.person, new.max_miles, new.near_who, new.funding) == (referral.person, 5, "Her mother", "council")
    assert {each.slug for each in new.needs} == {"pbs"}
    assert [(each.slug, each.wish) for each in new.types] == [("nursing_home", TypeWish.RULED_OUT)]
    assert (new.dangers.risks, new.dangers.legal, new.dangers.note) == ("falls", "dols", "at night")
    assert new.around is None, "where somebody waits and who cares for them is another matter then"
    assert refer_on(session, stay, **DOING) is new


def test_nobody_moves_on_who_is_not_there(session):
    with pytest.raises(OutOfStep):
        refer_on(session, a_placement(session, a_unit(session)), **DOING)
