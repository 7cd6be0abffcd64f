"""The one table of parameters: what each is called, may be, starts as, and where it lives.

A row is an annotated field: of `set_up` (this computer's affairs) or of `sound` (what a patch
keeps). `table` collects them. Ranges, defaults and names stand nowhere else.
"""
