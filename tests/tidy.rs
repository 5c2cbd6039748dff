//! Holds the shape of the source: which module uses which, how long files get, and what the documents name.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// Where the crates of the house stand: the pure modules, and what touches the outside world.
const SOURCES: [&str; 2] = ["core/src", "src"];
/// The modules in a row: each uses only itself and those before it.
const MODULES: [&str; 11] =
    ["time", "ledger", "scalar", "family", "law", "rule", "store", "engine", "graphql", "server", "cli"];
/// What the store may use, which knows no family and no rule.
const STORE_USES: [&str; 3] = ["time", "ledger", "store"];
/// The longest a source file gets.
const FILE_LINES_MAX: usize = 700;
/// How the head of a file begins the reason why it is longer.
const EXCUSE: &str = "//! Longer than most: ";
/// Documents whose links are followed.
const DOCUMENTS: [&str; 5] =
    ["README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md", "docs/decisions/README.md"];

#[test]
fn no_arrow_runs_back_up() {
    let mut defects = Vec::new();
    for file in sources() {
        let module = module_of(&file);
        // The program is in no module.
        let Some(from) = module.first().filter(|name| *name != "main").cloned() else {
            continue;
        };
        for arrow in arrows(&module, &read(&file)) {
            if let Err(defect) = allowed(&from, &arrow.to) {
                defects.push(format!("{}:{}: {defect}", shown(&file), arrow.line));
            }
        }
    }
    assert!(defects.is_empty(), "\n{}", defects.join("\n"));
}

/// A question may come by GET, which changes nothing (RFC 9110 section 9.2.1): it waits for a checkpoint and makes none.
#[test]
fn a_question_cannot_sign() {
    for file in sources().into_iter().filter(|file| file.starts_with("graphql")) {
        for act in ["sign_head", "sign_after_decision", "checkpointer()"] {
            assert!(!read(&file).contains(act), "{} signs: {act}", shown(&file));
        }
    }
}

#[test]
fn no_files_use_each_other_in_a_circle() {
    let circles = circles(&uses());
    assert!(circles.is_empty(), "\n{}", circles.join("\n"));
}

/// Which file uses which others of its module; what only tests use does not count.
fn uses() -> BTreeMap<PathBuf, BTreeSet<PathBuf>> {
    let files: Vec<PathBuf> = sources().into_iter().filter(|file| !is_of_tests(file)).collect();
    let modules: BTreeMap<Vec<String>, &PathBuf> = files.iter().map(|file| (module_of(file), file)).collect();
    let uses = |file: &PathBuf| {
        let module = module_of(file);
        let text = read(file);
        let text = text.split("#[cfg(test)]\nmod tests").next().unwrap();
        let code: String =
            text.lines().filter(|line| !line.trim_start().starts_with("//")).map(|line| format!("{line}\n")).collect();
        let found = paths(&module, &code).into_iter().filter_map(|path| file_of(&modules, &path));
        found.filter(|other| *other != file && other.iter().next() == file.iter().next()).cloned().collect()
    };
    files.iter().map(|file| (file.clone(), uses(file))).collect()
}

fn is_of_tests(file: &Path) -> bool {
    let names: Vec<&str> = file.iter().map(|name| name.to_str().unwrap()).collect();
    names.contains(&"tests")
        || [
            "tests.rs",
            "check.rs",
            "golden.rs",
            "histories.rs",
            "laws.rs",
            "random.rs",
            "unread.rs",
            "demonstration.rs",
        ]
        .contains(names.last().unwrap())
}

/// The file that a path of modules leads to. Modules bring up what their folders hold, so a name may stand in a folder below;
/// the lists of modules themselves are no files that anybody uses.
fn file_of<'f>(modules: &BTreeMap<Vec<String>, &'f PathBuf>, path: &[String]) -> Option<&'f PathBuf> {
    let longest = (1..=path.len()).rev().find(|length| modules.contains_key(&path[..*length]))?;
    let file = modules[&path[..longest]];
    if !file.ends_with("mod.rs") {
        return Some(file);
    }
    let next = path.get(longest)?;
    let mut below = modules.iter().filter(|(module, _)| module.first() == path.first() && module.last() == Some(next));
    let found = below.next().map(|(_, file)| *file).filter(|_| below.next().is_none());
    found.filter(|file| !file.ends_with("mod.rs"))
}

