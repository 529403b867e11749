"""Tests of Flack."""
