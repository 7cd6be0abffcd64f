"""GANSynth's own generator: progressive blocks, each twice the size of the one below."""
