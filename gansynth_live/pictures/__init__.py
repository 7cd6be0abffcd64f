"""Pictures of sound: rainbowgrams with the notes and the morph path over them."""
