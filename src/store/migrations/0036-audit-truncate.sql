create trigger audit_no_truncate before truncate on audit for each statement execute function audit_refuse();
