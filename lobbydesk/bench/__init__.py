"""The measurements of `lobbydesk bench`, one module each; every ratio is taken within one run, in turns."""
