import json
from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from threading import Thread
from typing import Any

import pytest
from django.core import mail
from django.db import connection, transaction

from accounts import queries
from accounts.models import Channel, Delivery, Message
from accounts.notifications import FACTS, template
from accounts.operations import message
from accounts.signals import message_bounced
from core.jobs import shifted
from core.safeguards import CHECKPOINTS
from tests.factories.accounts import user


class Killed(BaseException):
    """What a process feels of kill -9: nothing behind it runs."""


def _queue(key="invitation:1", to="mailto:a@example.org", **facts):
    message.queue(key, to=to, template="account.invited", link="/invitation/x/", **facts)


@pytest.mark.django_db
def test_a_message_is_sent_once():
    _queue()

    assert message.send_due() == 1
    assert message.send_due() == 0
    assert len(mail.outbox) == 1
    assert Message.objects.get().state == Delivery.SENT


@pytest.mark.django_db
def test_queued_twice_it_is_one_message():
    _queue()
    _queue()

    assert Message.objects.count() == 1


@pytest.mark.django_db
def test_a_rolled_back_act_tells_nobody():
    with transaction.atomic():
        _queue()
        transaction.set_rollback(True)

    assert not Message.objects.exists()


@pytest.mark.django_db
def test_a_user_gets_a_notice_at_once_and_a_mail():
    person = user(language="en")

    message.queue("x", to=person, template="account.changed", time="10:00")

    channels = dict(Message.objects.values_list("channel", "state"))
    assert channels == {Channel.PAGE: Delivery.SENT, Channel.MAIL: Delivery.QUEUED}
    assert queries.unread(person) == 1
    message.mark_read(by=person)
    assert queries.unread(person) == 0


@pytest.mark.django_db
def test_links_leave_with_the_address_of_the_installation(settings):
    settings.SITE_URL = "https://linkwell.example"
    _queue(language="en")

    message.send_due()

    assert "https://linkwell.example/invitation/x/" in mail.outbox[0].body
    assert mail.outbox[0].extra_headers["Message-ID"].endswith("@linkwell.example>")


@pytest.mark.django_db
def test_the_body_is_sealed_in_the_database():
    _queue()

    with connection.cursor() as cursor:
        cursor.execute("SELECT * FROM accounts_message")
        stored = repr(cursor.fetchall())
    assert "a@example.org" not in stored
    assert "invitation/x" not in stored


@pytest.mark.django_db
def test_a_failing_server_is_asked_again_later_and_given_up_at_last(settings):
    settings.EMAIL_BACKEND = "no.such.backend"
    given_up = []

    def receive(sender, message, **_rest):
        given_up.append(message.pk)

    message_bounced.connect(receive)
    _queue()
    try:
        assert message.send_due() == 0
        assert message.send_due() == 0
        first = Message.objects.get()
        for attempt in range(1, message.ATTEMPTS):
            with shifted(timedelta(hours=2 * attempt)):
                message.send_due()
    finally:
        message_bounced.disconnect(receive)

    last = Message.objects.get()
    assert (first.state, first.attempts) == (Delivery.QUEUED, 1)
    assert first.error == "ModuleNotFoundError"
    assert (last.state, last.attempts) == (Delivery.FAILED, message.ATTEMPTS)
    assert given_up == [last.pk]


@pytest.mark.django_db
@pytest.mark.parametrize("moment", ["message_leased", "message_accepted"])
def test_a_killed_sender_loses_nothing(moment):
    _queue()

    def kill():
        raise Killed

    CHECKPOINTS[moment] = kill
    try:
        with pytest.raises(Killed):
            message.send_due()
    finally:
        CHECKPOINTS.clear()
    during = message.send_due()
    with shifted(message.LEASE + timedelta(seconds=1)):
        after = message.send_due()

    assert (during, after) == (0, 1)
    # Sent twice only if it died between the server's acceptance and our note, then with one id.
    assert len(mail.outbox) == (1 if moment == "message_leased" else 2)
    assert len({letter.extra_headers["Message-ID"] for letter in mail.outbox}) == 1


