"""What `manage.py up` does: start the platform's processes, keep them, stop them."""

from hospital.core.supervisor.supervisor import Supervisor, SupervisorError

__all__ = ["Supervisor", "SupervisorError"]
