-- Who stopped a completion; null: the server by itself, or nobody. No foreign key: it outlives its user.
alter table completion add column cancelled_by text;
