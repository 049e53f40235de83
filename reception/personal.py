"""What is kept of a person, column by column (个人信息清单): the inventory by which one is shown, exported and erased.

A test walks the live schema and fails for a column that stands here not: a new table cannot forget whom it speaks of.
Times (`_at`) and days (`_on`) are left out, and what refers to another table but for homes.
"""

from dataclasses import dataclass
from typing import Final

from reception.clock_table import REASONS

# What stands in the place of words that were erased, where a record must not be without any.
MARK: Final = "（已删除）"


@dataclass(frozen=True, slots=True)
class Kept:
    """What a table keeps, each a list of its columns.

    `name`, `phone`, `home`: who somebody is; with `since` (SQL: when that row came to be) a row is found by them.
    `words`: written about the matter of `case` (SQL: its id) or of `visit`; erased whole with it, struck out elsewhere.
    `struck`: words of the house in which a name may stand; `json`: the same as JSON. `picture`: files in the folder.
    `plain`: codes, numbers, keys, hashes, names of the staff. `goes`: erasing takes the row away.
    `codes`: what stands among the words where nobody wrote any.
    """

    name: str = ""
    phone: str = ""
    home: str = ""
    since: str = ""
    words: str = ""
    struck: str = ""
    json: str = ""
    picture: str = ""
    plain: str = ""
    case: str = ""
    visit: str = ""
    goes: bool = False
    codes: frozenset[str] = frozenset()

    @property
    def listed(self) -> set[str]:
        """Every column that is classified."""
        groups = (
            self.name, self.phone, self.home, self.words, self.struck, self.json, self.picture, self.plain,
        )  # fmt: skip
        return {column for group in groups for column in group.split()}


_ORDER = "(SELECT case_id FROM work_orders WHERE work_orders.id = order_id)"
_CHARGE = "(SELECT case_id FROM charges WHERE charges.id = charge_id)"
_QUOTE = "(SELECT case_id FROM quotations WHERE quotations.id = quotation_id)"
# Of the matter alone: a paper of a ticket names nobody.
_PAPER = "iif(ref GLOB 'case:[0-9]*', CAST(substr(ref, 6) AS INTEGER), NULL)"
_WATCHED = "(SELECT case_id FROM supervisions WHERE supervisions.id = supervision_id)"
# Of the last time that somebody said so at the desk; who came by a list was there before any erasing.
_SINCE_ADDED = (
    "(SELECT max(at) FROM events WHERE what = 'add_resident' AND subject = 'unit' AND subject_id = unit_id"
    " AND json_extract(detail, '$.resident') = residents.id)"
)

PEOPLE: Final[dict[str, Kept]] = {
    "cases": Kept("name", "phone phone_tail", "unit_id", "received_at", plain="no token kind state source", case="id"),
    "visits": Kept("name", "phone", "unit_id", "arrived_at", plain="channel state notice_version", visit="id"),
    "residents": Kept("name", "phone phone_tail", "unit_id", _SINCE_ADDED, plain="relation", goes=True),
    "former_residents": Kept("name", "phone", "unit_id", "moved_out_at", plain="relation", goes=True),
    "fault_households": Kept("name", "phone", "unit_id", "at", plain="source notice_version told_channel"),
    "phone_calls": Kept("", "phone", since="at", words="note", struck="transfer_to", plain="outcome", case="case_id"),
    "case_agents": Kept("name", "phone", since="at", case="case_id", goes=True),
}

