"""What places are worth: to people still to come, and to the city if there were more of them."""
