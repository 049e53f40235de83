"""`python -m lobbydesk`: the command by another door."""

from lobbydesk.cli import main

raise SystemExit(main())
