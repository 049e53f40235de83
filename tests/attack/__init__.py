"""What somebody would try who wishes the lobby ill: on the LAN, at the touch screen, at the desk, with a file."""
