"""Named instruments, blends on the sphere, paths between them. Pure NumPy: no model, no device."""
