"""Rules of a service centre as pure functions of values: no store, no clock, no web."""
