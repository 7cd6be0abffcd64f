"""The panel, beside an instrument that plays."""
