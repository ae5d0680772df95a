"""The desk of the demo: its numbers, some set phrases, and a patient who waits."""

from django.db import transaction

from consult.askers import Asker
from consult.models import Conversation, Guidance, Phrase
from consult.services.handover import request_human
from consult.services.messages import take_message
from consult.services.opening import About, open_conversation
from hospital.accounts.models import User
from hospital.accounts.principal import principal_for
from hospital.core.demo import Demo

# shortcut, English, Chinese
PHRASES = (
    (
        "hello",
        "Good day. I am here and I am reading what you wrote. One moment, please.",
        "您好，我在这里，正在看您写的内容，请稍等。",
    ),
    (
        "more",
        "Could you tell me since when you have it, and whether it is getting better or worse?",
        "请问这种情况从什么时候开始的？现在是好转了还是加重了？",
    ),
    (
        "come",
        "Please come to the department today. You can register at the desk on the ground floor.",
        "请您今天来科室就诊，可在一楼挂号处挂号。",
    ),
    (
        "medicines",
        "Please bring all medicines that you take, or a list of them.",
        "请带上您正在吃的所有药，或一份药名清单。",
    ),
    (
        "ambulance",
        "Please call the ambulance now. I stay in this conversation until somebody is with you.",
        "请马上叫救护车。在有人到您身边之前，我会一直在这里。",
    ),
    (
        "bye",
        "I hand you back to our assistant now. You can ask for a person at any time. Get well soon.",
        "现在由我们的助手继续为您服务。您可以随时要求人工。祝您早日康复。",
    ),
)
COMPLAINT = "I have had a cough with fever for four days and I get short of breath on the stairs."


@transaction.atomic
def load(demo: Demo) -> None:
    """Make the hospital's guidance and phrases, and the demo patient's conversation."""
    if not Guidance.objects.exists():
        Guidance.objects.create()
    Phrase.objects.bulk_create(
        (
            Phrase(shortcut=shortcut, language=language, text=text)
            for shortcut, english, chinese in PHRASES
            for language, text in (("en", english), ("zh", chinese))
        ),
        ignore_conflicts=True,
    )
    patient = User.objects.get(username=demo.users["patient"].username)
    if not Conversation.objects.filter(owner=patient).exists():
        row = open_conversation(asker=Asker(principal_for(patient)), about=About())
        take_message(conversation=row, text=COMPLAINT)
        request_human(conversation=row)
