-- How often a link was opened.
alter table share add column views integer not null default 0;
