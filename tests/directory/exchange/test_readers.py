"""Files of every form become rows under HSDS 3 names."""

import json
import zipfile

import pytest

from directory.exchange.imports import files
from directory.exchange.imports.reading import read
from directory.exchange.imports.rows import Problem, Row, Unreadable
from tests.factories import exchange as make


def rows(path, form="auto", encoding="auto"):
    return [each for each in read(path, form, encoding) if isinstance(each, Row)]


def problems(path):
    return [each for each in read(path, "auto", "auto") if isinstance(each, Problem)]


def form_of(path):
    return next(each for each in read(path, "auto", "auto") if isinstance(each, str))


def of(table, found):
    return [row for row in found if row.table == table]


class TestForms:
    @pytest.mark.parametrize(
        ("names", "form"),
        [
            (["services_at_location.csv", "schedules.csv"], "csv-2"),
            (["organizations.csv", "regular_schedules.csv"], "csv-1"),
            (["organizations.csv", "service_at_location.csv"], "csv-3"),
            (["organizations.csv"], "csv-3"),
        ],
    )
    def test_a_form_is_told_by_its_files(self, tmp_path, names, form):
        path = make.folder(tmp_path / "in", {name: [{"id": "1"}] for name in names})

        assert form_of(path) == form

    def test_organizations_with_url_are_the_oldest_form(self, tmp_path):
        path = make.folder(tmp_path / "in", {"organizations.csv": [{"id": "1", "url": "x"}]})

        assert form_of(path) == "csv-1"

    def test_services_with_a_location_are_ohana(self, tmp_path):
        path = make.folder(tmp_path / "in", {"services.csv": [{"id": "1", "location_id": "2"}]})

        assert form_of(path) == "ohana"

    def test_anything_else_is_named(self, tmp_path):
        path = make.folder(tmp_path / "in", {"notes.txt": "hello"})

        with pytest.raises(Unreadable) as refused:
            rows(path)
        assert refused.value.code == "no_format"


class TestFiles:
    def test_gb18030_and_utf_16_are_read(self, tmp_path):
        for name, encoding in (("a.csv", "gb18030"), ("b.csv", "utf-16"), ("c.csv", "utf-8-sig")):
            folder = tmp_path / encoding
            folder.mkdir()
            text = "id,name\n1,杭州助老\n"
            (folder / "organizations.csv").write_bytes(text.encode(encoding))

            assert rows(folder)[0].values["name"] == "杭州助老", name

    def test_a_semicolon_parts_cells_too(self, tmp_path):
        path = make.folder(tmp_path / "in", {"organizations.csv": "id;name\n1;A, B\n"})

        assert rows(path)[0].values["name"] == "A, B"

    def test_names_in_an_archive_lose_their_folders(self, tmp_path):
        archive = tmp_path / "in.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("../../etc/organizations.csv", "id,name\n1,A\n")

        found = rows(archive)

        assert [row.file for row in found] == ["organizations.csv"]

    def test_an_archive_is_read_in_a_process_of_its_own(self, tmp_path):
        archive = tmp_path / "in.zip"
        with zipfile.ZipFile(archive, "w") as file:
            file.writestr("organizations.csv", "id,name\n1,A\n")

        [row] = rows(archive)

        assert (row.table, row.id, row.values) == ("organization", "1", {"name": "A"})

    @pytest.mark.parametrize(
        ("content", "code"),
        [
            (b"\xff\xfe\x00", "not_text"),
            (b'{"a": [' + b"[" * 100 + b"]" * 100 + b"]}", "too_deep"),
            (b'{"id": ', "not_json"),
            (b'{"id": NaN}', "not_json"),
        ],
    )
    def test_broken_json_is_named(self, tmp_path, content, code):
        path = tmp_path / "service.json"
        path.write_bytes(content)

        with pytest.raises(Unreadable) as refused:
            rows(path)
        assert refused.value.code == code

    def test_caps_hold_before_parsing(self, tmp_path, monkeypatch):
        path = make.folder(tmp_path / "in", {"organizations.csv": [{"id": n} for n in range(9)]})
        for cap, code in (("FILE_CAP", "too_large"), ("ROW_CAP", "too_long")):
            with monkeypatch.context() as patch:
                patch.setattr(files, cap, 5)
                with pytest.raises(Unreadable) as refused:
                    rows(path)
            assert refused.value.code == code

    def test_a_bomb_is_refused_by_what_it_declares(self, tmp_path):
        archive = tmp_path / "in.zip"
        with zipfile.ZipFile(archive, "w", zipfile.ZIP_DEFLATED) as file:
            file.writestr("organizations.csv", b"0" * 30_000_000)

        with pytest.raises(Unreadable) as refused:
            rows(archive)
        assert refused.value.code == "too_large"

    def test_a_missing_file_is_named(self, tmp_path):
        with pytest.raises(Unreadable) as refused:
            rows(tmp_path / "nothing.csv")
        assert refused.value.code == "no_file"


