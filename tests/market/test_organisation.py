"""All services of an organisation at once: what is told is stored, all or none, and nothing else is touched."""

import pytest
from sqlalchemy import select

from placement.domain.errors import Invalid, ToConfirm
from placement.market.numbers import Numbers
from placement.market.organisation import UnitNumbers, confirm_services, report_services
from placement.records.availability import newest_reports
from placement.records.vacancies import VacancyReport
from tests.brokerage.worlds import BROKER
from tests.builders import a_provider, a_report, a_service, a_unit
from tests.conftest import NOW

DOING = {"by": BROKER, "now": NOW}


def numbers(maximum=5, occupied=2, reserved=0, accepting=3):
    return Numbers(maximum=maximum, occupied=occupied, reserved=reserved, accepting=accepting)


def organisation(session, services=3):
    provider = a_provider(session)
    found = [a_service(session, provider=provider) for _ in range(services)]
    units = [a_unit(session, service=each, capacity=5, accepting=None) for each in found]
    for unit in units:
        a_report(session, unit, occupied=2, accepting=3)
    return found, units


def reported(session):
    return [each.unit_id for each in session.scalars(select(VacancyReport).order_by(VacancyReport.id))]


def test_only_what_is_told_is_stored(session):
    services, (one, two, three) = organisation(session)
    changed = UnitNumbers(before=numbers(), given=numbers(occupied=3, accepting=2))
    right = UnitNumbers(before=numbers(), given=numbers())
    reports = report_services(session, services, {three.id: changed, one.id: right}, **DOING)

    assert [(each.unit_id, each.is_unchanged, each.occupied) for each in reports] == [
        (one.id, True, 2),
        (three.id, False, 3),
    ]
    assert reported(session) == [one.id, two.id, three.id, one.id, three.id]


def test_the_questions_of_all_services_are_asked_at_once_and_only_of_what_is_changed(session):
    services, units = organisation(session)
    for service in services:
        service.cqc_beds = 2
    far = UnitNumbers(before=numbers(), given=numbers(maximum=20))
    told = {units[0].id: far, units[1].id: far, units[2].id: UnitNumbers(before=numbers(), given=numbers())}
    with pytest.raises(ToConfirm) as refused:
        report_services(session, services, told, **DOING, confirmed=())
    asked = {question.key for question in refused.value.questions}
    assert {key.rpartition("-")[0] for key in asked} == {
        f"maximum-{units[0].id}", f"maximum-{units[1].id}", f"beds-{services[0].id}", f"beds-{services[1].id}",
    }  # fmt: skip
    assert len(report_services(session, services, told, **DOING, confirmed=asked)) == 3


def test_a_service_is_not_said_to_have_fewer_places_because_one_unit_alone_is_told(session):
    (service,), (unit,) = organisation(session, services=1)
    service.cqc_beds = 6
    a_unit(session, service=service, capacity=5, accepting=5)
    told = {unit.id: UnitNumbers(before=numbers(), given=numbers(maximum=8))}
    with pytest.raises(ToConfirm, match="registered for 6 beds, and its units would have 13 places"):
        report_services(session, [service], told, **DOING, confirmed=())


def test_numbers_that_do_not_add_up_are_refused(session):
    services, (one, two, _) = organisation(session)
    wrong = UnitNumbers(before=numbers(), given=numbers(occupied=9))
    with pytest.raises(Invalid) as refused:
        report_services(session, services, {one.id: wrong, two.id: wrong}, **DOING)
    assert refused.value.field == f"accepting-{one.id}"


def test_all_is_right_but_what_somebody_changed_and_what_was_never_reported(session):
    services, (one, two, three) = organisation(session)
    unknown = a_service(session, provider=services[0].provider)
    a_unit(session, service=unknown, accepting=None)
    seen = [each.id for each in newest_reports(session).values()]
    a_report(session, two, occupied=3, accepting=2)
    found = confirm_services(session, [*services, unknown], **DOING, seen=seen)

    assert (found.right, found.changed, found.unknown) == ([services[0], services[2]], [services[1]], [unknown])
    assert reported(session)[-2:] == [one.id, three.id]
