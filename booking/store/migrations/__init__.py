"""Alembic's revisions: one linear history for booking and notifications."""
