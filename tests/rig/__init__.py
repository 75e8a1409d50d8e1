"""What the integration tests stand on: a private PostgreSQL, daemons, clients, poolers.

Tests speak to a daemon through wovenctl and through raw lines only. Nothing here sleeps to let
something happen: it waits for the condition and fails with what it waited for.
"""
