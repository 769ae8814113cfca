"""What every form that changes something carries unseen, and what is no answer to any question."""

TOKEN, NONCE, SHOWN_AGAIN = "csrf_token", "form_nonce", "shown_again"
MARKS = frozenset({TOKEN, NONCE, SHOWN_AGAIN})
