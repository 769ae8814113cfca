"""What every form that changes something carries unseen, and what is no answer to any question."""

TOKEN, NONCE = "csrf_token", "form_nonce"
MARKS = frozenset({TOKEN, NONCE})