class TestJson:
    def test_an_object_is_taken_apart(self, tmp_path):
        service = {
            "id": make.uid(2),
            "name": "Food parcels",
            "status": "active",
            "organization": {"id": make.uid(1), "name": "Food Bank", "description": "-"},
            "phones": [{"id": make.uid(6), "number": "110"}],
            "service_at_locations": [
                {"id": make.uid(4), "location": {"id": make.uid(3), "location_type": "physical"}}
            ],
        }
        path = tmp_path / "service.json"
        path.write_text(json.dumps(service))

        found = {(row.table, row.id): row for row in rows(path)}

        assert found["service", make.uid(2)].links == {"organization_id": [make.uid(1)]}
        assert found["phone", make.uid(6)].links == {"service_id": [make.uid(2)]}
        assert found["service_at_location", make.uid(4)].links == {
            "service_id": [make.uid(2)],
            "location_id": [make.uid(3)],
        }

    def test_repeats_are_one_row_with_all_parents(self, tmp_path):
        phone = {"id": make.uid(6), "number": "110"}
        things = [
            {"id": make.uid(1), "name": "A", "description": "a", "phones": [phone]},
            {"id": make.uid(9), "name": "B", "description": "b", "phones": [phone]},
        ]
        path = tmp_path / "organization_list.json"
        path.write_text(json.dumps({"total_items": 2, "contents": things}))

        [row] = of("phone", rows(path))

        assert row.links == {"organization_id": [make.uid(1), make.uid(9)]}

    def test_of_differing_repeats_the_first_wins_and_it_is_said(self, tmp_path):
        things = [
            {"id": make.uid(1), "name": "A", "description": "a"},
            {"id": make.uid(1), "name": "B", "description": "a", "email": "a@example.org"},
        ]
        path = tmp_path / "organization.json"
        path.write_text(json.dumps(things))

        [row] = rows(path)

        assert row.values["name"] == "A"
        assert row.values["email"] == "a@example.org"
        assert [problem.code for problem in row.problems] == ["id_conflict"]

    def test_one_object_per_line_is_a_list(self, tmp_path):
        path = tmp_path / "services.ndjson"
        path.write_text("".join(f'{{"id": "{make.uid(n)}", "status": "active"}}\n' for n in (1, 2)))

        assert [row.id for row in rows(path)] == [make.uid(1), make.uid(2)]

    def test_other_json_is_named_and_skipped(self, tmp_path):
        (tmp_path / "base.json").write_text('{"version": "3.2"}')

        assert [(each.code, each.file) for each in problems(tmp_path)] == [
            ("unknown_file", "base.json")
        ]


