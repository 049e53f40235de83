"""What the run holds answers to, as data: what may be written by a refusal, and who may see what of whom."""

from desk.api_resources import RESOURCES
from reception.permissions import Role

# Whoever reads the counts of refusals has those written down first that still wait.
READS_COUNTS = {"audit.refusals"}
_GUESS = "ends of a telephone that fit no home are counted"
# A refusal that keeps something, by endpoint: why, and in which tables. Everything else that is refused writes nothing.
KEEPS_ON_REFUSAL: dict[str, tuple[str, set[str]]] = {
    **{f"api.{one.name}": ("when a key was last used stands beside it", {"api_tokens"}) for one in RESOURCES},
    "login.enter": ("wrong passwords are counted", {"login_failures", "events"}),
    "login.unlock": ("the same", {"login_failures", "events"}),
    "password.change": ("the same", {"login_failures", "events"}),
    "work_sign_in.enter": ("the same", {"login_failures", "events"}),
    "work_sign_in.unlock": ("wrong PINs are counted", {"worker_devices", "events"}),
    "case_page.quote": ("wrong ends of the telephone are counted", {"phone_tail_tries", "events"}),
    "case_page.sign": ("wrong ends of the telephone are counted", {"phone_tail_tries", "events"}),
    "booking.change": ("wrong ends of the telephone are counted", {"phone_tail_tries", "events"}),
    "booking.withdraw": ("wrong ends of the telephone are counted", {"phone_tail_tries", "events"}),
    "register.step": (_GUESS, {"home_guesses"}),
    "check_in.take_number": (_GUESS, {"home_guesses"}),
    "repair.register": (_GUESS, {"home_guesses"}),
    "booking.register": (_GUESS, {"home_guesses"}),
    "faults.step": (_GUESS, {"home_guesses"}),
    "faults.join": (_GUESS, {"home_guesses"}),
}
# Kept whatever becomes of the request: that somebody, or a phone, was seen.
SEEN = {"sessions", "worker_devices", "pulse"}
# A session that idled is locked at the next look at it, whatever is asked, and its counter closes: an act of its own.
LOCKING = {"sessions", "counters", "tickets", "events", "pulse"}
# Nobody there sees a word of anybody but of his own matter: the touch screen, the LAN, who is not logged in.
PUBLIC = "public"
STAFF = [role for role in Role if role not in {Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX}]
SECRETS = ("$argon2", "password_hash", "key_hash", "Traceback (most", "sqlite3.", "werkzeug.exceptions", "jinja2.")
# Opening these pages is noted, or does what is due: by endpoint, why.
READING_IS_NOTED: dict[str, str] = {
    "audit.page": "who reads the log stands in it",
    **{f"api.{one.name}": "when a key was last used stands beside it" for one in RESOURCES},
    "visit_session.page": "who sees the guest in the room whole is noted",
    "visit_session.live": "the same, as the page renews itself",
    "visit_session.listing": "the same",
    "visit_session.agenda": "the agenda names the guests: reading it is noted",
    "work.order": "the same, opened by itself",
    "work.owner_code": "the same, by the code on its paper",
    "work.orders": "an order that its worker has seen is so no longer new",
}
# One request of these is more than one act: by endpoint, why.
MANY_ACTS: dict[str, str] = {
    "login.enter": "a try is counted before the password is looked at: tries that come at once are not more tries",
    "login.unlock": "the same",
    "password.change": "the same",
    "work_sign_in.enter": "the same",
    "booking.change": "the end of the telephone is proved before the act: a wrong one is kept when it is refused",
    "booking.withdraw": "the same",
    "case_page.quote": "the same",
    "case_page.sign": "the same",
    "homes.export": "that a home was looked at is noted as for the page; that it was taken out once the file is made",
    "homes.change_dates": "the dates change, whole; then the home is shown anew, which is noted as any look",
    "search.export": "that people were searched is noted as for the page; that it was taken out once the file is made",
}
# What staff write for everybody to read, by table and column: whoever is named there is no secret.
PUBLISHED: dict[str, str] = {
    "settings": "value",
    "known_faults": "what what_en",
    "lines": "name name_en hint hint_en",
    "purposes": "name name_en",
    "price_items": "name name_en unit duration remark",
    "departments": "name name_en",
    "suggestions": "answer",
    "counters": "name name_en",
    "call_lines": "text text_en",
    "privacy_notices": "text text_en",
}
# What these print is judged like a page: an original goes to whoever works by it, a second one to whoever asked for it.
PRINTS_AGAIN = {"papers.reprint"}
# Where a name or telephone stands whole for who neither holds the matter nor serves the visitor: by endpoint, to whom
# (none named: whoever may call it), and why.
WHOLE: dict[str, tuple[set[Role], str]] = {
    "visit_session.page": (set(), "the host and who records see the guest in the room whole; the look is noted"),
    "visit_session.live": (set(), "the same, as the page renews itself"),
    "visit_session.listing": (set(), "the same"),
    "visit_session.agenda": (set(), "the agenda of the day names its guests; reading it is noted"),
}
