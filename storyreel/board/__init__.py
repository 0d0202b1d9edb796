"""The task board: a row per asset, leased one by one to workers.

`rows` is the state machine, pure; `ingest` writes what events say; `leases` is what workers do;
`sweep` returns what dead workers held.
"""