MATTERS: Final[dict[str, Kept]] = {
    "appointments": Kept(words="purpose bring place", case="case_id"),
    "appointment_changes": Kept(words="reason", case="case_id"),
    "case_items": Kept(words="note", plain="section text text_en gate role state", case="case_id"),
    "case_escalations": Kept(words="reason plan", case="case_id"),
    "case_notes": Kept(words="text", plain="by_role", case="case_id"),
    "case_pauses": Kept(words="note", plain="reason", case="case_id"),
    "charge_withdrawals": Kept(words="reason", case=_CHARGE),
    "closings_without_consent": Kept(words="reason", case="case_id"),
    "complaint_findings": Kept(words="text", plain="finding", case="case_id"),
    "complaint_replies": Kept(words="text", case="case_id"),
    "complaints": Kept(words="facts wish", plain="severity", case="case_id"),
    "deadlines": Kept(words="reason", plain="clock by_role", case="case_id", codes=frozenset(REASONS)),
    "emergencies": Kept(words="place", plain="hazard", case="case_id"),
    "endorsements": Kept(words="opinion", plain="state void_reason", case="case_id"),
    "feedback_notices": Kept(words="receiver text", plain="about channel", case="case_id"),
    "follow_ups": Kept(words="comment", plain="method outcome", case="case_id"),
    "handovers": Kept(words="sender item place taken_by", home="to_unit_id", case="case_id"),
    "identity_checks": Kept(words="note", plain="whose document", case="case_id", visit="visit_id", goes=True),
    "incidents": Kept(
        words="place organisation composition purpose facts actions result measures study_title study",
        plain="site class arrival eta archive_no", case="case_id",
    ),
    "inquiries": Kept(words="question", case="case_id"),
    "inquiry_advice": Kept(words="text", case="case_id"),
    "inquiry_answers": Kept(words="text", case="case_id"),
    "inquiry_consultations": Kept(words="note", case="case_id"),
    "inquiry_promises": Kept(words="reason", case="case_id"),
    "liability_decisions": Kept(words="reason", plain="liability proposed exclusion", case="case_id"),
    "officials": Kept(words="organisation matter", case="case_id"),
    "oversight_findings": Kept(words="note correction", plain="rule", case="case_id"),
    "payments": Kept(words="reason", plain="no kind method", case=_CHARGE),
    "inspections": Kept(words="developer remark", plain="template", case="case_id"),
    "inspection_defects": Kept(words="reason", case="case_id"),
    "inspection_readings": Kept(words="reason", plain="kind unit_id", case="case_id"),
    "photos": Kept(picture="file", plain="stage", case="case_id", goes=True),
    "release_items": Kept(words="item unit", case="case_id"),
    "release_passes": Kept(words="plate reason", plain="token relation document owner_agreed out_how", case="case_id"),
    "repairs": Kept(words="content place convenient_time", plain="category urgency liability bears suspended_from",
                    case="case_id"),
    "procedures": Kept(words="remark", case="case_id"),
    "resolutions": Kept(words="opinion reason", plain="signed", case="case_id"),
    "security_checks": Kept(plain="result", visit="visit_id", goes=True),
    "tours": Kept(words="organisation plates guests places needs letter approval well better reason", case="case_id"),
    "suggestions": Kept(words="text answer", case="case_id"),
    "supervision_deadlines": Kept(words="reason", case=_WATCHED),
    "supervisions": Kept(words="matter opinion result reason", plain="no state", case="case_id"),
    "survey_responses": Kept(words="comment", plain="channel", case="case_id"),
    "visit_day_bookings": Kept(home="unit_id", words="matter", plain="ownership arrival", case="case_id"),
    "visit_day_changes": Kept(words="reason", plain="was_starts cause", case="case_id"),
    "work_orders": Kept(words="work_done signed_note state_note", plain="no token state state_reason signed_how",
                        case="case_id"),
}  # fmt: skip

# Goods, lists, logs and notices of the house: no one's own, but somebody may be named in them.
HOUSE: Final[dict[str, Kept]] = {
    "announcement_lines": Kept(struck="item", plain="side"),
    "announcements": Kept(
        struck="title title_en body body_en period place reason", plain="kind begins ends state",
    ),
    "box_wishes": Kept(json="detail", struck="outcome", plain="kind state"),
    "calendar_changes": Kept(struck="was_note note reason", plain="was_kind kind source by_role"),
    "calendar_days": Kept(struck="note", plain="kind source"),
    "call_lines": Kept(struck="text text_en", plain="kind step"),
    "common_issues": Kept(struck="action"),
    "consumable_uses": Kept(struck="note"),
    "consumables": Kept(struck="name name_en unit unit_en", plain="code roll"),
    "counters": Kept(struck="name name_en", plain="no state state_reason"),
    "custodies": Kept(struck="reason", plain="no state", home="unit_id"),
    "custody_readings": Kept(struck="reason", plain="meter part"),
    "custody_tellings": Kept(struck="note", plain="what channel"),
    "day_checks": Kept(struck="name name_en reason", plain="part state"),
    "day_logs": Kept(json="facts"),
    "events": Kept(json="detail", plain="what subject by_role from_state to_state"),
    "fault_expectations": Kept(struck="reason"),
    "fee_calls": Kept(struck="note", plain="outcome", home="unit_id"),
    "fees": Kept(struck="reason", plain="item state notice_ref", home="unit_id"),
    "home_date_changes": Kept(struck="reason", plain="field was became", home="unit_id"),
    "incident_cards": Kept(struck="text text_en", plain="site class kind"),
    "incident_contacts": Kept(struck="title title_en name phone", plain="site class moment"),
    "incident_notices": Kept(struck="title title_en name", plain="channel"),
    "known_faults": Kept(struck="what what_en notice", plain="no state cause building unit"),
    "log_notes": Kept(struck="text", plain="kind"),
    "month_corrections": Kept(json="was became", plain="figure"),
    "month_reports": Kept(json="figures", struck="analysis", plain="month"),
    "notices": Kept(struck="title title_en"),
    "order_materials": Kept(struck="name unit", plain="supplied_by"),
    "price_items": Kept(
        struck="name name_en unit duration remark", plain="code category pricing material",
    ),
    "print_jobs": Kept(json="facts", struck="error", plain="kind ref state part held diverted_from", case=_PAPER),
    "purposes": Kept(struck="name name_en", plain="code asks"),
    "quotation_lines": Kept(struck="name unit", plain="kind", case=_QUOTE),
    "reveals": Kept(struck="words", plain="reason"),
    "room_bookings": Kept(struck="purpose reason", plain="state"),
    "saved_answers": Kept(struck="question answer"),
    "scripts": Kept(struck="say say_en then_do then_do_en", plain="code"),
    "security_items": Kept(struck="name name_en", plain="code"),
    "settings": Kept(json="value", plain="key"),
    "sign_deputies": Kept(struck="reason"),
    "training_passes": Kept(struck="name name_en"),
    "training_tasks": Kept(struck="name name_en how how_en", plain="code act"),
    "tickets": Kept(plain="token prefix no state park_reason"),
    "visit_day_deputies": Kept(struck="reason"),
    "visit_day_moves": Kept(struck="reason", plain="cause"),
    "visit_day_summaries": Kept(json="figures", struck="remarks"),
    "visit_days": Kept(struck="deputy_reason", plain="state opens closes"),
}  # fmt: skip

