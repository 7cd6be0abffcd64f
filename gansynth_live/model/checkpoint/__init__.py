"""Reading Magenta's GANSynth checkpoints as data, without TensorFlow."""
