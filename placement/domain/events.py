"""Everything that can happen to a record: a row an event. The trail, timelines, messages and figures read this table.

An event that is not here cannot be recorded, nor a detail that its row does not name. Details hold codes and numbers,
never names or free text about a person.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from placement.domain.event_kinds import Event, Kept, Told, is_code
from placement.domain.people import Role

BROKERAGE = frozenset({Role.BROKER, Role.ADMIN})
COUNCIL = BROKERAGE | {Role.COMMISSIONER}
EVERYBODY = frozenset(Role)
ADMINISTRATION = frozenset({Role.ADMIN})
COMMISSIONING = frozenset({Role.COMMISSIONER, Role.ADMIN})


def refusal(slug: str, subject: str, details: Mapping[str, Any]) -> str:
    """Return why a line with this event, subject and details may not be written, or nothing."""
    event = EVENT.get(slug)
    if event is None:
        return f"the event {slug} is not registered"
    if subject != event.subject:
        return f"the event {slug} happens to a {event.subject}, not to a {subject}"
    if unknown := sorted(details.keys() - event.details):
        return f"the event {slug} has no details {', '.join(unknown)}"
    wordy = sorted(name for name, value in details.items() if not is_code(value))
    return f"the event {slug} takes codes and numbers only: {', '.join(wordy)}" if wordy else ""


Row = tuple[str, str, str, Told]


def _says(slug: str, sentence: str, details: str = "", told: Told = Told.NOBODY) -> Row:
    return slug, sentence, details, told


def _of(subject: str, kept: Kept, seen_by: frozenset[Role], *rows: Row) -> list[Event]:
    """Return the events of one kind of record; `details` are names with spaces between them."""
    return [
        Event(
            slug=slug,
            sentence=sentence,
            subject=subject,
            details=frozenset(details.split()),
            seen_by=seen_by,
            told=told,
            kept=kept,
        )
        for slug, sentence, details, told in rows
    ]


# fmt: off
EVENTS = (
    *_of(
        "referral", Kept.WITH_PERSON, BROKERAGE,
        _says("referral_begun", "began a referral", "kind"),
        _says("section_answered", "answered a section", "section"),
        _says("referral_submitted", "submitted a referral", "kind"),
        _says("referral_changed", "changed a referral", "section changes"),
        _says("referral_returned", "sent a referral back for what is missing", "questions note"),
        _says("referral_resubmitted", "sent a completed referral again"),
        _says("referral_waits_for_choice", "waits for the person’s choice"),
        _says("referral_follows_choice", "follows the person’s choice"),
        _says("referral_searched_on", "goes on searching"),
        _says("no_option_found", "found no option", "causes"),
        _says("referral_escalated", "escalated a referral", "to reason"),
        _says("referral_put_on_hold", "put a referral on hold"),
        _says("referral_resumed", "resumed a referral"),
        _says("referral_withdrawn", "withdrew a referral"),
        _says("draft_discarded", "discarded a draft"),
        _says("draft_taken_up", "took a draft up again"),
        _says("referral_placed", "found a place", "placement"),
        _says("referral_declined", "was declined", "unit reason", Told.BROKERAGE),
        _says("referral_lost_place", "lost its place", "placement", Told.BROKERAGE),
        _says("referral_closed", "closed a referral", "placement"),
        _says("referral_stands_again", "has its place again", "placement"),
        _says("referral_assigned", "gave a referral to somebody", "to was team"),
        _says("note_written", "wrote a note", "note"),
        _says("file_added", "added a file", "file kind"),
        _says("file_removed", "removed a file", "file"),
        _says("providers_asked", "asked providers about a place", "asked later"),
        _says("options_given", "gave the person options", "sheet options affordable"),
        _says("choice_made", "wrote down the person’s choice", "sheet option chooser unit"),
        _says("options_taken_back", "took options back", "sheet reason"),
        _says("pair_ruled_out", "ruled a place out", "unit reason"),
        _says("pair_put_back", "let a place be proposed again", "unit"),
        _says("rules_overridden", "decided otherwise than the rules about a place", "unit rules"),
        _says("override_undone", "let the rules stand again for a place", "unit"),
    ),
    *_of(
        "placement", Kept.WITH_PERSON, COUNCIL | {Role.PROVIDER},
        _says("place_reserved", "reserved a place", "unit rank differs", Told.PROVIDER),
        _says("place_confirmed", "confirmed a place", "", Told.BROKERAGE),
        _says("place_declined", "declined a place", "reason"),
        _says("place_released", "released a place", "reason", Told.PROVIDER),
        _says("stay_swapped", "swapped a stay with another person", "other unit", Told.PROVIDER),
        _says("person_arrived", "arrived", "", Told.BROKERAGE),
        _says("person_left", "left", "reason was_end", Told.BROKERAGE),
        _says("hold_extended", "held a place for longer", "until reason", Told.PROVIDER),
        _says("pack_given", "gave the provider the person’s details", "pack files until", Told.PROVIDER),
        _says("pack_taken_back", "took the person’s details back", "pack"),
        _says("pack_opened", "opened the person’s details", "pack"),
        _says("pack_file_saved", "saved a file of the person’s details", "file"),
        _says("goes_as_planned", "said that it goes as planned", "on"),
        _says("not_as_planned", "said that it does not go as planned", "on", Told.BROKERAGE),
        _says("arrival_taken_back", "took an arrival back", "", Told.OTHER_SIDE),
        _says("departure_taken_back", "took a departure back", "until", Told.OTHER_SIDE),
        _says("departure_taken_back_away", "took a departure from hospital back", "until", Told.OTHER_SIDE),
        _says("departure_taken_back_on_notice", "took a departure under notice back", "until", Told.OTHER_SIDE),
        _says("person_went_away", "went into hospital", "since back", Told.OTHER_SIDE),
        _says("person_came_back", "came back from hospital", "on", Told.OTHER_SIDE),
        _says("went_away_on_notice", "went into hospital under notice", "since back", Told.OTHER_SIDE),
        _says("came_back_on_notice", "came back from hospital under notice", "on", Told.OTHER_SIDE),
        _says("notice_given", "wrote down a notice", "giver on was", Told.OTHER_SIDE),
        _says("notice_taken_back", "took a notice back", "until", Told.OTHER_SIDE),
        _says("notice_taken_back_away", "took a notice back while the person is in hospital", "until",
              Told.OTHER_SIDE),
        _says("transfer_planned", "planned a transfer", "stay unit reason"),
        _says("stay_will_move_on", "will move on", "on was referral", Told.PROVIDER),
        _says("stay_goes_on", "stays on", "until", Told.PROVIDER),
        _says("stay_cannot_go_on", "cannot stay on", "on", Told.BROKERAGE),
        _says("stay_dates_changed", "changed the dates of a stay", "start end was_start was_end reason", Told.PROVIDER),
        _says("stay_unit_changed", "goes on in another unit of the service", "unit was"),
        _says("stay_signed_off", "signed off a place outside the city"),
        _says("stay_sent_back", "did not sign off a place outside the city"),
        _says("host_notified", "notified the host council"),
        _says("person_still_there", "said that the person is still there", "due", Told.BROKERAGE),
        _says("stay_put_at_risk", "took the place of a stay away", "cause", Told.BROKERAGE),
        _says("stay_settled", "dealt with a stay whose place had gone", "cause outcome"),
    ),
    *_of(
        "person", Kept.WITH_PERSON, BROKERAGE,
        _says("person_added", "added a person"),
        _says("person_updated", "updated a person", "changed gender gender_before ward ward_before referral"),
    ),
    *_of(
        "match_run", Kept.WITH_PERSON, BROKERAGE,
        _says("run_requested", "asked for a match run"),
        _says("run_cancelled", "cancelled a match run"),
        _says("run_begun", "began to solve a match run", "attempt"),
        _says("run_finished", "finished a match run", "proposals"),
        _says("run_stopped", "stopped a match run"),
        _says("run_failed", "could not solve a match run"),
    ),
    *_of(
        "scenario", Kept.WITH_MARKET, COMMISSIONING,
        _says("scenario_written", "wrote a scenario", "like"),
        _says("scenario_changed", "changed a scenario", "verb added removed"),
        _says("scenario_requested", "asked what would have been"),
        _says("scenario_cancelled", "cancelled a scenario"),
        _says("scenario_begun", "began to replay a scenario", "attempt"),
        _says("scenario_finished", "finished a scenario"),
        _says("scenario_stopped", "stopped a scenario"),
        _says("scenario_failed", "could not replay a scenario"),
    ),
    *_of(
        "proposal", Kept.WITH_PERSON, BROKERAGE,
        _says("proposal_deferred", "held a proposal", "referral"),
        _says("proposal_accepted", "accepted a proposal", "referral"),
        _says("proposal_rejected", "rejected a proposal", "referral"),
        _says("proposal_came_back", "put a held proposal back to be decided", "referral"),
        _says("proposal_put_back", "put a rejected proposal back to be decided", "referral"),
    ),
    *_of(
        "place_hold", Kept.WITH_PERSON, BROKERAGE,
        _says("place_held", "held a place", "referral unit until"),
        _says("hold_used", "took the place that was held", "referral"),
        _says("hold_let_go", "let a held place go", "referral"),
        _says("hold_expired", "let a held place go when its time was over", "referral"),
    ),
    *_of(
        "offer", Kept.WITH_PERSON, COUNCIL | {Role.PROVIDER},
        _says("offer_sent", "asked about a place", "unit referral reply_by wave rank", Told.PROVIDER),
        _says("offer_opened", "opened the request"),
        _says("offer_chased", "was reminded to answer", "", Told.PROVIDER),
        _says("question_asked", "asked a question", "", Told.BROKERAGE),
        _says("question_answered", "answered a question", "", Told.PROVIDER),
        _says("interest_shown", "is interested", "", Told.BROKERAGE),
        _says("place_offered", "offered a place", "weekly_pence start", Told.BROKERAGE),
        _says("offer_declined", "declined", "reason needs", Told.BROKERAGE),
        _says("offer_chosen", "chose this place", "placement", Told.PROVIDER),
        _says("offer_not_chosen", "chose another place", "", Told.PROVIDER),
        _says("offer_withdrawn", "withdrew the request", "", Told.PROVIDER),
        _says("offer_expired", "had no answer in time", "", Told.BROKERAGE),
        _says("link_opened", "opened the link of the request"),
    ),
    *_of(
        "options_sheet", Kept.WITH_PERSON, BROKERAGE,
        _says("sheet_given", "gave this options sheet", "referral options affordable reason"),
        _says("choice_recorded", "recorded a choice", "number option chooser way reason"),
        _says("sheet_withdrawn", "withdrew this options sheet", "reason"),
    ),
    *_of(
        "task", Kept.WITH_PERSON, BROKERAGE,
        _says("task_made", "noted something to do", "kind about about_id due"),
        _says("task_assigned", "gave a task to somebody", "to was"),
        _says("task_done", "did a task"),
        _says("task_dismissed", "dismissed a task", "reason"),
        _says("task_reopened", "opened a task again"),
    ),
    *_of(
        "message", Kept.WITH_ACCOUNT, ADMINISTRATION,
        _says("message_sent", "sent a message"),
        _says("message_parked", "could not send a message", "failure"),
        _says("message_tried_again", "let a message be sent again"),
        _says("message_dropped", "dropped a message"),
    ),
    *_of(
        "provider", Kept.WITH_MARKET, COUNCIL,
        _says("provider_added", "added a provider"),
        _says("provider_named", "named a provider that the CQC’s file did not name"),
        _says("provider_added_by_cqc", "added a provider from the CQC", "cqc_id fields"),
        _says("provider_updated_by_cqc", "updated a provider from the CQC", "cqc_id fields"),
    ),
    *_of(
        "service", Kept.WITH_MARKET, EVERYBODY,
        _says("service_added", "added a service"),
        _says("contact_changed", "changed how a service is reached"),
        _says("numbers_keyed", "entered a home’s numbers in the Capacity Tracker", "units"),
        _says("service_reminded", "was reminded of its vacancies", "", Told.PROVIDER),
        _says("service_chased", "asked a service to confirm its vacancies"),
        _says("contact_hours_changed", "changed whom to ring at which hours", "rows"),
        _says("service_added_by_cqc", "added a service from the CQC", "cqc_id fields"),
        _says("service_updated_by_cqc", "updated a service from the CQC", "cqc_id fields"),
        _says("service_moved_by_cqc", "moved a service to its new CQC registration", "cqc_id fields"),
        _says("service_unlisted_by_cqc", "unlisted a service that the CQC deregistered", "cqc_id fields",
              Told.COMMISSIONER),
        _says("service_dormant_by_cqc", "unlisted a service that the CQC calls dormant", "cqc_id fields",
              Told.COMMISSIONER),
    ),
    *_of(
        "unit", Kept.WITH_MARKET, EVERYBODY,
        _says("unit_added", "added a unit", "offers capacity"),
        _says("unit_edited", "edited a unit", "offers before changes section answers"),
        _says("category_set", "changed how the Capacity Tracker counts a unit", "category before"),
        _says("claim_ruled", "ruled on what a unit offers", "slug verdict ruling"),
        _says("claim_ruling_undone", "took a ruling on a unit back", "slug verdict ruling"),
        _says("turnaround_set", "set the days between two stays", "nights before"),
        _says("unit_split", "split a unit", "into places stays"),
        _says("unit_merged", "merged a unit into another", "into places stays"),
        _says("unit_retired", "retired a unit"),
        _says("unit_taken_up", "took a retired unit up again"),
    ),
    *_of(
        "shared_cap", Kept.WITH_MARKET, EVERYBODY,
        _says("shared_cap_added", "added a shared cap", "places units"),
        _says("shared_cap_changed", "changed a shared cap", "places units before"),
        _says("shared_cap_ended", "ended a shared cap", "places units"),
    ),
    *_of(
        "standing", Kept.WITH_MARKET, COUNCIL,
        _says("standing_set", "set a provider's status", "status cause", Told.BROKERAGE),
        _says("standing_ended", "ended a provider's status", "status end", Told.BROKERAGE),
    ),
    *_of(
        "closure", Kept.WITH_MARKET, EVERYBODY,
        _says("places_closed", "closed places", "unit places"),
        _says("places_reopened", "reopened places", "unit"),
    ),
    *_of(
        "other_stay", Kept.WITH_MARKET, EVERYBODY,
        _says("places_kept", "kept places for others", "unit purpose places start end counted"),
        _says("departure_expected", "said that somebody is to leave", "unit purpose places start end counted"),
        _says("other_stay_changed", "changed until when places are kept", "unit end was"),
        _says("places_given_back", "gave places back", "unit was"),
        _says("other_stay_withdrawn", "took back what was said of places", "unit"),
        _says("other_stay_settled", "reported numbers that include what was kept or expected", "unit report"),
    ),
    *_of(
        "vacancy_report", Kept.WITH_MARKET, EVERYBODY,
        _says("vacancies_reported", "reported vacancies", "unit accepting unchanged before after kept"),
    ),
    *_of(
        "price_list", Kept.WITH_MARKET, ADMINISTRATION,
        _says("prices_computed", "computed prices of places", "arrivals prices"),
    ),
    *_of(
        "valuation", Kept.WITH_MARKET, COUNCIL,
        _says("values_asked", "asked what more places would have been worth"),
        _says("values_found", "worked out what more places would have been worth", "ideas replays"),
    ),
    *_of(
        "price_limit", Kept.WITH_MARKET, ADMINISTRATION,
        _says("price_limit_set", "set what is held back", "kind most_points before"),
    ),
    *_of(
        "allowance_grant", Kept.WITH_PERSON, BROKERAGE,
        _says("nights_allowed", "allowed nights beyond the yearly allowance", "nights year"),
    ),
    *_of(
        "number_set", Kept.WITH_MARKET, ADMINISTRATION,
        _says("number_set", "changed a setting", "setting value before"),
    ),
    *_of(
        "council_contact", Kept.WITH_MARKET, COUNCIL,
        _says("council_contact_set", "said whom a provider calls about new places"),
    ),
    *_of(
        "mapped_words", Kept.WITH_MARKET, ADMINISTRATION,
        _says("column_map_set", "changed what the Capacity Tracker’s columns are called", "setting words"),
    ),
    *_of(
        "ward_set", Kept.WITH_MARKET, ADMINISTRATION,
        _says("ward_set_imported", "imported a ward set", "slug recoded"),
        _says("ward_set_uploaded", "uploaded a ward set to look at", "slug"),
        _says("ward_set_used", "put an uploaded ward set to use", "slug recoded"),
        _says("ward_set_discarded", "threw an uploaded ward set away", "slug"),
        _says("ward_set_undone", "took a ward set back", "slug recoded"),
        _says("ward_set_restored", "used a ward set again", "slug recoded"),
    ),
    *_of("locality", Kept.WITH_MARKET, ADMINISTRATION, _says("wards_assigned", "assigned wards to a locality", "slug")),
    *_of("team", Kept.WITH_ACCOUNT, ADMINISTRATION, _says("team_added", "added a team")),
    *_of(
        "invitation", Kept.WITH_ACCOUNT, ADMINISTRATION,
        _says("invitation_sent", "invited somebody to sign in", "role rights"),
        _says("invitation_withdrawn", "withdrew an invitation"),
        _says("invitation_taken_up", "took an invitation up", "user"),
    ),
    *_of(
        "join_request", Kept.WITH_ACCOUNT, COUNCIL,
        _says("join_asked", "asked to join"),
        _says("join_answered", "answered who asked to join", "welcome"),
    ),
    *_of(
        "user", Kept.WITH_ACCOUNT, ADMINISTRATION,
        _says("signed_in", "signed in"),
        _says("user_added", "added a user", "role"),
        _says("user_deactivated", "deactivated a user"),
        _says("user_reactivated", "reactivated a user"),
        _says("team_changed", "put a user into a team", "before after"),
        _says("manager_right_changed", "changed who may sign off", "may"),
        _says("role_changed", "changed what a user does", "before after"),
        _says("rights_changed", "changed what a user may do for their provider", "before after"),
        _says("member_limited", "changed which services a user looks after", "services"),
        _says("password_changed", "changed their own password"),
        _says("password_reset", "set a user’s password"),
        _says("second_step_set_up", "set up a second step to sign in"),
        _says("second_step_removed", "removed a second step to sign in"),
    ),
)
# fmt: on
EVENT: Mapping[str, Event] = {event.slug: event for event in EVENTS}


def sentence_of(slug: str) -> str:
    """Return the words for a stored slug; one that is no longer in the table is shown as it is stored."""
    return EVENT[slug].sentence if slug in EVENT else slug.replace("_", " ")


def slugs_saying(words: str) -> list[str]:
    """Return the slugs of the events whose sentence has these words in it, whatever the case of their letters."""
    return [event.slug for event in EVENTS if words.lower() in event.sentence.lower()]


def slugs_seen_by(role: Role) -> list[str]:
    """Return the slugs of the events that a role may see in a timeline."""
    return [event.slug for event in EVENTS if role in event.seen_by]
