"""Typed publish, subscribe and request, as contracts declare them. Messages are in `arc_contracts.events`."""