/// All paths in a text that are relative to the crate or to a parent, with lists taken apart.
fn paths(module: &[String], text: &str) -> Vec<Vec<String>> {
    let mut found = Vec::new();
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        for at in starts_of_paths(line) {
            let path: String = text[start + at..].chars().take_while(|letter| *letter != ';').collect();
            expand(module, &path, &mut found);
        }
        start += line.len();
    }
    found
}

fn expand(module: &[String], path: &str, found: &mut Vec<Vec<String>>) {
    let (mut base, mut rest) = match path.strip_prefix("crate::") {
        Some(rest) => (Vec::new(), rest),
        None => (module.to_vec(), path),
    };
    while let Some(below) = rest.strip_prefix("super::") {
        base.pop();
        rest = below;
    }
    take_names(base, rest, found);
}

/// Follows `a::b::{c, d::e}`; a list may stand over several lines.
fn take_names(mut base: Vec<String>, mut rest: &str, found: &mut Vec<Vec<String>>) {
    loop {
        rest = rest.trim_start();
        if let Some(list) = rest.strip_prefix('{') {
            let mut depth = 0_usize;
            let mut item = 0;
            for (at, letter) in list.char_indices() {
                match letter {
                    '{' => depth += 1,
                    '}' if depth == 0 => return take_names(base, &list[item..at], found),
                    '}' => depth -= 1,
                    ',' if depth == 0 => {
                        take_names(base.clone(), &list[item..at], found);
                        item = at + 1;
                    }
                    _ => {}
                }
            }
            return;
        }
        if rest.is_empty() {
            return;
        }
        let Some(name) = first_name(rest).filter(|name| name != "self" && name != "*") else { break };
        rest = &rest[name.len()..];
        base.push(name);
        match rest.strip_prefix("::") {
            Some(below) => rest = below,
            None => break,
        }
    }
    if !base.is_empty() {
        found.push(base);
    }
}

/// The circles: files that lead to themselves, each told once.
fn circles(uses: &BTreeMap<PathBuf, BTreeSet<PathBuf>>) -> Vec<String> {
    let reached = |from: &PathBuf| {
        let (mut seen, mut next) = (BTreeSet::new(), vec![from.clone()]);
        while let Some(file) = next.pop() {
            let others = uses.get(&file).into_iter().flatten();
            next.extend(others.filter(|other| seen.insert((*other).clone())).cloned());
        }
        seen
    };
    let all: BTreeMap<&PathBuf, BTreeSet<PathBuf>> = uses.keys().map(|file| (file, reached(file))).collect();
    let mut told = BTreeSet::new();
    let mut circles = Vec::new();
    for (file, reach) in &all {
        if reach.contains(*file) && told.insert((*file).clone()) {
            let circle: Vec<&PathBuf> =
                reach.iter().filter(|other| all.get(other).is_some_and(|back| back.contains(*file))).collect();
            told.extend(circle.iter().map(|file| (*file).clone()));
            let names: Vec<String> = circle.iter().map(|file| file.display().to_string()).collect();
            circles.push(format!("these use each other: {}", names.join(", ")));
        }
    }
    circles
}

#[test]
fn every_path_is_taken_apart() {
    let check = |file: &str, text: &str, expected: &[&str]| {
        let found: Vec<String> = paths(&module_of(Path::new(file)), text).iter().map(|path| path.join("::")).collect();
        assert_eq!(found, expected, "{file}: {text}");
    };
    check("engine/write/batch.rs", "use super::fact::Fact;\n", &["engine::write::fact::Fact"]);
    check(
        "time/term.rs",
        "use crate::ledger::{key, name::{Code, Reference}};\n",
        &["ledger::key", "ledger::name::Code", "ledger::name::Reference"],
    );
    check("a/b.rs", "use super::{\n    c::{self, d},\n    e,\n};\n", &["a::c", "a::c::d", "a::e"]);
    let circle = |pairs: &[(&str, &str)]| {
        let mut uses: BTreeMap<PathBuf, BTreeSet<PathBuf>> = BTreeMap::new();
        for (from, to) in pairs {
            uses.entry(from.into()).or_default().insert(to.into());
        }
        circles(&uses)
    };
    assert_eq!(circle(&[("a", "b"), ("b", "c")]), [] as [String; 0]);
    assert_eq!(circle(&[("a", "b"), ("b", "c"), ("c", "a"), ("d", "a")]), ["these use each other: a, b, c"]);
}

