"""The fault harness: daemons and clients at work while everything around them breaks. See `run`."""
