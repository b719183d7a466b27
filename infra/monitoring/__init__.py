"""Alarms, what they count, and the dashboard: written into the template by `make interface`.

Whatever the template declares (functions, queues, streams, tables) has its alarm without being named here.
"""