class TestOldForms:
    def test_weekday_rows_of_equal_hours_are_joined(self, tmp_path):
        days = [
            {"service_id": "s", "weekday": day, "opens_at": "9:00", "closes_at": "17:00"}
            for day in ("Monday", "Tuesday", "Friday")
        ]
        days += [
            {"service_id": "s", "weekday": "Monday", "opens_at": "19:00", "closes_at": "21:00"}
        ]
        days += [{"service_id": "s", "weekday": "Sunday", "opens_at": "", "closes_at": ""}]
        path = make.folder(
            tmp_path / "in",
            {"organizations.csv": [{"id": "1", "url": "x"}], "regular_schedules.csv": days},
        )

        found = of("schedule", rows(path))

        assert [row.values["byday"] for row in found] == ["MO,TU,FR", "MO"]
        assert sum(row.stands_for for row in found) == len(days)

    def test_where_no_day_is_open_the_row_says_closed(self, tmp_path):
        days = [{"service_id": "s", "weekday": "Sunday", "opens_at": "", "closes_at": ""}]
        path = make.folder(
            tmp_path / "in",
            {"organizations.csv": [{"id": "1", "url": "x"}], "regular_schedules.csv": days},
        )

        [row] = of("schedule", rows(path))

        assert row.values["description"] == "Closed"
        assert "opens_at" not in row.values

    def test_eligibility_and_payments_go_to_their_service(self, tmp_path):
        path = make.folder(
            tmp_path / "in",
            {
                "organizations.csv": [{"id": "1", "url": "x"}],
                "services.csv": [{"id": "s", "organization_id": "1", "name": "A", "fees": "5"}],
                "eligibility.csv": [{"service_id": "s", "eligibility": "Over 60"}],
                "payments_accepted.csv": [{"service_id": "s", "payment": "Cash"}],
            },
        )

        [row] = of("service", rows(path))

        assert row.values["eligibility_description"] == "Over 60"
        assert row.values["fees_description"] == "5\nCash"

    def test_a_holiday_of_the_year_one_comes_every_year(self, tmp_path):
        path = make.folder(
            tmp_path / "in",
            {
                "organizations.csv": [{"id": "1", "url": "x"}],
                "holiday_schedules.csv": [
                    {"service_id": "s", "start_date": "January 01, 0001",
                     "end_date": "January 01, 0001", "closed": "true"},
                    {"service_id": "s", "start_date": "12/24/15", "end_date": "12/24/15",
                     "closed": "false", "opens_at": "10:00", "closes_at": "16:00"},
                ],
            },
        )  # fmt: skip

        yearly, once = of("schedule_exception", rows(path))

        assert yearly.values["every_year"] is True
        assert (once.values["kind"], once.values["starts_on"]) == ("hours", "2015-12-24")

    def test_lists_of_ids_are_several_parents(self, tmp_path):
        path = make.folder(
            tmp_path / "in",
            {
                "services_at_location.csv": [{"id": "1"}],
                "schedules.csv": [
                    {"id": "9", "service_id": "a,b", "weekday": "Monday-Friday", "opens": "9:00AM",
                     "closes": "5:00PM"},
                    {"id": "10", "service_id": "a", "weekday": "sunday", "opens": "Closed"},
                    {"id": "11", "service_id": "a", "weekday": "monday", "opens": "24 Hours"},
                    {"id": "12", "service_id": "a", "weekday": "Varies", "opens": "by call"},
                ],
                "phones.csv": [{"id": "7", "number": "110"}],
                "service_phones.csv": [{"phone_recordid": "7", "service_recordid": "b"}],
            },
        )  # fmt: skip

        found = rows(path)
        week, closed, whole, words = of("schedule", found)

        assert week.links == {"service_id": ["a", "b"]}
        assert (week.values["opens_at"], week.values["closes_at"]) == ("09:00:00", "17:00:00")
        assert (closed.values["byday"], closed.values["description"]) == ("SU", "Closed")
        assert whole.values["all_day"] is True
        assert words.values["raw_text"] == "Varies · by call"
        assert [problem.code for problem in words.problems] == ["hours_not_parsed"]
        assert of("phone", found)[0].links == {"service_id": ["b"]}

    def test_prefixes_are_taken_off(self, tmp_path):
        path = make.folder(
            tmp_path / "in",
            {
                "services_at_location.csv": [{"id": "1"}],
                "schedules.csv": [{"id": "1"}],
                "services.csv": [
                    {"service_recordid": "s", "service_name": "A", "service_organization": "o",
                     "service_status": "1", "service_program": "p,q"},
                ],
            },
        )  # fmt: skip

        [row] = of("service", rows(path))

        assert (row.id, row.values) == ("s", {"name": "A", "status": "1"})
        assert row.links == {"organization_id": ["o"], "program_id": ["p"]}
        assert row.columns["name"] == "service_name"
        assert [problem.code for problem in row.problems] == ["one_of_several"]

    def test_ohana_makes_places_and_terms(self, tmp_path):
        path = make.folder(
            tmp_path / "in",
            {
                "organizations.csv": [{"id": "1", "name": "A"}],
                "locations.csv": [{"id": "l", "organization_id": "1", "languages": "English,中文"}],
                "services.csv": [
                    {"id": "s", "location_id": "l", "name": "Meals", "audience": "Older adults",
                     "eligibility": "Over 60", "taxonomy_ids": "101,102"},
                ],
            },
        )  # fmt: skip

        found = rows(path)

        assert of("service", found)[0].links == {"organization_id": ["1"]}
        assert of("service", found)[0].values["eligibility_description"] == "Older adults\nOver 60"
        assert of("service_at_location", found)[0].links == {
            "service_id": ["s"],
            "location_id": ["l"],
        }
        assert len(of("attribute", found)) == 2
        assert [row.values["name"] for row in of("language", found)] == ["English", "中文"]
