"""CreateModels: the tables of a room in one go."""

from django.db import models
from django.db.migrations.operations import CreateModel
from django.db.migrations.state import ProjectState
from django.db.migrations.writer import OperationWriter

from core.models import CreateModels


def room() -> CreateModels:
    """Return two models that refer to each other, the earlier to the later too."""
    return CreateModels(
        [
            CreateModel(
                "Door",
                [
                    ("id", models.BigAutoField(primary_key=True)),
                    ("key", models.ForeignKey("invented.key", models.PROTECT, null=True)),
                ],
            ),
            CreateModel(
                "Key",
                [
                    ("id", models.BigAutoField(primary_key=True)),
                    ("door", models.ForeignKey("invented.door", models.PROTECT, related_name="+")),
                ],
            ),
        ]
    )


def test_models_created_together_may_refer_to_each_other() -> None:
    state = ProjectState()

    room().state_forwards("invented", state)

    door, key = (state.apps.get_model("invented", name) for name in ("door", "key"))
    assert door._meta.get_field("key").related_model is key
    assert key._meta.get_field("door").related_model is door


def test_a_rendered_state_is_rendered_again_only_when_somebody_asks() -> None:
    state = ProjectState()
    rendered = state.apps

    room().state_forwards("invented", state)

    assert "apps" not in state.__dict__
    assert state.apps is not rendered
    assert state.apps.get_model("invented", "door")


def test_the_operation_refers_to_what_its_models_refer_to() -> None:
    operation = room()

    assert operation.references_model("Key", "invented")


def test_a_migration_can_hold_it() -> None:
    text, imports = OperationWriter(room()).serialize()

    assert "core.models.creation.CreateModels(" in text
    assert text.count("CreateModel(") == 2
    assert "import core.models.creation" in imports
