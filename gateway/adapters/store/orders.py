"""What agents are to be told: assignments with the forms they need."""

from collections.abc import Sequence
from typing import Any

from sqlalchemy import Select, select
from sqlalchemy.ext.asyncio import AsyncConnection

from contract.forms.form import Form
from contract.wire.intervention import FormReference, Intervention, Stage
from gateway.adapters.store.engine import Database
from gateway.adapters.store.shelf import held_form
from gateway.adapters.store.tables import assignment, intervention
from gateway.ports.office import Order

_DONE = (Stage.COMPLETED.value, Stage.VALIDATED.value)


class SqlOrders:
    """Implements the port Orders on one tenant of the database."""

    def __init__(self, database: Database, tenant: str) -> None:
        self._database = database
        self._tenant = tenant

    async def orders(
        self, *, agent: str | None = None, intervention: str | None = None
    ) -> Sequence[Order]:
        """Return the standing orders, of one agent or about one intervention, or all of them.

        What is completed is ordered no more; what was withdrawn still is, for agents that were away.
        """
        wanted = self._wanted()
        if agent is not None:
            wanted = wanted.where(assignment.c.agent == agent)
        if intervention is not None:
            wanted = wanted.where(assignment.c.intervention == intervention)
        async with self._database.reading() as connection:
            rows = (await connection.execute(wanted)).all()
            forms: dict[tuple[str, int], Form] = {}
            found: list[Order] = []
            for row in rows:
                job = Intervention.model_validate_json(row.document)
                found.append(
                    Order(
                        agent=row.agent,
                        revision=row.revision,
                        withdrawn=row.withdrawn,
                        intervention=job,
                        forms=() if row.withdrawn else await self._forms(connection, job, forms),
                    )
                )
        return found

    def _wanted(self) -> Select[Any, Any, Any, Any]:
        return (
            select(
                assignment.c.agent,
                assignment.c.revision,
                assignment.c.withdrawn,
                intervention.c.document,
            )
            .join(
                intervention,
                (intervention.c.tenant == assignment.c.tenant)
                & (intervention.c.id == assignment.c.intervention),
            )
            .where(
                assignment.c.tenant == self._tenant,
                assignment.c.withdrawn | intervention.c.stage.not_in(_DONE),
            )
            .order_by(assignment.c.agent, assignment.c.revision)
        )

    async def _forms(
        self, connection: AsyncConnection, job: Intervention, known: dict[tuple[str, int], Form]
    ) -> tuple[Form, ...]:
        references = {(each.form.id, each.form.version) for each in job.reports}
        for name, version in references - known.keys():
            known[name, version] = await held_form(
                connection, self._tenant, FormReference(id=name, version=version)
            )
        return tuple(known[reference] for reference in sorted(references))
