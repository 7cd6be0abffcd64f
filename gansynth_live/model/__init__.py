"""The network: model bundles, generators, mel-IF to audio, import of Magenta checkpoints."""
