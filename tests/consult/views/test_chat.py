"""The chat's page, its app, and the figures: what each asker is shown."""

import json
from typing import Any

import pytest
from django.test import Client

from consult.askers import COOKIE, digest_of_secret, new_secret
from consult.dialogue.request import MOST_BYTES, read_request
from consult.models import Conversation
from consult.texts import clean
from hospital.accounts.models import Role
from hospital.core.errors import InvalidInput
from hospital.records.models import DiagnosticReport, Patient
from tests.consult.talks import persons_talk
from tests.rows import NOON, make_department, make_patient, make_person

pytestmark = pytest.mark.django_db


def stranger_with_a_talk(**fields: Any) -> tuple[Client, Conversation]:
    client, secret = Client(), new_secret()
    client.cookies[COOKIE] = secret
    talk = Conversation.objects.create(key_digest=digest_of_secret(secret), **fields)
    return client, talk


def report_of(patient: Patient, *, title: str) -> DiagnosticReport:
    return DiagnosticReport.objects.create(
        patient=patient,
        department=make_department(),
        code="CT",
        title=title,
        impression="No consolidation.",
        issued=NOON,
        signed_by=make_person(Role.CLINICIAN),
    )


def test_one_limit_holds_where_a_message_is_typed_taken_and_read() -> None:
    page = Client().get("/chat/").content.decode()
    danger = "I have crushing chest pain and I am sweating"
    longest = "a b " * ((MOST_BYTES - len(danger)) // 4) + danger

    assert f'data-most-bytes="{MOST_BYTES}"' in page
    assert "maxlength" not in page[page.index('id="message"') :].partition(">")[0]
    assert clean(longest) == longest
    assert read_request({"text": longest}).turns == (longest,)
    with pytest.raises(InvalidInput):
        clean(f"{longest}, help me")


def test_the_page_opens_the_newest_talk_of_the_browser_and_of_nobody_else() -> None:
    client, talk = stranger_with_a_talk(title="血压")

    own, foreign = client.get("/chat/"), Client().get("/chat/")

    assert own.context["talk"] == talk
    assert foreign.context["talk"] is None
    assert Client().get(f"/chat/{talk.pk}/").status_code == 404
    assert client.get("/chat/?new").context["talk"] is None


def test_talks_are_listed_for_their_browser_alone() -> None:
    client, _talk = stranger_with_a_talk(title="血压 <b>")

    assert "血压 &lt;b&gt;" in client.get("/chat/talks/").content.decode()
    assert "血压" not in Client().get("/chat/talks/").content.decode()


def test_a_patient_takes_an_own_report_along_and_no_other() -> None:
    patient = make_person(Role.PATIENT)
    client = Client()
    client.force_login(patient)
    own = report_of(make_patient(user=patient), title="CT <b>chest</b>")
    foreign = report_of(make_patient(), title="CT of another")
    persons_talk(patient)  # which may be about anything: a report gets its own

    page = client.get(f"/chat/?report={own.pk}").content.decode()

    assert "Explain my report: CT &lt;b&gt;chest&lt;/b&gt; · " in page
    assert 'data-talk=""' in page
    assert client.get(f"/chat/?report={foreign.pk}").status_code == 404
    assert "chest" not in Client().get(f"/chat/?report={own.pk}").content.decode()


def test_the_page_kept_for_when_the_network_is_away_names_nobody() -> None:
    kept = Client().get("/chat/offline/?language=zh-hans").content.decode()

    assert "没有网络" in kept
    assert "tel:120" in kept
    assert 'data-person=""' in kept


def test_the_worker_keeps_the_shell_and_the_page_in_the_readers_language() -> None:
    worker = Client(headers={"accept-language": "zh-hans"}).get("/chat/worker.js")

    script = worker.content.decode()
    assert worker["Content-Type"] == "text/javascript"
    assert r"/chat/offline/?language\u003Dzh\u002Dhans" in script
    assert "css/anji" in script


def test_the_manifest_names_icons_of_our_own() -> None:
    manifest = json.loads(Client().get("/chat/manifest.webmanifest").content)

    assert manifest["start_url"] == manifest["scope"] == "/chat/"
    assert {icon["purpose"] for icon in manifest["icons"]} == {"any", "maskable"}
    assert all(icon["src"].startswith("/static/") for icon in manifest["icons"])


def test_figures_hold_no_words_of_anybody() -> None:
    stranger_with_a_talk(title="私人的话", last_number=1)
    manager = Client()
    manager.force_login(make_person(Role.MANAGER))

    page = manager.get("/conversations/quality/").content.decode()

    assert "私人的话" not in page
    assert 'data-series="self_care"' in page
