//! Holds the shape of the source: which room uses which, how long files get, and what the documents name.

use std::fs;
use std::path::{Path, PathBuf};

/// The rooms in a row: each uses only itself and those before it.
const ROOMS: [&str; 9] = ["time", "ledger", "family", "rule", "store", "engine", "graphql", "server", "cli"];
/// What the store may use, which knows no family and no rule.
const STORE_USES: [&str; 3] = ["time", "ledger", "store"];
/// The longest a source file gets.
const FILE_LINES_MAX: usize = 700;
/// The longest a family gets: all its events, its state and what it refuses stand in one file, each with its words.
const FAMILY_LINES_MAX: usize = 2_000;
/// The longest an area of rules gets: its table, in two languages, and what judges it stand in one file.
const AREA_LINES_MAX: usize = 1_300;
/// Documents whose links are followed.
const DOCUMENTS: [&str; 2] = ["README.md", "ARCHITECTURE.md"];

#[test]
fn no_arrow_runs_back_up() {
    let mut defects = Vec::new();
    for file in sources() {
        let module = module_of(&file);
        // The crate's root and the program are in no room: they open the doors.
        let Some(room) = module.first().filter(|name| *name != "lib" && *name != "main").cloned() else {
            continue;
        };
        for arrow in arrows(&module, &read(&file)) {
            if let Err(defect) = allowed(&room, &arrow.room) {
                defects.push(format!("src/{}:{}: {defect}", file.display(), arrow.line));
            }
        }
    }
    assert!(defects.is_empty(), "\n{}", defects.join("\n"));
}

#[test]
fn no_file_is_long() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|file| (read(&file).lines().count(), file))
        .map(|(lines, file)| (lines, lines_most(&file), file))
        .filter(|(lines, most, _)| lines > most)
        .map(|(lines, most, file)| format!("src/{}: {lines} lines, more than {most}", file.display()))
        .collect();
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

fn lines_most(file: &Path) -> usize {
    if file.starts_with("family") {
        FAMILY_LINES_MAX
    } else if file.starts_with("rule") {
        AREA_LINES_MAX
    } else {
        FILE_LINES_MAX
    }
}

#[test]
fn every_room_says_what_it_is() {
    for room in fs::read_dir(root("src")).unwrap() {
        let file = room.unwrap().path().join("mod.rs");
        if file.is_file() {
            assert!(fs::read_to_string(&file).unwrap().starts_with("//! "), "{} has no summary", file.display());
        }
    }
}

#[test]
fn docs_name_no_missing_file() {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let Ok(text) = fs::read_to_string(root(document)) else {
            continue;
        };
        let dead = links(&text).into_iter().filter(|link| !root(link).exists());
        missing.extend(dead.map(|link| format!("{document} links to {link}")));
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

// --- Files -------------------------------------------------------------------------------------------------------

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(source: &Path) -> String {
    fs::read_to_string(root("src").join(source)).unwrap()
}

/// All Rust files, as paths below `src`, in order.
fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    let mut folders = vec![root("src")];
    while let Some(folder) = folders.pop() {
        for entry in fs::read_dir(folder).unwrap() {
            let path = entry.unwrap().path();
            if path.is_dir() {
                folders.push(path);
            } else if path.extension().is_some_and(|extension| extension == "rs") {
                files.push(path.strip_prefix(root("src")).unwrap().to_owned());
            }
        }
    }
    files.sort();
    assert!(files.len() > 1, "no sources were found");
    files
}

/// The module that a file is: `ledger/key/tests.rs` is `ledger`, `key`, `tests`.
fn module_of(file: &Path) -> Vec<String> {
    let mut names: Vec<String> = file.with_extension("").iter().map(|name| name.to_str().unwrap().to_owned()).collect();
    if names.last().is_some_and(|name| name == "mod") {
        names.pop();
    }
    names
}

// --- Arrows ------------------------------------------------------------------------------------------------------

/// A path that leads to a room.
#[derive(Debug, PartialEq, Eq)]
struct Arrow {
    line: usize,
    room: String,
}

/// Says why one room may not use another.
fn allowed(from: &str, to: &str) -> Result<(), String> {
    let place = |room: &str| {
        let place = ROOMS.iter().position(|name| *name == room);
        place.ok_or_else(|| format!("`{room}` is no room; they are {}", ROOMS.join(", ")))
    };
    if place(to)? > place(from)? {
        Err(format!("`{from}` uses `{to}`, a later room"))
    } else if from == "store" && !STORE_USES.contains(&to) {
        Err(format!("`store` uses `{to}`, but only {} are its to use", STORE_USES.join(", ")))
    } else {
        Ok(())
    }
}

/// Finds what the `crate::` and `super::` paths of a file lead to; those in its comments count.
fn arrows(module: &[String], text: &str) -> Vec<Arrow> {
    let mut arrows = Vec::new();
    let mut module = module.to_vec();
    let mut inline_ends: Vec<String> = Vec::new();
    let mut start_of_line = 0;
    for (index, line) in text.split_inclusive('\n').enumerate() {
        // The source is formatted: an inline module ends with a brace at the indentation of its first line.
        if inline_ends.last().is_some_and(|end| end == line.trim_end()) {
            inline_ends.pop();
            module.pop();
        }
        for start in starts_of_paths(line) {
            let rooms = rooms_at(&module, &text[start_of_line + start..]);
            arrows.extend(rooms.into_iter().map(|room| Arrow { line: index + 1, room }));
        }
        if let Some(name) = inline_module(line) {
            module.push(name.to_owned());
            inline_ends.push(format!("{}}}", " ".repeat(line.len() - line.trim_start().len())));
        }
        start_of_line += line.len();
    }
    arrows
}

