"""Tests of reception: what happens in a service centre."""
