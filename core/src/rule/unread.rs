//! A field that is recorded is read, or the family should not ask for it: the fields of events that no rule, register, figure or view reads
//! by name are listed in `schema/unread.txt`, and the list only gets shorter. `UPDATE_UNREAD=1` writes it anew.
//!
//! A name is read if it stands as a member in the code of rules or views, or in a path of a register. That a name is read for one event
//! and not for another of the same family is not seen; what the families themselves do with it, as folding and admitting, does not count.

use std::collections::BTreeSet;
use std::fmt::Write as _;
use std::path::{Path, PathBuf};

use crate::family::FAMILIES;
use crate::family::describe::Catalogue;

/// Where fields are read.
const READERS: [&str; 3] = ["src/rule/area", "src/rule/kernel", "src/family/view"];
const HEAD: &str = "# Fields of events that no rule, register, figure or view reads by name. The API shows them, entries are exported with them,\n\
                    # and a reader of the file sees them. A new field is read, or stands here with whoever added it.\n";

fn readers() -> String {
    let mut folders: Vec<PathBuf> = READERS.map(|folder| Path::new(env!("CARGO_MANIFEST_DIR")).join(folder)).into();
    let mut code = String::new();
    while let Some(folder) = folders.pop() {
        for path in std::fs::read_dir(folder).unwrap().map(|entry| entry.unwrap().path()) {
            if path.is_dir() {
                folders.push(path);
            } else if !path.ends_with("tests.rs") {
                code += &std::fs::read_to_string(path).unwrap();
            }
        }
    }
    code
}

/// The words of the code that could name a member: identifiers, and parts of paths.
fn words(code: &str) -> BTreeSet<&str> {
    let is_of_name = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
    code.lines()
        .filter(|line| !line.trim_start().starts_with("//"))
        .flat_map(|line| line.split(move |letter: char| !is_of_name(letter)))
        .collect()
}

fn snake_case(name: &str) -> String {
    let mut written = String::new();
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            written.push('_');
        }
        written.push(letter.to_ascii_lowercase());
    }
    written
}

#[test]
fn every_field_is_read_or_listed() {
    let code = readers();
    let words = words(&code);
    let mut unread = HEAD.to_owned();
    let mut catalogue = Catalogue::default();
    for family in FAMILIES {
        for event in family.describe_events(&mut catalogue) {
            let members = catalogue.members(&event.type_name).iter().map(|member| member.name.as_str());
            let read = |name: &&str| words.contains(*name) || words.contains(snake_case(name).as_str());
            let fields: Vec<&str> = members.filter(|name| *name != "remark" && !read(name)).collect();
            if !fields.is_empty() {
                writeln!(unread, "{}.{}: {}", family.name, event.declaration.fact, fields.join(" ")).unwrap();
            }
        }
    }
    let file = Path::new(env!("CARGO_MANIFEST_DIR")).join("../schema/unread.txt");
    if std::env::var_os("UPDATE_UNREAD").is_some() {
        std::fs::write(&file, &unread).unwrap();
    }
    let committed = std::fs::read_to_string(&file).unwrap_or_default();
    assert!(
        committed == unread,
        "the fields that nobody reads are others now; UPDATE_UNREAD=1 writes schema/unread.txt"
    );
}
