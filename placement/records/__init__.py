"""What is stored, and the one answer to how many places are free on which nights."""
