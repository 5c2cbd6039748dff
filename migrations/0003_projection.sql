-- States over both times: a rectangle [effective_from, effective_to) x [known_from, known_to), in microseconds and tree
-- sizes. Closing known_to once is the only update. All of it can be rebuilt from the entries.
create table state (
    stream ctext not null,
    family ctext not null,
    effective_from bigint not null,
    effective_to bigint not null,
    known_from bigint not null,
    known_to bigint not null,
    body ctext not null,
    -- Whether this was known before it came into force: then its coming into force is news of its own.
    announced boolean not null,
    primary key (stream, known_from, effective_from)
);
create index state_list on state (family, stream, known_from);
create index state_announced on state (effective_from, stream) where announced;

-- The same rectangles under each key of the state.
create table state_key (
    family ctext not null,
    name ctext not null,
    value ctext not null,
    stream ctext not null,
    effective_from bigint not null,
    effective_to bigint not null,
    known_from bigint not null,
    known_to bigint not null,
    primary key (family, name, value, stream, known_from, effective_from)
);
create index state_key_stream on state_key (stream, known_to);

-- Each distinct fold result once, by the SHA-256 of its canonical JSON.
create table state_body (
    hash ctext primary key,
    body ctext not null
);
