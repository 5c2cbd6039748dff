-- The head: one row, locked first by whoever appends. Its size is the only counter of sequences.
create table head (
    id bigint primary key check (id = 1),
    origin ctext not null,
    size bigint not null,
    frontier blob not null,
    previous blob not null,
    recorded bigint not null,
    ledger_stream ctext not null,
    event_key ctext not null,
    checkpoint_key ctext not null,
    recovery_key ctext not null,
    simulated bigint not null,
    clock_corrected_until bigint not null
);

-- The entries, byte for byte as signed. The other columns repeat members of the body, to find it by.
create table entry (
    sequence bigint primary key,
    stream ctext not null,
    revision bigint not null,
    family ctext not null,
    event ctext not null,
    recorded bigint not null,
    id ctext not null unique,
    body blob not null,
    unique (stream, revision)
);
create index entry_recorded on entry (recorded);
create index entry_family on entry (family, sequence);
create index entry_event on entry (event, sequence);

-- One row a stream; written with its first fact.
create table stream (
    stream ctext primary key,
    family ctext not null,
    reference ctext,
    first_sequence bigint not null,
    unique (family, reference)
);

-- The hashes that tiles are made of: position p of tile level l (C2SP tlog-tiles); level 0 holds the leaf hashes.
create table tile_hash (
    level bigint not null,
    position bigint not null,
    hash blob not null,
    primary key (level, position)
);

-- Every checkpoint ever signed.
create table checkpoint (
    size bigint primary key,
    note blob not null
);

-- Which key was used for what, so that a repeated request gets its first answer.
create table idempotency (
    actor ctext not null,
    idempotency_key ctext not null,
    fingerprint blob not null,
    first_sequence bigint not null,
    facts bigint not null,
    primary key (actor, idempotency_key)
);

-- The only place of personal data and free text: what opens the commitments in the entries.
create table vault (
    digest ctext primary key,
    sequence bigint not null,
    stream ctext not null,
    disclosure ctext not null
);
create index vault_sequence on vault (sequence);
create index vault_stream on vault (stream);
