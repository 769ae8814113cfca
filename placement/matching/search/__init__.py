"""The search for a plan that meets a proven bound, or comes near it."""
