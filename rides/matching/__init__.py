"""Which rides suit a trip: geometry, times and rank, in pure Python.

No Django, no database, no clock: everything that matters is an argument. Points are degrees
(WGS84), lengths metres, durations seconds, times of day wall clock in a named zone.
"""
