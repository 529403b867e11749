"""Flack, a chat application."""
from .flack import app
from .flack import db

__all__ = ["app", "db"]
