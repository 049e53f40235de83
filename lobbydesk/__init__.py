"""The front door: settings, wiring, one module per command."""
