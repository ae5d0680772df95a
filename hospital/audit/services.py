"""Writing down who opened what."""


def record_access(request, *, action, record, patient_id=None):
    from hospital.accounts.principal import principal_of
    from hospital.audit.models import Access

    Access.objects.create(user=principal_of(request).user, action=action, record_type=record._meta.label_lower, record_id=str(record.pk), patient_id=patient_id)
