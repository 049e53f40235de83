"""What `lobbydesk check` calls each part of a box, and each trouble that `lobbydesk health` finds, with its cure."""

from reception.wording import Words

RELEASE, SETTINGS = Words("程序", "program"), Words("设置", "settings")
STORE, SERVICES = Words("数据", "data"), Words("服务", "services")
PRINTER, BACKUP = Words("打印机", "printers"), Words("备份", "backups")
BOX, STAFF = Words("主机", "box"), Words("管理员", "administrator")

# What the workers say of a printer in trouble (db.printers), as the desk words it.
CONDITIONS = {
    "paper_out": Words("缺纸", "out of paper"),
    "cover_open": Words("盖子没合上", "cover open"),
    "error": Words("故障", "fault"),
    "mute": Words("没有应答", "does not answer"),
    "absent": Words("连接不上", "not reachable"),
    "unserved": Words("打印服务没有运行", "its print service does not run"),
}
LOOK_AT_IT = "look at it: power, paper, cover, cable; then sudo lobbydesk printer test {}"
UNSERVED = "sudo systemctl restart lobbydesk-watch; journalctl -t lobbydesk -n 20"

# What `lobbydesk health` finds, in the words and with the cure of whoever keeps the box.
TROUBLES: dict[str, tuple[Words, Words, str]] = {
    "box_unseen": (
        BOX,
        Words("还没有自查过", "it has not looked after itself yet"),
        "sudo systemctl start lobbydesk-health",
    ),
    "box_silent": (
        BOX,
        Words("五分钟以上没有自查", "it has not looked after itself for five minutes"),
        "journalctl -u lobbydesk-health -n 20; sudo systemctl restart lobbydesk-health.timer",
    ),
    "clock_behind": (
        BOX,
        Words("时钟早于最后一条记录", "the clock stands before the last record"),
        "set the time at the desk: 主机状态, 校时 (How the box is, Set the time)",
    ),
    "clock_raised": (
        BOX,
        Words("开机时不知道时间", "it did not know the time when it was switched on"),
        "set the time at the desk; a new battery for the clock of the machine helps for good",
    ),
    "clock_jumped": (
        BOX,
        Words("时钟被拨动过", "the clock was moved"),
        "compare it with a telephone; set it at the desk",
    ),
    "disk_full": (
        BOX,
        Words("磁盘已满", "the disk is full"),
        "sudo du -xsh /var/* | sort -h; sudo journalctl --vacuum-size=20M; fewer backups: keep_days in box.toml",
    ),
    "disk_low": (
        BOX,
        Words("磁盘快满了", "the disk is nearly full"),
        "sudo du -xsh /var/* | sort -h; move what is not Lobbydesk's",
    ),
    "unit_down": (
        SERVICES,
        Words("没有运行：%(what)s", "does not run: %(what)s"),
        "journalctl -u %(what)s -n 20; sudo systemctl restart %(what)s",
    ),
    "printer_down": (
        PRINTER,
        Words("%(what)s 不能打印", "%(what)s prints nothing"),
        "look at it: power, paper, cover, cable; then sudo lobbydesk printer list",
    ),
    "backup_unknown": (
        BACKUP,
        Words("读不到备份目录", "the folder of the backups cannot be read"),
        "see [backup] folder in /etc/lobbydesk/box.toml; it belongs to lobbydesk: sudo systemd-tmpfiles --create",
    ),
    "backup_none": (BACKUP, Words("一份也没有", "there is none"), "sudo lobbydesk backup --reason asked"),
    "backup_old": (
        BACKUP,
        Words("最近一份已超过一天", "the newest is older than a day"),
        "sudo lobbydesk backup --reason asked; journalctl -u lobbydesk-backup -n 20",
    ),
    "backup_late": (
        BACKUP,
        Words("最近一份已超过三小时", "the newest is older than three hours"),
        "journalctl -u lobbydesk-backup -n 20",
    ),
    "backup_unread": (
        BACKUP,
        Words("最近一份没有验证过", "the newest was not read back"),
        "sudo lobbydesk backup --reason asked",
    ),
    "second_missing": (
        BACKUP,
        Words("第二存放处没有今天的备份", "the second place has none of today"),
        "see whether it is mounted: findmnt; [backup] second in /etc/lobbydesk/box.toml",
    ),
}
