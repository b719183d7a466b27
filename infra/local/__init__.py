"""The local stack: what `template.yaml` declares, running on one machine, on a clock of its own.

template.yaml ─ template, intrinsics, blueprint ─► provision ─► engine (tables, queues, secrets, buckets)
                                    │
HTTP ─► front ─► gateway ─► workers (one pool of processes per function) ◄─ pump: queues, streams, schedules
                    │                                                             │
                 issuer                                       clock, walk: the stack's own time
"""
