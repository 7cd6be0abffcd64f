"""Between mel-IF images and audio: matrices, the short-time transform, two inversions."""
