"""The desk begins with six set phrases in both languages; a hospital that has any keeps its own."""

from django.db import migrations

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
        "Please come to the department today. You can register at the desk.",
        "请您今天来科室就诊，可在挂号处挂号。",
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


def give_phrases(apps, schema_editor):
    Phrase = apps.get_model("consult", "Phrase")
    if Phrase.objects.exists():
        return
    Phrase.objects.bulk_create(
        Phrase(shortcut=shortcut, language=language, text=text)
        for shortcut, english, chinese in PHRASES
        for language, text in (("en", english), ("zh", chinese))
    )


class Migration(migrations.Migration):

    dependencies = [("consult", "0005_a_life_in_danger_goes_first")]

    operations = [migrations.RunPython(give_phrases, migrations.RunPython.noop)]
