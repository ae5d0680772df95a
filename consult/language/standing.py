"""How a thing said stands: is it so, denied, over, asked in general, or a story.

A cue is read in the sentence of the mention. Scope is kept short: where it is not clear
that a sign is denied or over, it counts as there. A missed emergency costs more than a
question too many.
"""

import re
from typing import Literal

_HAN = re.compile(r"[\u4e00-\u9fff]")
Standing = Literal["present", "denied", "past", "general", "fiction"]

_W = r"(?<!\S)"  # a word begins
_E = r"(?!\S)"  # a word ends

_NOT_A_DENIAL = re.compile(
    rf"{_W}(?:not only|not just|not sure|no idea|no doubt|no matter|no longer able|not know|not knowing|not understand"
    r"|not getting|not going away|not go away|not gone|not stopping|not stop|can not stop|not better|not improv\S+|no relief|not help\S*"
    r"|not able to|not normal|not usual|not eaten|not eat|not slept|not sleep|no one|nobody|not like|not tell|not told|not think straight"
    rf"|no better|not well|not feel well|not feeling well|not been able|not work\S*|never had such|never felt|never had this|no medical){_E}"
)
_DENIAL = re.compile(
    rf"{_W}(?:no|not|never|none|nor|neither|without|denies|denied|deny|denying|negative for|free of|absence of|ruled out|lack of|no sign of){_E}"
)
_ENDS_DENIAL = re.compile(
    rf"{_W}(?:but|however|although|though|yet|except|only|because|since|just|now|then|so|when|while|until|if|despite|with|after|and (?:i|my|he|she|his|her|it|there|the|am|has|have|is)){_E}|[:()]"
)
_ENDS_AT_COMMA = re.compile(
    rf",(?! (?:(?!,)\S+ ){{0,4}}?(?:(?:\S+ ){{0,3}}, )?(?:or|nor|and no){_E})"
)
DENIAL_WORDS = 8
_DENIED_BEHIND = re.compile(
    rf"^ ?(?:: (?:no|none|denied|negative){_E}|(?:is|are|was) (?:denied|absent)|\( ?(?:no|denied) ?\))"
)
_OVER_BEHIND = re.compile(
    rf"^(?: \S+){{0,3}} (?:is gone|has gone(?= [.,;!?]| away|$)|went away|has resolved|have resolved|resolved|stopped completely|has stopped|is over|are over|cleared up|got better on its own){_E}"
)
_PAST = re.compile(
    rf"{_W}(?:(?:years?|months?|decades?) ago|in (?:19|20)\d\d|last (?:year|month)|when i was (?:a|young|little|\d+)|as a (?:child|teenager|teen)"
    r"|in my (?:teens|twenties|youth|childhood)|back then|in the past|in (?:my|a) previous"
    rf"|long ago|before i was born){_E}"
)
_PAST_BEFORE = re.compile(
    rf"{_W}(?:used to|history of|previously|formerly|once had|died (?:of|from)|passed away (?:of|from)|survived|recovered from|treated for){_E}(?: \S+){{0,6}} ?$"
)
_CLAUSE = re.compile(
    r",|:|(?<!\S)(?:but|however|though|although|and (?:i|my|he|she|his|her|now|then)|now)(?!\S)|但|不过|可是"
)
SHORT_WORDS, SHORT_CHARACTERS = 4, 8
_NOW = re.compile(
    rf"{_W}(?:now|right now|today|tonight|currently|still|again|this (?:morning|afternoon|evening)|just|since|ago i started|at the moment|these days|lately){_E}"
)
_GENERAL = re.compile(
    r"^(?:\S+ ){0,3}?(?:what (?:is|are|does|causes|cause|can cause|could cause|happens|kind)|what 's|how (?:do|does|can|common|is|are|long|to|would) (?:you |people |one |doctors |a |we )?"
    r"|why (?:do|does|is|are)|can (?:a|an|the|people|you|stress|anxiety)|does (?:a|an|the)?|do (?:people|all|most)|is (?:it true|there|a|an|the)|are (?:there|all)"
    r"|symptoms of|signs of|causes of|tell me about|explain|define|definition of|difference between|information (?:on|about)|when should|who (?:is|can)"
    r"|could (?:a|an)|i (?:read|am reading|am writing|want to know|would like to know|want to learn|am studying|am curious)|at what|which)"
)
_GENERAL_ANYWHERE = re.compile(
    rf"{_W}(?:warning signs of|signs of|symptoms of|risk of|risk factors? for|prevent\S*|first aid for|if (?:someone|somebody|a person|anyone|people)|in case of|people who|patients who"
    rf"|worried about getting|afraid of getting|scared of getting|fear of|avoid|article about|leaflet|course on|exam|homework|essay|lecture|class about|research (?:on|about)|documentary|awareness){_E}"
)
_SOMEBODY = re.compile(
    rf"{_W}(?:i|me|my|we|our|he|she|his|her|him|they|their|son|daughter|wife|husband|mother|father|baby|friend|patient){_E}"
)
_FICTION = re.compile(
    rf"{_W}(?:in (?:a|the|this|that|my|her|his) (?:\S+ ){{0,2}}?(?:movie|film|novel|book|story|song|game|play|show|series|dream|comic|script|poem|chapter)|(?:main|the|my|a) character|protagonist|screenplay|lyrics"
    rf"|i dreamt|i dreamed|season finale|short story about|roleplay|(?:writing|write|wrote|watched|read|reading|watching) a (?:\S+ )?(?:novel|script|screenplay|story|film|movie|book|scene|play|documentary) (?:about|in which|where|with)){_E}"
)
_FICTION_ZH = re.compile(
    r"电影(?:里|中|的)|电视剧(?:里|中)|小说(?:里|中|的)|剧(?:里|中)|剧情|剧本|主角|男主|女主|歌词|歌里|游戏(?:里|中)|动漫(?:里|中)|漫画(?:里|中)|故事(?:里|中)|梦见|梦到|台词|写(?:一?[本部篇个])?(?:小说|剧本|故事)"
)
_DENIAL_ZH = re.compile(
    r"没有|没出现|没|无|未见|未|否认|并不|从不|不会|不是|不伴|不觉得|不感到|不感觉|从来不|不曾|排除|不想|没想过|不打算"
)
_NOT_A_DENIAL_ZH = re.compile(
    r"没法|没办法|没力|没劲|没用|没意思|没意义|没好|没睡|没吃|没人|没精神|没胃口|没完|没多久|没停|没缓解|没见好|无法|无力|无缘无故|无用|无意|无助|无故|不是很好|不会好|未婚|未来|没想到|是不是|会不会|有没有|要不要|没效果|没改善|没退|无效|未缓解|没告诉|没去"
)
_ENDS_DENIAL_ZH = re.compile(r"但|不过|可是|却|只是|就是|而是|然而|现在|突然|后来|[,:]")
DENIAL_CHARACTERS = 8
_DENIAL_AT_ONCE_ZH = ("不", "不怎么", "不再", "没怎么", "不太")
_DENIED_BEHIND_ZH = re.compile(
    r"^[^,]{0,3}?(?:没有$|都没有|倒没有|: ?无|: ?没有|\( ?-|的?症状没有)"
)
_OVER_BEHIND_ZH = re.compile(
    r"^.{0,6}?(?:已经好了|(?<!就)好了|消失了|不疼了|不痛了|缓解了|治好了|痊愈|恢复了|没事了|过去了)"
)
_PAST_ZH = re.compile(
    r"年前|个月前|月前|去年|前年|以前|曾|从前|小时候|年轻时|年轻的时候|病史|既往|当年|往年|那年|那时候|(?<!睡)过去(?=的|曾|有|几)|上个月|得过|有过|去世|过世|(?:19|20)\d\d ?年"
)
_NOW_ZH = re.compile(
    r"现在|今天|刚刚|刚才|今早|今晚|目前|正在|又|还是|仍然|一直|最近|突然|这几天|近来|开始"
)
_GENERAL_ZH = re.compile(
    r"什么是|是什么病|是什么意思|有哪些|哪些症状|什么症状|的症状|症状是什么|有什么表现|怎么预防|如何预防|预防|怎么判断|如何判断|如何识别|怎么识别|怎么引起|引起的原因|的原因|原因是|为什么会|会不会传染|遗传吗|会遗传|区别|科普|介绍一下|想了解|了解一下|请问.{0,6}是|会导致.{0,8}吗|会引起.{0,8}吗|能引起.{0,8}吗"
    r"|如果有人|万一有人|别人|人们|患者应该|怎样急救|如何急救|急救知识|考试|论文|作业|讲座|新闻|文章|危害|风险|几率|概率|常见吗|后遗症|怎样治疗|如何治疗|怎么治疗|可以治愈|能治好|寿命"
)
_SOMEBODY_ZH = re.compile(
    r"我|俺|咱|爸|妈|爷|奶|公公|婆婆|老公|老婆|丈夫|妻子|儿子|女儿|孩子|宝宝|朋友|同事|同学|室友|老人|他|她|弟|妹|哥|姐|邻居|舅|姑|叔|姨"
)
_AT_ONCE_ZH = re.compile(r"突然|忽然|刚刚|刚才|现在|今天|今早|昨天|昨晚|这几天|最近")
_WANTS_TO_KNOW_ZH = re.compile(r"^我?(?:想|要)?(?:了解|知道|问|咨询|请教|问问|请问)")


