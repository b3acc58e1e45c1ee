"""What `lab.py` is made of: standard library only, Python 3.9 or later."""
