"""Who may hear that a department's rosters changed."""

from hospital.accounts.principal import Principal
from scheduling.selectors.rosters import READERS, may_edit


def may_hear_rosters(principal: Principal, department_id: str) -> bool:
    """Whether the principal makes the department's rosters: drafts and leave are told."""
    return may_edit(principal) and _belongs(principal, department_id)


def may_hear_shifts(principal: Principal, department_id: str) -> bool:
    """Whether the principal sees what the department publishes."""
    is_reader = principal.role in READERS or may_edit(principal)
    return is_reader and _belongs(principal, department_id)


def _belongs(principal: Principal, department_id: str) -> bool:
    known = {str(id_) for id_ in principal.department_ids}
    return principal.sees_every_department or department_id in known
