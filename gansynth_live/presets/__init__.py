"""Presets: patches with a name, in files and codes (`preset`, `share`), found and kept (`store`).

Begin with `preset`.
"""
