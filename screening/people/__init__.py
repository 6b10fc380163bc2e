"""People: who may sign in to the console, with which password, and for how long."""