# Nothing of anybody but codes, the centre's own lists, and its staff.
NOBODY: Final[dict[str, Kept]] = {
    "_sqlite_migrations": Kept(plain="migration_set name"),
    "calls": Kept(plain="displaced_state called_as from_state"),
    "case_states": Kept(plain="kind state"),
    "check_items": Kept(plain="code part name name_en measure"),
    "clock_runs": Kept(plain="clock"),
    "clocks": Kept(plain="clock"),
    "complaint_classes": Kept(plain="code name name_en"),
    # On what ground a row stands; it goes with what it speaks of.
    "consents": Kept(plain="subject purposes channel ground"),
    "consumable_plans": Kept(plain="month"),
    "custody_rounds": Kept(plain="kind week result"),
    "departments": Kept(plain="code name name_en"),
    "dispatch_rules": Kept(plain="category"),
    "escalations": Kept(plain="clock"),
    "fault_promises_told": Kept(plain="channel"),
    "fault_tellings": Kept(plain="channel"),
    # A day long: digits beside a home that they did not fit; an erasure takes them all.
    "home_guesses": Kept(plain="tail unit_id"),
    "history_seals": Kept(plain="digest chain"),
    # A hash of what can be guessed: an erasure takes it away.
    "imported_cases": Kept(plain="fingerprint"),
    "imports": Kept(plain="kind sha256 by_role"),
    "inquiry_categories": Kept(plain="code name name_en"),
    "known_browsers": Kept(plain="key_hash"),
    "lines": Kept(plain="code prefix name name_en hint hint_en hears"),
    "login_failures": Kept(plain="key_hash"),
    # Kept by the triggers of cases and residents; erased beside them.
    "names_spelt": Kept(plain="letters name"),
    "names_to_spell": Kept(plain="name"),
    # A hash of a form: taken away with what the form made.
    "nonces": Kept(plain="nonce act fingerprint"),
    "official_days": Kept(plain="kind name"),
    "paper_routes": Kept(plain="kind"),
    "privacy_notices": Kept(plain="text text_en purposes"),
    "printers": Kept(plain="name label chinese confirms state since address buzzer model"),
    "procedure_items": Kept(plain="section text text_en gate role"),
    "procedure_templates": Kept(plain="code name name_en serves effect"),
    "procedure_variants": Kept(plain="code name name_en"),
    "pulse": Kept(plain="topic"),
    "quotations": Kept(plain="state answered_how"),
    "rain_warnings": Kept(),
    "reachability": Kept(plain="url"),
    "refusals": Kept(plain="app place code"),
    "restorations": Kept(plain="reason backup lost_from lost_until days_through kept_aside"),
    # Keyed hashes of who was erased (`db/erasure_journal`), and the leave of the act.
    "erasure_entries": Kept(plain="id entry"),
    "erasure_leave": Kept(),
    "retention_leave": Kept(plain="before"),
    "rings": Kept(plain="kind"),
    "rooms": Kept(plain="code name name_en"),
    "self_test_displays": Kept(plain="display voice"),
    "sequences": Kept(plain="series"),
    "sessions": Kept(plain="key_hash device"),
    "sign_steps": Kept(plain="step"),
    "signing_news": Kept(plain="what about"),
    "staff_makers": Kept(),
    "staff": Kept(plain="login name role password_hash code_until"),
    "suggestion_topics": Kept(plain="code name name_en"),
    "tellings": Kept(plain="what"),
    "units": Kept(plain="building unit room"),
    "visit_day_rules": Kept(plain="opens closes"),
    "visit_day_slots": Kept(plain="starts"),
    "visit_ends": Kept(plain="reason"),
    "warranty_rules": Kept(plain="code name name_en category"),
    "worker_devices": Kept(plain="kind key_hash pin_hash opening_hash"),
    "api_tokens": Kept(plain="name key_hash scopes"),
    "webhooks": Kept(plain="name url secret failed_by"),
    "webhook_messages": Kept(plain="mark"),
}

INVENTORY: Final[dict[str, Kept]] = PEOPLE | MATTERS | HOUSE | NOBODY
