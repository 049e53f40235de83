"""The real thing booted: a bare Debian under systemd-nspawn, from the first command to every fault."""
