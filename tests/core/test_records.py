import pytest
from django.apps.registry import Apps
from django.db import connection, models
from django.db.migrations import CreateModel, Migration
from django.db.migrations.state import ProjectState
from django.db.utils import NotSupportedError
from django.utils import translation

from core.models import AddIndexOnline, Translated


class Sign(Translated):
    name = models.CharField(max_length=20)

    class Meta:
        app_label = "core"
        apps = Apps(["core"])

    def __str__(self) -> str:
        return self.name


# ---- Texts in several languages -------------------------------------------------------------
@pytest.mark.parametrize(
    ("base", "translations", "wanted", "shown"),
    [
        (("zh-Hans", "送餐"), {}, "zh-hans", ("送餐", "zh-Hans")),
        (("zh-Hans", "送餐"), {}, "en", ("送餐", "zh-Hans")),
        (("zh-Hans", "送餐"), {"en": "Meals"}, "en", ("Meals", "en")),
        (("zh-Hans", "送餐"), {"en-US": "Meals"}, "en", ("Meals", "en-US")),
        (("zh-Hans", "送餐"), {"en": "Meals"}, "en-GB", ("Meals", "en")),
        (("zh-Hans", "送餐"), {"en": ""}, "en", ("送餐", "zh-Hans")),
        (("zh-Hans", "送餐"), {"zh-Hant": "送餐到府"}, "zh-hans", ("送餐", "zh-Hans")),
        (("zh-Hant", "送餐到府"), {"zh-Hans": "送餐"}, "zh-hans", ("送餐", "zh-Hans")),
        (("en", "Meals"), {"zh-Hans": "送餐"}, "zh-hans", ("送餐", "zh-Hans")),
        (("en", "Meals"), {"zh": "送餐"}, "zh-hans", ("送餐", "zh")),
        (("en", "Meals"), {"zh": "送餐"}, "en", ("Meals", "en")),
        (("en", ""), {"es": "Comidas"}, "en", ("Comidas", "es")),
        (("en", ""), {}, "zh", ("", "en")),
    ],
)
def test_the_language_of_the_page_is_shown_and_never_a_blank(
    base: tuple[str, str], translations: dict[str, str], wanted: str, shown: tuple[str, str]
) -> None:
    told = {tag: {"name": text} for tag, text in translations.items()}
    sign = Sign(language=base[0], name=base[1], translations=told)

    assert sign.text("name", wanted) == shown
    with translation.override(wanted):
        assert sign.text("name") == shown


# ---- Indexes --------------------------------------------------------------------------------
def _migrate(operation: AddIndexOnline, *, atomic: bool, back: bool = False) -> None:
    fields = [("id", models.AutoField(primary_key=True)), ("name", models.CharField(max_length=9))]

    class Create(Migration):
        operations = [CreateModel("Pole", fields)]

    class Add(Migration):
        operations = [operation]

    Add.atomic = atomic
    create, add = Create("0001", "core"), Add("0002", "core")
    before = create.mutate_state(ProjectState())
    with connection.schema_editor() as editor:
        create.apply(ProjectState(), editor)
    try:
        with connection.schema_editor(atomic=atomic) as editor:
            after = add.apply(before.clone(), editor)
        assert _indexes() == {"pole_name"}
        if back:
            with connection.schema_editor(atomic=atomic) as editor:
                operation.database_backwards("core", editor, after, before)
            assert _indexes() == set()
    finally:
        with connection.schema_editor() as editor:
            editor.execute("DROP TABLE core_pole")


def _indexes() -> set[str]:
    with connection.cursor() as cursor:
        found = connection.introspection.get_constraints(cursor, "core_pole")
    return {name for name, facts in found.items() if facts["index"] and not facts["primary_key"]}


INDEX = models.Index(fields=["name"], name="pole_name")


@pytest.mark.usefixtures("committed_db")
def test_an_index_is_added_and_removed_while_people_work() -> None:
    _migrate(AddIndexOnline("Pole", INDEX), atomic=False, back=True)


@pytest.mark.postgres
@pytest.mark.usefixtures("committed_db")
def test_an_index_inside_a_transaction_would_lock_the_table() -> None:
    with pytest.raises(NotSupportedError):
        _migrate(AddIndexOnline("Pole", INDEX), atomic=True)
