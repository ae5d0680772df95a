"""Fits the classifier of pieces: logistic regression on their presence, rare ones louder."""

from collections.abc import Iterable, Sequence

from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression

from consult.language.grams import Grams, pieces
from consult.learning.utterances import Utterance

SOFTNESS = 10.0  # sklearn's C; on the validation split 3 to 30 differ by less than 0.01
FEWEST = 2  # a piece of one utterance alone tells only of it
DIGITS = 2  # of a weight: keeps the file small and moves no answer


def fit_grams(utterances: Sequence[Utterance]) -> Grams:
    """Return the classifier learned from utterances of both languages.

    References:
        Joachims, Text categorization with support vector machines, ECML 1998 (tf-idf).
    """
    return fit_names(
        [pieces(each.text) for each in utterances],
        [each.label for each in utterances],
    )


def fit_names(
    names_of: Sequence[Iterable[str]],
    labels_of: Sequence[str],
    *,
    softness: float = SOFTNESS,
    fewest: int = FEWEST,
) -> Grams:
    """Return the classifier learned from the names of things and their labels."""
    vectorizer = TfidfVectorizer(analyzer=sorted, min_df=fewest)
    counts = vectorizer.fit_transform(names_of)
    model = LogisticRegression(C=softness, max_iter=2000, class_weight="balanced")
    model.fit(counts, labels_of)
    labels = tuple(str(label) for label in model.classes_)
    coefficients, intercepts = model.coef_, model.intercept_
    if len(labels) == 2:  # sklearn keeps one row for two labels
        coefficients = [[0.0] * len(coefficients[0]), coefficients[0]]
        intercepts = [0.0, intercepts[0]]
    rarities = vectorizer.idf_
    names = vectorizer.get_feature_names_out()
    return Grams(
        labels=labels,
        biases=tuple(round(float(bias), DIGITS + 1) for bias in intercepts),
        weights={
            str(name): [
                round(float(row[at] * rarities[at]), DIGITS) for row in coefficients
            ]
            for at, name in enumerate(names)
        },
        rarities={
            str(name): round(float(rarities[at]), DIGITS)
            for at, name in enumerate(names)
        },
    )
