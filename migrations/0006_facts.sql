-- What single facts are found by: how late they were recorded, and of which unit; both as they were when the fact was recorded.
-- One row for each unit, and one under the empty name. `late` is in microseconds after the end of the effective date;
-- `replaced` is the first tree size at which the fact is corrected or taken back. Closing `replaced` once is the only update.
-- It follows the entries and can be rebuilt.
create table fact (
    sequence bigint not null,
    unit ctext not null,
    family ctext not null,
    late bigint not null,
    replaced bigint not null,
    primary key (sequence, unit)
);
create index fact_late on fact (unit, late, sequence, replaced) where late > 0;

-- Which facts count in which figure of a year (src/family/figure.rs), for each unit and under the empty name for all:
-- rectangles over both times, as in `state`. The key holds all that counting reads, so that the index alone is read.
create table figure (
    code ctext not null,
    unit ctext not null,
    effective_from bigint not null,
    sequence bigint not null,
    known_from bigint not null,
    known_to bigint not null,
    effective_to bigint not null,
    stream ctext not null,
    primary key (code, unit, effective_from, sequence, known_from, known_to, effective_to)
);
create index figure_stream on figure (stream, known_to);