def standing(sentence: str, start: int, end: int, *, is_chinese: bool) -> Standing:
    """Return how the words between two places of a sentence stand."""
    if _FICTION.search(sentence) or _FICTION_ZH.search(sentence):
        return "fiction"
    judge = _chinese if is_chinese else _english
    return judge(sentence, start, end)


def _english(sentence: str, start: int, end: int) -> Standing:
    before, behind = sentence[:start], sentence[end:]
    clause = _clause(sentence, start, end)
    if _is_denied(before, behind):
        return "denied"
    has_been = _has_been(clause, sentence[start:end]) and not _NOW.search(clause)
    if has_been or _OVER_BEHIND.search(behind):
        return "past"
    return "general" if _is_general(sentence) else "present"


def _chinese(sentence: str, start: int, end: int) -> Standing:
    before, behind = sentence[:start], sentence[end:]
    clause = _clause(sentence, start, end)
    if _is_denied_zh(before, behind):
        return "denied"
    has_been = _PAST_ZH.search(clause) and not _NOW_ZH.search(clause)
    if has_been or _OVER_BEHIND_ZH.search(behind):
        return "past"
    return "general" if _is_general_zh(sentence) else "present"


def _clause(sentence: str, start: int, end: int) -> str:
    """Return the clause of a mention; a few words before its comma belong to it."""
    marks = [mark for mark in _CLAUSE.finditer(sentence) if mark.end() <= start]
    since = marks[-1].start() if marks else 0
    earlier = sentence[marks[-2].end() if len(marks) > 1 else 0 : since]
    is_short = len(earlier.split()) <= SHORT_WORDS and len(earlier) <= (
        SHORT_CHARACTERS if _HAN.search(earlier) else len(earlier)
    )
    if marks and is_short:
        since -= len(earlier)
    behind = _CLAUSE.search(sentence, end)
    return sentence[since : behind.start() if behind else len(sentence)]


