"""The parts of `lab.py`: Python 3.9 or later, standard library only."""
