"""The sheet of people."""

from collections.abc import Iterator
from datetime import date

from scheduling.importing.contracts import Contracts, barred_in
from scheduling.importing.flaws import Flaws, flaw
from scheduling.importing.headings import CHARGE, plain, skill_named
from scheduling.importing.shifts import Shifts
from scheduling.importing.table import Line, Table
from scheduling.importing.values import Unreadable, names_in, with_date
from scheduling.importing.ward import Period, Staff, Terms
from scheduling.solver.instance import MAX_PEOPLE

LONGEST_NUMBER = 100
LONGEST_LOGIN = 254


def people_of(
    table: Table, contracts: Contracts, shifts: Shifts, period: Period, flaws: Flaws
) -> tuple[Staff, ...]:
    """Return everybody whose staff number can be read."""
    lines = list(table)
    if len(lines) > MAX_PEOPLE:
        count, most, title = len(lines), MAX_PEOPLE, table.title
        flaws.add(
            flaw("too_many_people", is_error=True, sheet=title, count=count, most=most)
        )
        lines = lines[:MAX_PEOPLE]
    numbers: dict[str, int] = {}
    logins: dict[str, int] = {}
    taken: set[str] = set()
    spellings: dict[str, str] = {}
    people = []
    for line in lines:
        number = line.needed("number", longest=LONGEST_NUMBER)
        if number in numbers:
            line.tell("number_twice", "number", value=number, other=numbers[number])
            continue
        login = _login(line, logins)
        if number:
            numbers[number] = line.number
            skills = tuple(_skills(line, period, spellings))
            terms = _terms(line, contracts)
            people.append(
                Staff(
                    number=number,
                    name=line.text("name") or number,
                    account=_account(line, login, period, taken),
                    login=login,
                    contract=terms.id if terms else "",
                    share=line.share("share") or (terms.share if terms else 1.0),
                    skills=skills,
                    barred=barred_in(line, shifts),
                    row=line.number,
                )
            )
    return tuple(people)


def _login(line: Line, known: dict[str, int]) -> str:
    login = line.text("account", longest=LONGEST_LOGIN)
    other = known.setdefault(login.casefold(), line.number)
    if login and other != line.number:
        line.tell("account_twice", "account", value=login, other=other)
        return ""
    return login


def _account(line: Line, login: str, period: Period, taken: set[str]) -> str:
    """Return the account of an e-mail address or user name, each once."""
    if not login:
        return ""
    account = period.accounts.get(login.casefold())
    if not account or account in taken:
        code = "account_unknown" if account is None else "account_unclear"
        line.tell(code, "account", is_error=False, value=login)
        return ""
    taken.add(account)
    return account


def _terms(line: Line, contracts: Contracts) -> Terms | None:
    """Return a person's contract; the first one, which is told, where none is named."""
    name = line.text("contract")
    if name:
        found = contracts.find(name)
        if found is None:
            line.tell(
                "unknown_contract", "contract", value=name[:30], known=contracts.known
            )
        return found
    first = next(iter(contracts.terms), None)
    is_told = line.table.is_told(line.number, "contract")
    if first is not None and len(contracts.terms) > 1 and not is_told:
        line.tell("contract_assumed", "contract", is_error=False, value=first.id)
    return first


def _skills(
    line: Line, period: Period, spellings: dict[str, str]
) -> Iterator[tuple[str, date | None]]:
    """Yield what a person holds, a skill spelled as where it stood first."""
    held = set()
    for written in names_in(line.value("skills")):
        try:
            name, until = with_date(written)
        except Unreadable as error:
            line.tell(error.code, "skills", value=error.value[:30])
            continue
        name = skill_named(name)
        name = spellings.setdefault(plain(name) or name, name)
        if until is not None:
            _tell_end(line, period, name, until)
        held.add(name)
        yield name, until
    if line.answer("charge") and CHARGE not in held:
        yield CHARGE, None


def _tell_end(line: Line, period: Period, name: str, until: date) -> None:
    code = "skill_expired" if until < period.start else "skill_expires"
    if until < period.last:
        line.tell(
            code, "skills", is_error=False, value=name[:30], date=until.isoformat()
        )