def _has_been(clause: str, words: str) -> bool:
    before = clause.partition(words)[0]
    return bool(_PAST.search(clause) or _PAST_BEFORE.search(before))


def _is_denied(before: str, behind: str) -> bool:
    if _DENIED_BEHIND.search(behind):
        return True
    before = _NOT_A_DENIAL.sub("_", before)
    cues = list(_DENIAL.finditer(before))
    if not cues:
        return False
    scope = before[cues[-1].end() :]
    if _ENDS_DENIAL.search(scope):
        return False
    if _ENDS_AT_COMMA.search(f"{scope}, _" if scope.rstrip().endswith(",") else scope):
        return _is_listed(scope, behind)
    return len(scope.split()) <= DENIAL_WORDS


def _is_listed(scope: str, behind: str) -> bool:
    """Whether a list goes on behind a comma: `no fever, cough or chest pain`."""
    parts = [part.split() for part in scope.split(",")]
    is_short = all(0 < len(part) <= 3 for part in parts[:-1]) and len(parts[-1]) <= 1
    last = parts[-1][:1]
    goes_on = re.match(r" ?(?:, \S+(?: \S+)?)* ?,? (?:or|nor) ", behind)
    return is_short and (bool(goes_on) or last in (["or"], ["nor"]))


def _is_denied_zh(before: str, behind: str) -> bool:
    if _DENIED_BEHIND_ZH.search(behind):
        return True
    if before.endswith(_DENIAL_AT_ONCE_ZH):
        return True
    before = _NOT_A_DENIAL_ZH.sub("_", before)
    cues = list(_DENIAL_ZH.finditer(before))
    if not cues:
        return False
    scope = before[cues[-1].end() :]
    if _ENDS_DENIAL_ZH.search(scope):
        return False
    return len(scope) <= DENIAL_CHARACTERS or bool(re.search(r"[、和或及]", scope))


def _is_general(sentence: str) -> bool:
    if _GENERAL_ANYWHERE.search(sentence):
        return not re.search(
            r"(?<!\S)(?:i|he|she|we|they) (?:have|has|am|is|are|just|think|feel)",
            sentence,
        )
    return bool(_GENERAL.search(sentence)) and not _has_somebody(sentence)


def _has_somebody(sentence: str) -> bool:
    asked = re.sub(
        r"(?<!\S)(?:i|me) (?:read|am reading|am writing|want to know|would like to know|want to learn|am studying|am curious)|tell me about",
        "_",
        sentence,
    )
    return bool(_SOMEBODY.search(asked))


def _is_general_zh(sentence: str) -> bool:
    if not _GENERAL_ZH.search(sentence) or _AT_ONCE_ZH.search(sentence):
        return False
    return not _SOMEBODY_ZH.search(_WANTS_TO_KNOW_ZH.sub("", sentence))
