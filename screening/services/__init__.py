"""Services: what a door asks for, done whole: screen, refresh the index, review, replay."""
