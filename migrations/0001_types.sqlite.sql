-- Nothing: a column of type ctext has text affinity, and json_each is built in.
select 1;
