"""Booking: keeps the facts of desks, sessions and bookings, and shows them to people and programs."""