#[test]
fn no_file_is_long_without_an_excuse() {
    let long: Vec<String> = sources()
        .into_iter()
        .map(|file| (read(&file), file))
        .filter(|(text, _)| text.lines().count() > FILE_LINES_MAX)
        .filter(|(text, _)| {
            !text.lines().take_while(|line| line.starts_with("//!")).any(|line| line.starts_with(EXCUSE))
        })
        .map(|(text, file)| {
            format!(
                "{}: {} lines, more than {FILE_LINES_MAX}, and its head does not say why",
                shown(&file),
                text.lines().count()
            )
        })
        .collect();
    assert!(long.is_empty(), "\n{}", long.join("\n"));
}

#[test]
fn every_module_says_what_it_is() {
    for folder in SOURCES.iter().flat_map(|source| fs::read_dir(root(source)).unwrap()) {
        let file = folder.unwrap().path().join("mod.rs");
        if file.is_file() {
            assert!(fs::read_to_string(&file).unwrap().starts_with("//! "), "{} has no summary", file.display());
        }
    }
}

#[test]
fn docs_name_no_missing_file() {
    let mut missing = Vec::new();
    for document in DOCUMENTS {
        let text = fs::read_to_string(root(document)).unwrap_or_else(|error| panic!("{document}: {error}"));
        let folder = Path::new(document).parent().unwrap();
        let dead = links(&text).into_iter().filter(|link| !root(folder.join(link).to_str().unwrap()).exists());
        missing.extend(dead.map(|link| format!("{document} links to {link}")));
    }
    assert!(missing.is_empty(), "\n{}", missing.join("\n"));
}

// --- Files -------------------------------------------------------------------------------------------------------

fn root(path: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(path)
}

fn read(source: &Path) -> String {
    fs::read_to_string(root(&shown(source))).unwrap()
}

/// The path of a source from the top.
fn shown(source: &Path) -> String {
    let mut places = SOURCES.iter().map(|folder| format!("{folder}/{}", source.display()));
    places.find(|place| root(place).is_file()).unwrap_or_else(|| panic!("there is no source {}", source.display()))
}

/// All Rust files of the modules, as paths below their crate's `src`, in order.
fn sources() -> Vec<PathBuf> {
    let mut files = Vec::new();
    for source in SOURCES.map(root) {
        let mut folders = vec![source.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).unwrap() {
                let path = entry.unwrap().path();
                if path.is_dir() {
                    folders.push(path);
                } else if path.extension().is_some_and(|extension| extension == "rs") {
                    files.push(path.strip_prefix(&source).unwrap().to_owned());
                }
            }
        }
    }
    // Each crate has a root.
    files.retain(|file| file != Path::new("lib.rs"));
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

/// A path that leads to a module.
#[derive(Debug, PartialEq, Eq)]
struct Arrow {
    line: usize,
    to: String,
}

/// Says why one module may not use another.
fn allowed(from: &str, to: &str) -> Result<(), String> {
    let place = |name: &str| {
        let place = MODULES.iter().position(|module| *module == name);
        place.ok_or_else(|| format!("`{name}` is no module; they are {}", MODULES.join(", ")))
    };
    if place(to)? > place(from)? {
        Err(format!("`{from}` uses `{to}`, a later module"))
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
            let modules = modules_at(&module, &text[start_of_line + start..]);
            arrows.extend(modules.into_iter().map(|to| Arrow { line: index + 1, to }));
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

/// The modules that a path in a module leads to; several, when it begins with a list.
fn modules_at(module: &[String], path: &str) -> Vec<String> {
    let (mut module, mut path) = match path.strip_prefix("crate::") {
        Some(rest) => (&[][..], rest),
        None => (module, path),
    };
    while let Some(rest) = path.strip_prefix("super::") {
        module = module.split_last().map_or(module, |(_, parent)| parent);
        path = rest;
    }
    match (module.first(), path.strip_prefix('{')) {
        (Some(name), _) => vec![name.clone()],
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
    let check = |file: &str, text: &str, expected: &[&str]| {
        let found: Vec<String> = arrows(&module_of(Path::new(file)), text).into_iter().map(|arrow| arrow.to).collect();
        assert_eq!(found, expected, "{file}: {text}");
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
