"""Indexes that are added while people work."""

from typing import Any

from django.db.migrations.operations import AddIndex
from django.db.migrations.state import ProjectState
from django.db.utils import NotSupportedError


class AddIndexOnline(AddIndex):
    """AddIndex without a lock on PostgreSQL (CONCURRENTLY, so `atomic = False`); plain on SQLite.

    Django's own concurrent operation fails on SQLite.
    """

    atomic = False

    def database_forwards(
        self,
        app_label: str,
        schema_editor: Any,  # of PostgreSQL or SQLite; only the first knows `concurrently`
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
        elif model := self._model(app_label, schema_editor, to_state):
            schema_editor.add_index(model, self.index, concurrently=True)

    def database_backwards(
        self,
        app_label: str,
        schema_editor: Any,  # of PostgreSQL or SQLite; only the first knows `concurrently`
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_backwards(app_label, schema_editor, from_state, to_state)
        elif model := self._model(app_label, schema_editor, from_state):
            schema_editor.remove_index(model, self.index, concurrently=True)

    def _model(self, app_label: str, schema_editor: Any, state: ProjectState) -> Any:
        if schema_editor.connection.in_atomic_block:
            raise NotSupportedError("AddIndexOnline needs `atomic = False` on its migration.")
        model = state.apps.get_model(app_label, self.model_name)
        allowed = self.allow_migrate_model(schema_editor.connection.alias, model)
        return model if allowed else None
