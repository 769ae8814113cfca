"""One tier as a program, the solvers that take it, and the proof in whole numbers that trusts none of them."""
