"""A small application, with migrations as Django writes them."""
