"""Slots: when a desk is open, and what can be booked. Values and functions; no I/O, no clock."""
