pub(crate) fn cosignature_time(_: &super::note::NoteSignature, _: &str, _: &super::key::VerifierKey) -> Option<u64> {
    None
}
