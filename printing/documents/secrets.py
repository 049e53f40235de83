"""What is printed once and kept by people, never by the box: the first one-time code, the recovery key (恢复密钥)."""

from printing import glyphs
from printing.documents import parts
from printing.layout import Sheet
from reception import papers
from reception.wording import Words

GROUP = 4

ENVELOPE = (
    Words("装入信封封好，写上日期和签名", "Seal it in an envelope, date and sign it"),
    Words("锁进保险柜，不要放在主机旁边", "Lock it up, away from this box"),
    Words("不要拍照、抄录、发送", "No photos, no copies, no messages"),
)


def first_login(sheet: Sheet, paper: papers.SetupSlip) -> None:
    """The first administrator's login, on the set-up slip of a new box."""
    sheet.rule(dashed=True)
    sheet.both(Words("首位管理员", "First administrator"), bold=True)
    sheet.fields((Words("登录名", "Name"), paper.login))
    sheet.both(Words("一次性密码", "One-time code"))
    wide = glyphs.text_width(paper.code) * 2 <= sheet.profile.columns
    sheet.text(paper.code, align="center", bold=True, size=2 if wide else 1)
    sheet.both(Words("登录后须立即改成自己的密码", "Change it when you log in"))


def recovery_key(sheet: Sheet, paper: papers.RecoveryKey) -> None:
    """The key of the backups, as a code for a scanner and as letters for whoever has none."""
    parts.heading(sheet, paper, Words("备份恢复密钥", "Recovery key of the backups"))
    sheet.both(Words("主机坏了，只有这把钥匙能打开备份", "If the box dies, only this opens the backups"), bold=True)
    sheet.qr(paper.key)
    for line in _grouped(paper.key, sheet.profile.columns):
        sheet.text(line, align="center", bold=True)
    sheet.rule(dashed=True)
    for number, step in enumerate(ENVELOPE, start=1):
        sheet.text(f"{number} {step.zh}", bold=True)
        if sheet.english:
            sheet.text(f"  {step.en}")
    sheet.rule(dashed=True)
    sheet.both(Words("对应的公钥（不必保密）", "Its public half (no secret)"))
    for line in glyphs.wrap(paper.public, sheet.profile.columns):
        sheet.text(line, align="center")
    sheet.feed()
    sheet.blank(sheet.label(Words("封存日期", "Sealed on")) + " ")
    sheet.feed()
    sheet.blank(sheet.label(Words("签名", "Signed")) + " ")


def _grouped(key: str, columns: int) -> list[str]:
    """Return a key as its name, then the rest in fours, for the eye: as many as stand on a line, the same on each."""
    name, one, rest = key.rpartition("1")  # the last 1 of Bech32 ends what is the same in every key
    fours = [rest[at : at + GROUP] for at in range(0, len(rest), GROUP)]
    line = next(count for count in (8, 6, 4, 2) if count * (GROUP + 1) <= columns + 1)
    return [name + one, *(" ".join(fours[at : at + line]) for at in range(0, len(fours), line))]
