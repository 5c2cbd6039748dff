pub const ENTRY_BYTES_MAX: usize = 65_535;
