"""Rendering ahead of time: notes from latents, the cache that keys start from, worker threads."""
