"""From (blend, pitch) to samples in a slot of the machine, and to what sounding voices go on in.

Five rooms, each of which knows only those after it:

- `schedule`: which render is made next, by which thread; begin with `scheduler.py`.
- `voices`: the machine's voices as Python sees them; begin with `voices.py`.
- `slots`: which render lies where, and which a key starts from; begin with `render.py`.
- `continuation`: what a sounding voice goes on in; begin with `continuation.py`.
- `notes`: a whole note, from latent and pitch; begin with `renderer.py`.
"""
