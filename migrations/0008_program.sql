-- What the programs that wrote here know: the version of the facts that they can read, and the fold that made the states. A program that
-- knows less does not start; one that folds otherwise makes the states anew first (`griffie migrate`).
create table program (
    id bigint primary key check (id = 1),
    facts bigint not null,
    fold ctext not null
);
