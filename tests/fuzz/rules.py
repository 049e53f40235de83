"""What the run holds answers to, as data: what may be written by a refusal, and who may see what of whom."""

from reception.permissions import Role

# A refusal that keeps something, by endpoint: why, and in which tables. Everything else that is refused writes nothing.
KEEPS_ON_REFUSAL: dict[str, tuple[str, set[str]]] = {
    "login.enter": ("wrong passwords are counted", {"staff", "events"}),
    "password.change": ("wrong passwords are counted", {"staff", "events"}),
    "work_sign_in.enter": ("wrong passwords are counted", {"staff", "events"}),
    "work_sign_in.unlock": ("wrong PINs are counted", {"worker_devices", "events"}),
}
# Kept whatever becomes of the request: that somebody, or a phone, was seen.
SEEN = {"sessions", "worker_devices", "counters", "pulse"}
# Nobody there sees a word of anybody but of his own matter: the touch screen, the LAN, who is not logged in.
PUBLIC = "public"
STAFF = [role for role in Role if role not in {Role.KIOSK, Role.TOKEN_HOLDER, Role.BOX}]
SECRETS = ("$argon2", "password_hash", "key_hash", "Traceback (most", "sqlite3.", "werkzeug.exceptions", "jinja2.")
# Opening these pages is noted, or does what is due: by endpoint, why.
READING_IS_NOTED: dict[str, str] = {}
# One request of these is more than one act: by endpoint, why.
MANY_ACTS: dict[str, str] = {}
