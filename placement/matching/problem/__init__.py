"""What the engine is given and what it answers: facts, instance, plan, their documents and the errors over them."""
