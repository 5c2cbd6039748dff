//! The configuration: a file, then the environment, then flags; each later one wins. Unknown keys are refused.

use std::collections::BTreeMap;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::{Context as _, bail};
use serde::Deserialize;
use serde_json::json;

use crate::graphql::{Principal, TrustedDocuments};
use crate::ledger::entry::Actor;
use crate::server::AllowedOrigins;

/// The file that is read if it is there and no other is named.
const DEFAULT_FILE: &str = "griffie.toml";
/// The longest configuration file, in bytes.
const FILE_BYTES_MAX: u64 = 65_536;
const ENVIRONMENT_PREFIX: &str = "GRIFFIE_";
/// Variables of ours that are no settings.
const OTHER_VARIABLES: &[&str] = &["GRIFFIE_TEST_POSTGRES", "GRIFFIE_URL"];

/// Flags that any command takes.
#[derive(Clone, Debug, Default, clap::Args)]
pub struct Flags {
    /// Configuration file [default: griffie.toml, if it is there]
    #[arg(long, global = true, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// Database URL: sqlite:PATH or postgres://USER@HOST/NAME
    #[arg(long, global = true, value_name = "URL")]
    pub database: Option<String>,
    /// Address to listen on
    #[arg(long, global = true, value_name = "ADDRESS")]
    pub listen: Option<String>,
    /// Folder of the ledger's keys
    #[arg(long, global = true, value_name = "FOLDER")]
    pub keys: Option<String>,
    /// What to log, as info or griffie=debug
    #[arg(long, global = true, value_name = "FILTER")]
    pub log: Option<String>,
}

/// A value and where it came from.
#[derive(Clone, Debug)]
pub struct Setting {
    /// The value.
    pub value: String,
    /// Where it came from, in words.
    pub source: String,
}

impl Setting {
    /// Returns the value if a flag gave it.
    pub fn flag(&self) -> Option<&str> {
        self.source.starts_with("flag ").then_some(self.value.as_str())
    }
}

/// The configuration in force.
#[derive(Clone, Debug)]
pub struct Settings {
    /// Database URL.
    pub database: Setting,
    /// Address to listen on.
    pub listen: Setting,
    /// Folder of the ledger's keys.
    pub keys: Setting,
    /// Id of the principal on whose behalf requests record facts.
    pub principal_id: Setting,
    /// Role of the principal.
    pub principal_role: Setting,
    /// Unit of the principal; empty for none.
    pub principal_unit: Setting,
    /// Folder of the only documents that may run; empty: any document may.
    pub trusted_documents: Setting,
    /// Origins whose pages may speak to the ledger, with commas between; empty: none but its own.
    pub allowed_origins: Setting,
    /// What to log.
    pub log: Setting,
    /// How to log: text or json.
    pub log_format: Setting,
}

#[derive(Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
struct File {
    database: Option<String>,
    listen: Option<String>,
    keys: Option<String>,
    principal_id: Option<String>,
    principal_role: Option<String>,
    principal_unit: Option<String>,
    trusted_documents: Option<String>,
    allowed_origins: Option<String>,
    log: Option<String>,
    log_format: Option<String>,
}

impl Settings {
    /// Reads file, environment and flags.
    pub fn load(flags: &Flags) -> anyhow::Result<Self> {
        let environment =
            std::env::vars_os().filter_map(|(name, value)| Some((name.into_string().ok()?, value.into_string().ok()?)));
        let environment = environment.filter(|(name, _)| name.starts_with(ENVIRONMENT_PREFIX)).collect();
        Self::from_layers(flags, environment)
    }

