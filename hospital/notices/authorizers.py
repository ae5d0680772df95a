"""Who may hear that somebody has a notice: that person alone."""

from hospital.accounts.principal import Principal


def may_hear_notices_of(principal: Principal, user_id: str) -> bool:
    return user_id == str(principal.user.pk)
