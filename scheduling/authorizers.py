"""Who may hear that a department's rosters changed."""

from hospital.accounts.models import Role
from hospital.accounts.principal import Principal


def may_hear_rosters(principal: Principal, department_id: str) -> bool:
    """Whether the principal belongs to the department; events hold ids and states."""
    if principal.sees_every_department:
        return True
    known = {str(id_) for id_ in principal.department_ids}
    return principal.role != Role.PATIENT and department_id in known
