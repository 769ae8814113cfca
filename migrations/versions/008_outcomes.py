"""What a finished run answered, as rows; those of the runs there are, from the documents that they keep.

Revision: 008, after 007.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

import sqlalchemy as sa
from alembic import op

revision = "008"
down_revision = "007"
branch_labels = None
depends_on = None

INT, TEXT, BIG = sa.Integer(), sa.Text(), sa.BigInteger()
# Table, its columns, and whether it has a number of its own; the first column names the row that it belongs to.
TABLES: tuple[tuple[str, tuple[tuple[str, Any], ...], str], ...] = (
    ("run_answer", (("run_id", INT), ("is_proven", sa.Boolean()), ("seconds", sa.Double()), ("asked", INT),
                    ("in_city", INT), ("out_by_choice", INT), ("out_by_need", INT), ("unplaced", INT)), "match_run"),
    ("run_objective", (("run_id", INT), ("position", INT), ("slug", sa.String(20)), ("value", BIG), ("bound", BIG)),
     "match_run"),
    ("proposal_reason", (("proposal_id", INT), ("position", INT), ("sentence", TEXT)), "proposal"),
    ("proposal_question", (("proposal_id", INT), ("position", INT), ("slug", sa.String(40))), "proposal"),
    ("unmet_cause", (("unmet_id", INT), ("position", INT), ("rule", sa.String(40)), ("units", INT)), "unmet_need"),
    ("unmet_change", (("unmet_id", INT), ("position", INT), ("rule", sa.String(40)), ("sentence", TEXT)),
     "unmet_need"),
    ("unmet_nearest", (("unmet_id", INT), ("position", INT), ("unit_id", INT), ("refused_by", sa.String(200))),
     "unmet_need"),
)  # fmt: skip


def upgrade() -> None:
    op.create_table(
        "unmet_need",
        sa.Column("id", INT, nullable=False),
        sa.Column("run_id", INT, nullable=False),
        sa.Column("referral_id", INT, nullable=False),
        sa.Column("is_met_out_of_city", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["run_id"], ["match_run.id"], name=op.f("fk_unmet_need_run_id_match_run"), ondelete="CASCADE"
        ),
        sa.ForeignKeyConstraint(["referral_id"], ["referral.id"], name=op.f("fk_unmet_need_referral_id_referral")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_unmet_need")),
        sqlite_autoincrement=True,
    )
    for column in ("run_id", "referral_id"):
        op.create_index(op.f(f"ix_unmet_need_{column}"), "unmet_need", [column])
    for name, columns, owner in TABLES:
        _create(name, columns, owner)
    for run_id, instance, plan in _finished():
        _fill(run_id, instance, plan)


def downgrade() -> None:
    for name, *_ in TABLES:
        op.drop_table(name)
    op.drop_table("unmet_need")


def _create(name: str, columns: tuple[tuple[str, Any], ...], owner: str) -> None:
    names = [column for column, _ in columns]
    key = names[:2] if "position" in names else names[:1]
    extra = []
    if "unit_id" in names:
        extra = [sa.ForeignKeyConstraint(["unit_id"], ["unit.id"], name=op.f(f"fk_{name}_unit_id_unit"))]
    op.create_table(
        name,
        *(sa.Column(column, kind, nullable=False) for column, kind in columns),
        sa.ForeignKeyConstraint(
            names[:1], [f"{owner}.id"], name=op.f(f"fk_{name}_{names[0]}_{owner}"), ondelete="CASCADE"
        ),
        *extra,
        sa.PrimaryKeyConstraint(*key, name=op.f(f"pk_{name}")),
    )


def _finished() -> Iterator[tuple[int, Mapping[str, Any], Mapping[str, Any]]]:
    documents = sa.table("match_run_documents", sa.column("run_id"), sa.column("instance", sa.JSON()),
                         sa.column("plan", sa.JSON()))  # fmt: skip
    runs = sa.table("match_run", sa.column("id"), sa.column("state"))
    rows = sa.select(documents).join(runs, runs.c.id == documents.c.run_id).where(runs.c.state == "finished")
    for run_id, instance, plan in op.get_bind().execute(rows.order_by(documents.c.run_id)).all():
        if plan:
            yield run_id, instance, plan


def _fill(run_id: int, instance: Mapping[str, Any], plan: Mapping[str, Any]) -> None:
    matches, unmatched = plan.get("matches", []), plan.get("unmatched", [])
    inside = {unit["id"] for unit in instance.get("units", []) if unit["authority"] == instance.get("city")}
    in_city, out_by_need = sum(each["unit"] in inside for each in matches), sum(map(_is_met, unmatched))
    _insert("run_answer", run_id=run_id, is_proven=plan.get("status") == "optimal", seconds=plan.get("seconds", 0.0),
            asked=len(instance.get("needs", [])), in_city=in_city, out_by_need=out_by_need,
            out_by_choice=len(matches) - in_city - out_by_need, unplaced=len(unmatched) - out_by_need)  # fmt: skip
    for position, each in enumerate(plan.get("objectives", [])):
        _insert("run_objective", run_id=run_id, position=position, **each)
    referrals = _ids("SELECT reference, id FROM referral WHERE reference IS NOT NULL")
    proposals = _ids(f"SELECT referral_id, id FROM proposal WHERE run_id = {run_id}")
    for match in matches:
        proposal = proposals.get(referrals.get(match["need"]))
        for position, sentence in enumerate(match.get("why", ()) if proposal else ()):
            _insert("proposal_reason", proposal_id=proposal, position=position, sentence=sentence)
        for position, slug in enumerate(match.get("ask", ()) if proposal else ()):
            _insert("proposal_question", proposal_id=proposal, position=position, slug=slug)
    for each in unmatched:
        if each["need"] in referrals:
            _unmet(run_id, referrals[each["need"]], each)


def _is_met(unmatched: Mapping[str, Any]) -> bool:
    return bool(unmatched.get("met_out_of_city", False))


def _ids(question: str) -> dict[Any, int]:
    """Return the id of each row by the name that is asked for beside it."""
    return dict(iter(op.get_bind().execute(sa.text(question)).all()))


def _unmet(run_id: int, referral_id: int, each: Mapping[str, Any]) -> None:
    _insert("unmet_need", run_id=run_id, referral_id=referral_id, is_met_out_of_city=_is_met(each))
    unmet = op.get_bind().execute(sa.text("SELECT max(id) FROM unmet_need")).scalar_one()
    for position, cause in enumerate(each.get("causes", ())):
        _insert("unmet_cause", unmet_id=unmet, position=position, rule=cause["rule"], units=cause["units"])
    for position, change in enumerate(each.get("change", ())):
        _insert("unmet_change", unmet_id=unmet, position=position, rule=change["rule"], sentence=change["say"])
    for position, near in enumerate(each.get("nearest", ())):
        _insert("unmet_nearest", unmet_id=unmet, position=position, unit_id=int(near["unit"].removeprefix("U")),
                refused_by=" ".join(near["refused_by"]))  # fmt: skip


def _insert(name: str, **values: Any) -> None:
    table = sa.table(name, *(sa.column(column) for column in values))
    op.get_bind().execute(table.insert().values(values))
