"""The staff service: employees, roles, rights, logins, company settings."""
