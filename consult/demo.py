"""The desk of the demo: its numbers, and a patient who waits."""

from django.db import transaction

from consult.askers import Asker
from consult.models import Conversation, Guidance
from consult.services.handover import request_human
from consult.services.messages import take_message
from consult.services.opening import About, open_conversation
from hospital.accounts.models import User
from hospital.accounts.principal import principal_for
from hospital.core.demo import Demo

COMPLAINT = "I have had a cough with fever for four days and I get short of breath on the stairs."


@transaction.atomic
def load(demo: Demo) -> None:
    """Make the hospital's guidance, and the demo patient's conversation."""
    if not Guidance.objects.exists():
        Guidance.objects.create()
    patient = User.objects.get(username=demo.users["patient"].username)
    if not Conversation.objects.filter(owner=patient).exists():
        row = open_conversation(asker=Asker(principal_for(patient)), about=About())
        take_message(conversation=row, text=COMPLAINT)
        request_human(conversation=row)
