"""Takes: what was just played, kept afterwards, and heard again bit for bit.

Begin with `recorder`.
"""