    fn from_layers(flags: &Flags, mut environment: BTreeMap<String, String>) -> anyhow::Result<Self> {
        let (file, file_name) = read_file(flags.config.as_deref())?;
        let mut setting = |name: &str, default: &str, file_value: Option<String>, flag: Option<&String>| {
            let variable = format!("{ENVIRONMENT_PREFIX}{}", name.to_uppercase());
            let from_environment = environment.remove(&variable);
            match (flag, from_environment, file_value) {
                (Some(value), _, _) => Setting { value: value.clone(), source: format!("flag --{name}") },
                (None, Some(value), _) => Setting { value, source: format!("environment {variable}") },
                (None, None, Some(value)) => Setting { value, source: format!("file {file_name}") },
                (None, None, None) => Setting { value: default.to_owned(), source: "default".to_owned() },
            }
        };
        let settings = Self {
            database: setting("database", "sqlite:griffie.sqlite", file.database, flags.database.as_ref()),
            listen: setting("listen", "127.0.0.1:8080", file.listen, flags.listen.as_ref()),
            keys: setting("keys", "griffie.keys", file.keys, flags.keys.as_ref()),
            principal_id: setting("principal_id", "local", file.principal_id, None),
            principal_role: setting("principal_role", "INFORMATION_MANAGER", file.principal_role, None),
            principal_unit: setting("principal_unit", "", file.principal_unit, None),
            trusted_documents: setting("trusted_documents", "", file.trusted_documents, None),
            allowed_origins: setting("allowed_origins", "", file.allowed_origins, None),
            log: setting("log", "warn", file.log, flags.log.as_ref()),
            log_format: setting("log_format", "text", file.log_format, None),
        };
        environment.retain(|name, _| !OTHER_VARIABLES.contains(&name.as_str()));
        if let Some(unknown) = environment.keys().next() {
            bail!("the environment sets {unknown}, which is no setting of griffie; see `griffie config`");
        }
        if !["text", "json"].contains(&settings.log_format.value.as_str()) {
            bail!("log_format is {}; it is text or json", settings.log_format.value);
        }
        settings.address()?;
        settings.principal()?;
        settings.allowed_origins()?;
        Ok(settings)
    }

    /// Returns the address to listen on.
    pub fn address(&self) -> anyhow::Result<SocketAddr> {
        let Setting { value, source } = &self.listen;
        value.parse().with_context(|| format!("listen is {value} ({source}); write it as 127.0.0.1:8080"))
    }

    /// Returns the principal on whose behalf requests record facts.
    pub fn principal(&self) -> anyhow::Result<Principal> {
        let unit = Some(&self.principal_unit.value).filter(|unit| !unit.is_empty());
        let actor = Actor {
            id: Some(self.principal_id.value.parse().context("principal_id")?),
            role: self.principal_role.value.parse().context("principal_role")?,
            unit: unit.map(|unit| unit.parse()).transpose().context("principal_unit")?,
        };
        if actor.is_subject() {
            bail!("principal_role is {}; a principal is a member of staff", actor.role);
        }
        if actor.role.as_str() == crate::family::ledger::OPERATOR {
            bail!("principal_role is {}; the ledger's own facts are not recorded through the API", actor.role);
        }
        Ok(Principal { actor })
    }

    /// Reads the only documents that may run; `None` if any may.
    pub fn trusted_documents(&self) -> anyhow::Result<Option<TrustedDocuments>> {
        let folder = Some(&self.trusted_documents.value).filter(|folder| !folder.is_empty());
        folder.map(|folder| TrustedDocuments::load(Path::new(folder)).context("trusted_documents")).transpose()
    }

    /// Returns the origins whose pages may speak to the ledger beside its own.
    pub fn allowed_origins(&self) -> anyhow::Result<AllowedOrigins> {
        self.allowed_origins.value.parse().context("allowed_origins")
    }

