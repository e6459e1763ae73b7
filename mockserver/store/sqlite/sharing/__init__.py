"""One file for several processes of a machine: turns of writing, and what they tell each other."""
