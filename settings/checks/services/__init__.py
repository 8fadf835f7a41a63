"""Checks between fields of the services' settings."""