    fn all(&self) -> [(&'static str, &Setting); 10] {
        [
            ("database", &self.database),
            ("listen", &self.listen),
            ("keys", &self.keys),
            ("principal_id", &self.principal_id),
            ("principal_role", &self.principal_role),
            ("principal_unit", &self.principal_unit),
            ("trusted_documents", &self.trusted_documents),
            ("allowed_origins", &self.allowed_origins),
            ("log", &self.log),
            ("log_format", &self.log_format),
        ]
    }
}

fn read_file(named: Option<&Path>) -> anyhow::Result<(File, String)> {
    let path = named.unwrap_or(Path::new(DEFAULT_FILE));
    let name = path.display().to_string();
    if named.is_none() && !path.exists() {
        return Ok((File::default(), name));
    }
    let size = std::fs::metadata(path).with_context(|| format!("the configuration {name} cannot be read"))?.len();
    if size > FILE_BYTES_MAX {
        bail!("the configuration {name} is longer than {FILE_BYTES_MAX} bytes");
    }
    let text = std::fs::read_to_string(path).with_context(|| format!("the configuration {name} cannot be read"))?;
    let file = toml::from_str(&text).with_context(|| format!("the configuration {name} is not right"))?;
    Ok((file, name))
}

/// Arguments of `griffie config`.
#[derive(Debug, clap::Args)]
pub struct Arguments {
    /// As JSON
    #[arg(long)]
    json: bool,
}

/// Shows the configuration.
pub fn run(settings: &Settings, arguments: &Arguments) -> anyhow::Result<ExitCode> {
    let shown = |name: &str, setting: &Setting| {
        if name == "database" { super::without_password(&setting.value) } else { setting.value.clone() }
    };
    if arguments.json {
        let all = settings.all().map(|(name, setting)| {
            (name.to_owned(), json!({ "value": shown(name, setting), "source": setting.source }))
        });
        println!("{}", serde_json::Value::Object(all.into_iter().collect()));
    } else {
        for (name, setting) in settings.all() {
            println!("{name:<17} {:<28} {}", shown(name, setting), setting.source);
        }
    }
    Ok(ExitCode::SUCCESS)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn load(file: &str, environment: &[(&str, &str)], flag: Option<&str>) -> anyhow::Result<Settings> {
        let folder = tempfile::tempdir().unwrap();
        let path = folder.path().join("griffie.toml");
        std::fs::write(&path, file).unwrap();
        let flags = Flags { config: Some(path), database: flag.map(str::to_owned), ..Flags::default() };
        let environment = environment.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned()));
        Settings::from_layers(&flags, environment.collect())
    }

    #[test]
    fn flags_win_over_the_environment_and_that_over_the_file() {
        let database = |settings: anyhow::Result<Settings>| {
            let setting = settings.unwrap().database;
            (setting.value, setting.source.split(' ').next().unwrap().to_owned())
        };
        let (file, variable) = ("database = 'sqlite:a'", ("GRIFFIE_DATABASE", "sqlite:b"));
        let expect = |value: &str, source: &str| (value.to_owned(), source.to_owned());
        assert_eq!(database(load("", &[], None)), expect("sqlite:griffie.sqlite", "default"));
        assert_eq!(database(load(file, &[], None)), expect("sqlite:a", "file"));
        assert_eq!(database(load(file, &[variable], None)), expect("sqlite:b", "environment"));
        assert_eq!(database(load(file, &[variable], Some("sqlite:c"))), expect("sqlite:c", "flag"));
    }

    #[test]
    fn unknown_keys_and_wrong_values_are_refused() {
        let check = |file: &str, environment: &[(&str, &str)], words: &str| {
            let error = format!("{:#}", load(file, environment, None).unwrap_err());
            assert!(error.contains(words), "{error}");
        };
        check("databse = 'sqlite:a'", &[], "unknown field `databse`");
        check("", &[("GRIFFIE_DATABSE", "x")], "GRIFFIE_DATABSE");
        check("listen = 'here'", &[], "127.0.0.1:8080");
        check("principal_role = 'SUBJECT'", &[], "member of staff");
        check("principal_role = 'LEDGER_OPERATOR'", &[], "not recorded through the API");
        check("principal_id = 'a b'", &[], "principal_id");
        check("allowed_origins = '*'", &[], "no origin");
        check("log_format = 'xml'", &[], "text or json");
        check(&format!("log = '{}'", "x".repeat(65_536)), &[], "longer than");
    }
}
