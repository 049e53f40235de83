"""Tests of the rules: pure functions of values."""
