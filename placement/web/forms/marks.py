"""What every form that changes something carries unseen, and what is no answer to any question."""

TOKEN, NONCE, SHOWN_AGAIN = "csrf_token", "form_nonce", "shown_again"
MARKS = frozenset({TOKEN, NONCE, SHOWN_AGAIN})
KEEP, ASKED = "keep-", "asked"
THEIRS, MINE, BOTH = "theirs", "mine", "both"
"""Of two answers, which one is kept: a field `keep-<name>` each, and `asked` names those that were asked about."""
SHOWN = "shown"
"""What a form over a stored record showed when it was opened (`forms.shared`)."""