@pytest.mark.usefixtures("committed_db")
def test_many_senders_send_each_message_once(settings, tmp_path):
    settings.SMS_URL = f"file://{tmp_path}/sms"
    for number in range(20):
        _queue(key=f"k{number}", to="sms:+8613800000000")

    def send(_number):
        try:
            return message.send_due()
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        sent = sum(pool.map(send, range(4)))

    lines = [json.loads(line) for line in (tmp_path / "sms").read_text().splitlines()]
    assert sent == 20
    assert len({line["id"] for line in lines}) == len(lines) == 20


class Gateway(BaseHTTPRequestHandler):
    notes: list[Any] = []
    status = 200

    def do_POST(self):
        self.notes.append(json.loads(self.rfile.read(int(self.headers["Content-Length"]))))
        self.send_response(self.status)
        self.end_headers()

    def log_message(self, *_words):
        pass


@pytest.fixture
def gateway():
    Gateway.notes, Gateway.status = [], 200
    server = HTTPServer(("127.0.0.1", 0), Gateway)
    Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}/send"
    server.shutdown()
    server.server_close()


@pytest.mark.django_db
def test_a_text_message_is_posted_to_the_operators_gateway(settings, gateway):
    settings.SMS_URL = gateway
    _queue(to="sms:+8613800000000", language="en")

    assert message.send_due() == 1
    assert Gateway.notes[0]["to"] == "+8613800000000"
    assert Gateway.notes[0]["id"] == str(Message.objects.get().uid)


@pytest.mark.django_db
def test_a_text_message_without_a_link_says_what_it_is_sent_for(settings, gateway):
    settings.SMS_URL = gateway
    message.queue(
        "code:1",
        to="sms:+8613800000000",
        template="handoffs.link_code",
        number="L-1",
        code="482913",
    )

    message.send_due()

    assert "482913" in Gateway.notes[0]["text"]


@pytest.mark.django_db
def test_a_gateway_that_says_no_is_asked_again(settings, gateway):
    settings.SMS_URL, Gateway.status = gateway, 503
    _queue(to="sms:+8613800000000")

    message.send_due()

    assert Message.objects.get().error == "Undelivered"


@pytest.mark.django_db
@pytest.mark.parametrize("guarded", [True, False])
def test_a_group_chat_is_reached_through_the_guarded_door_only(settings, gateway, guarded):
    settings.SAFEGUARDS_OFF = frozenset() if guarded else frozenset({"outbound_guard"})
    _queue(to=f"robot:{gateway}")

    message.send_due()

    assert len(Gateway.notes) == (0 if guarded else 1)
    assert Message.objects.get().error == ("OutboundRefused" if guarded else "")


@pytest.mark.django_db
def test_delivery_outbox_keeps_everything_in_the_house(settings):
    settings.MESSAGE_DELIVERY = "outbox"
    _queue()

    assert message.send_due() == 1
    assert mail.outbox == []


@pytest.mark.django_db
def test_a_text_message_is_subject_and_link_alone(settings, capsys):
    settings.SMS_URL = "console://"
    _queue(to="sms:+8613800000000", language="en")

    message.send_due()

    note = json.loads(capsys.readouterr().out)
    assert note["text"] == "Your account at Linkwell http://127.0.0.1:8000/invitation/x/"


def test_a_wording_cannot_name_what_is_not_on_the_list():
    with pytest.raises(ValueError, match="client_name"):
        template("test.leak", subject="%(client_name)s", body="x")

    assert not {"client", "client_name", "need"} & FACTS


@pytest.mark.django_db
def test_a_message_is_filled_with_what_is_on_the_list_only():
    with pytest.raises(ValueError, match="need"):
        _queue(need="food")


@pytest.mark.django_db
def test_a_client_is_kept_as_a_keyed_hash():
    person = user()
    _queue(client=person.uid)

    kept = Message.objects.get().client_ref
    assert len(kept) == 32
    assert kept != str(person.uid)
