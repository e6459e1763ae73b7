"""Defects that show in another profile than page."""
