"""Models from the internet: the one room that opens connections, for `model get` alone."""
