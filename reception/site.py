"""The centre's own settings: its name, its zone, its addresses."""

import json
from dataclasses import dataclass, fields
from datetime import timedelta
from typing import Any
from zoneinfo import ZoneInfo

from db.store import Store, writing
from reception.rules.order import Policy


@dataclass(frozen=True, slots=True)
class Site:
    """The settings of the centre, with the values of a new box.

    `kiosk_url` is the address the kiosk answers at; `public_url` one for phones outside, or empty: until the box
    itself reached it (`on_phone`) no paper and no screen promises the phone. `hours_work` and `hours_rest` are written
    as `rules.hours` reads them, `voice_volume` as `rules.volume`, `voice_zh` and `voice_en` as `rules.announcement`.
    `ticket_stale_minutes`: a ticket unprinted for so long is not printed into the hands of a later visitor (0: off).
    `print_payload_hours`: how long the spool keeps what papers say. `visit_day_roll` is a
    `rules.visit_days.RollPolicy`; `visit_day_slack` the places of the slots that are kept free, such as `4,8`.
    """

    name: str = "物业服务中心"
    name_en: str = "Property Service Centre"
    phone: str = ""
    timezone: str = "Asia/Shanghai"
    kiosk_url: str = "http://127.0.0.1:8600"
    public_url: str = ""
    front_printer: str = "front"
    desk_url: str = "http://127.0.0.1:8601"
    tls_fingerprint: str = ""
    paper_english: bool = True
    ticket_stale_minutes: int = 3
    print_payload_hours: int = 24
    visit_day_place: str = "物业服务中心接待室"
    visit_day_roll: str = "next_workday"
    visit_day_slot_minutes: int = 15
    visit_day_capacity: int = 1
    visit_day_slack: str = ""
    visit_day_publish_days: int = 7
    visit_day_notice_days: int = 3
    visit_day_closes_working_days: int = 3
    visit_day_sign_working_days: int = 1
    visit_day_warn_minutes: int = 10
    visit_day_start_minutes: int = 5
    visit_day_follow_up_percent: int = 100
    visit_day_common_homes: int = 2
    visit_day_summary_working_days: int = 3
    kiosk_english: bool = True
    duty_phone: str = ""
    keeper_phone: str = ""
    welcome: str = "您好，请选择要办理的事项"
    welcome_en: str = "Welcome. How can we help?"
    directions: str = ""
    directions_en: str = ""
    hours_work: str = "08:30-12:00,13:30-17:30"
    hours_rest: str = "09:00-12:00,13:30-17:00"
    last_ticket_minutes: int = 10
    priority_in_a_row: int = 2
    ages_after_minutes: int = 30
    booked_early_minutes: int = 10
    booked_late_minutes: int = 15
    let_pass: int = 3
    max_returns: int = 2
    max_calls: int = 3
    recall_apart_seconds: int = 20
    undo_seconds: int = 10
    wait_warn_minutes: int = 15
    wait_red_minutes: int = 30
    urgent_on_site_minutes: int = 30
    response_open_hours: int = 4
    appointment_tolerance_minutes: int = 15
    complaint_feedback_hours: int = 24
    complaint_reply_working_days: int = 3
    serious_reply_hours: int = 24
    next_update_tolerance_minutes: int = 30
    follow_up_days: int = 3
    follow_up_again_minutes: int = 120
    follow_up_claim_minutes: int = 15
    supervision_remind_percent: int = 50
    deadline_warn_percent: int = 25
    idle_seconds: int = 45
    idle_large_seconds: int = 180
    repair_follow_up_percent: int = 100
    appointment_minutes: int = 30
    handover_working_days: int = 3
    voice_zh: str = "请{ticket}号到{place}"
    voice_en: str = "Ticket {ticket}, please go to {place}"
    voice_volume: str = "00:00=100"
    incident_report_working_days: int = 2
    incidents_at_company: bool = False
    keep_visitor_days: int = 30
    keep_survey_days: int = 365
    keep_audit_days: int = 1095
    keep_case_days: int = 1095
    paper_roll_metres: int = 50
    security_check: bool = False
    release_approvers: str = "heads"
    release_gate: str = "security"
    inspection_developer: str = "开发商"
    inspection_entered_hours: int = 4
    inspection_rectify_working_days: int = 15
    fee_pay_at: str = "计划财务部"
    fee_pay_at_en: str = "The finance department"
    fee_energy_rate_fen: int = 30
    fee_call_days: int = 7
    custody_water: int = 5
    custody_electric: int = 20
    custody_share: int = 70
    custody_walkers: str = "security"
    heating_from: str = "11-15"
    heating_until: str = "03-15"
    # Not a setting: whether the box found itself at its public address (`reception.reach`).
    on_phone: bool = False

    @property
    def policy(self) -> Policy:
        """The rules of the queue as this centre set them."""
        return Policy(
            priority_in_a_row=self.priority_in_a_row,
            ages_after=timedelta(minutes=self.ages_after_minutes),
            booked_early=timedelta(minutes=self.booked_early_minutes),
            booked_late=timedelta(minutes=self.booked_late_minutes),
            let_pass=self.let_pass,
            max_returns=self.max_returns,
            max_calls=self.max_calls,
            recall_apart=timedelta(seconds=self.recall_apart_seconds),
            undo_within=timedelta(seconds=self.undo_seconds),
        )

    @property
    def duty(self) -> str:
        """The telephone that is answered when the desk is not; '' where none is known."""
        return self.duty_phone or self.phone

    @property
    def zone(self) -> ZoneInfo:
        """The site's time zone, for screens and paper; the store keeps UTC."""
        return ZoneInfo(self.timezone)

    def page_url(self, token: str) -> str:
        """Return the address of a visitor's page: upper case, which makes a smaller QR code (`printing.md`)."""
        return f"{self.public_url if self.on_phone else self.kiosk_url}/T/{token}".upper()


_KNOWN = frozenset(field.name for field in fields(Site)) - {"on_phone"}


def site(store: Store) -> Site:
    """Return the settings as they stand in the store."""
    values: dict[str, Any] = {
        key: json.loads(value) for key, value in store.rows("SELECT key, value FROM settings") if key in _KNOWN
    }
    url = values.get("public_url")
    if url:
        values["on_phone"] = store.value("SELECT reached FROM reachability WHERE url = ?", [url]) == 1
    return Site(**values)


def configure(store: Store, **values: str | int | bool) -> None:
    """Set some of the settings (the command line's door; the desk's comes with its own issue)."""
    unknown = values.keys() - _KNOWN
    if unknown:
        raise KeyError(f"no such setting: {', '.join(sorted(unknown))}")
    with writing(store):
        for key, value in values.items():
            store.execute(
                "INSERT INTO settings (key, value) VALUES (?, ?)"
                " ON CONFLICT (key) DO UPDATE SET value = excluded.value",
                [key, json.dumps(value, ensure_ascii=False)],
            )
        store.touch("site")
