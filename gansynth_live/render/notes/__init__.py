"""One note, from latent and pitch to samples: no threads, no machine. Begin with `renderer.py`."""
