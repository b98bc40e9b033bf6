"""Notifications: tells people what the log says. Nothing in booking waits for it."""