/// Where paths begin that are relative to the crate or to a parent; `super::super::` is one path.
fn starts_of_paths(line: &str) -> impl Iterator<Item = usize> {
    let continues = |letter: char| letter.is_alphanumeric() || letter == '_' || letter == ':';
    ["crate::", "super::"]
        .into_iter()
        .flat_map(|word| line.match_indices(word))
        .map(|(start, _)| start)
        .filter(move |start| !line[..*start].ends_with(continues))
}

/// Returns the name of the module that a line such as `pub(crate) mod tests {` opens.
fn inline_module(line: &str) -> Option<&str> {
    let (visibility, name) = line.trim().strip_suffix(" {")?.split_once("mod ")?;
    (visibility.is_empty() || visibility.starts_with("pub")).then_some(name)
}

/// The rooms that a path in a module leads to; several, when it begins with a list.
fn rooms_at(module: &[String], path: &str) -> Vec<String> {
    let (mut module, mut path) = match path.strip_prefix("crate::") {
        Some(rest) => (&[][..], rest),
        None => (module, path),
    };
    while let Some(rest) = path.strip_prefix("super::") {
        module = module.split_last().map_or(module, |(_, parent)| parent);
        path = rest;
    }
    match (module.first(), path.strip_prefix('{')) {
        (Some(room), _) => vec![room.clone()],
        (None, Some(list)) => first_names(list),
        (None, None) => Vec::from_iter(first_name(path)),
    }
}

/// The first name of each item of `a::b, c::{d, e}}`.
fn first_names(list: &str) -> Vec<String> {
    let mut names = Vec::new();
    let mut depth = 0;
    let mut is_next = true;
    for (index, letter) in list.char_indices() {
        match letter {
            '}' if depth == 0 => break,
            '}' => depth -= 1,
            '{' => depth += 1,
            ',' if depth == 0 => is_next = true,
            _ if is_next && !letter.is_whitespace() => {
                names.extend(first_name(&list[index..]));
                is_next = false;
            }
            _ => {}
        }
    }
    names
}

/// The name at the start of a path, or `*`; prose has none.
fn first_name(path: &str) -> Option<String> {
    let is_of_name = |letter: &char| letter.is_alphanumeric() || "_*".contains(*letter);
    let name: String = path.chars().take_while(is_of_name).collect();
    (!name.is_empty()).then_some(name)
}

#[test]
fn every_arrow_is_seen() {
    let check = |file: &str, text: &str, rooms: &[&str]| {
        let found: Vec<String> =
            arrows(&module_of(Path::new(file)), text).into_iter().map(|arrow| arrow.room).collect();
        assert_eq!(found, rooms, "{file}: {text}");
    };
    check("time/mod.rs", "use crate::store::Store;", &["store"]);
    check("time/mod.rs", "use super::store::Store;", &["store"]);
    check("time/mod.rs", "use super::*;", &["*"]);
    check("time/term.rs", "use super::*;", &["time"]);
    check("time/term.rs", "use super::super::engine::{a, b};", &["engine"]);
    check("ledger/key/tests.rs", "use super::super::super::cli;", &["cli"]);
    check("engine.rs", "use super::{\n    time::{Instant, Term},\n    cli::a,\n};", &["time", "cli"]);
    check("family/kit.rs", "$crate::rule::a!(super::b, mycrate::c)", &["rule", "family"]);
    check("time/term.rs", "//! Every `crate::` path counts, [`Store`](crate::store::Store) too.", &["store"]);
    check("time/term.rs", "mod tests {\n    use super::super::*;\n}\nuse super::super::rule;", &["time", "rule"]);
}

#[test]
fn every_arrow_is_judged() {
    let check = |from, to, is_allowed| assert_eq!(allowed(from, to).is_ok(), is_allowed, "{from} to {to}");
    check("ledger", "time", true);
    check("ledger", "ledger", true);
    check("ledger", "family", false);
    check("store", "ledger", true);
    check("store", "family", false);
    check("cli", "server", true);
    check("time", "*", false);
}

// --- Links -------------------------------------------------------------------------------------------------------

/// The files that a Markdown text links to, without their anchors.
fn links(text: &str) -> Vec<&str> {
    let inline = text.split("](").skip(1).filter_map(|rest| rest.split([')', ' ']).next());
    let references = text.lines().filter(|line| line.starts_with('['));
    let references = references.filter_map(|line| line.split_once("]: ")?.1.split(' ').next());
    let targets = inline.chain(references);
    let files = targets.filter(|target| !target.contains("://") && !target.starts_with("mailto:"));
    files.filter_map(|target| target.split('#').next()).filter(|file| !file.is_empty()).collect()
}

#[test]
fn links_to_files_are_seen() {
    let text = "See [a](a.md), [b](b/c.md#d \"title\"), [here](#here), [web](https://example.org/x).\n[r]: e.md\n";
    assert_eq!(links(text), ["a.md", "b/c.md", "e.md"]);
}
