//! Governance instruments: the policies, guidelines, procedures and codes by which the institution binds itself (GDPR
//! Art. 24(2)), version by version.
//!
//! Only an adopted version is ever in force, and only its parameters are rules: a version that was issued, published or even
//! acknowledged everywhere binds nobody before it is adopted. The fold cannot know the moment that is asked for, so an adopted
//! version shows from when and until when it is in force; `in_force_at` finds the one of a moment.
//!
//! Longer than most: all that may happen to an instrument, and what its versions set, stand in one place.

use crate::family::declare;
use crate::family::dossier::{Newer, Refusal, counted, distinct, ended, malformed, not_empty};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::{Document, LangText};
use crate::ledger::erasable::Erasable;
use crate::ledger::merkle::Hash;
use crate::ledger::name::{Code, Sequence};
use crate::time::{Instant, PartialDate, Term};

declare! {
    family GovernanceInstrument many governanceInstruments = "beleidsdocument", in register;

    /// What kind of instrument it is.
    choice InstrumentKind as "GovernanceInstrumentKind" {
        Policy = "beleid" "A policy.",
        Guideline = "richtlijn" "A guideline.",
        Procedure = "procedure" "A procedure.",
        ImplementingRules = "uitvoeringsregels" "Rules that carry out a policy, such as house terms.",
        RetentionSchedule = "bewaartermijnenoverzicht" "A schedule of retention periods.",
        ImagePolicy = "beeld- en opnamebeleid" "A policy on images and recordings.",
        CodeOfConduct = "gedragscode" "A code of conduct.",
        ReferenceFramework = "referentiekader" "A framework of others that serves as a benchmark.",
        Practice = "praktijk" "A practice followed without being adopted.",
        Other "Another kind of instrument.",
    }

    /// What an instrument is; every field present replaces what was said before.
    record InstrumentAbout as "GovernanceInstrumentAbout" {
        instrument: Code? = "code" "The code by which other facts name it, as `POL-001`.",
        kind: InstrumentKind? "What kind of instrument it is.",
        name: Erasable<LangText>? "Its name.",
        unit: Code? "The unit that keeps it.",
        applies_to: Vec<Code>? = "van toepassing op" "The units it applies to; an empty list: the whole institution.",
    }

    /// By which calendar a term is counted.
    choice InstrumentTermCalendar {
        Strict = "kalenderdagen zonder verlenging" "Day by day, without extension.",
        Regulation1182 as "REG_1182_71" = "verordening 1182/71" "By Regulation 1182/71.",
        WorkingDays as "WORKING_DAYS_NL" = "werkdagen" "In Dutch working days.",
        Awb = "Algemene termijnenwet" "By the Dutch General Extension of Time-Limits Act, as under the Awb.",
    }

    /// A parameter that a rule can read: a term, a number or codes, as `dsrTerm` of `P28D` or `minorAge` of 16.
    record InstrumentParameter {
        name: Code "Its name, as `dsrTerm`.",
        term: Term? "The term it sets.",
        calendar: InstrumentTermCalendar? = "termijnberekening" "By which calendar it is counted; absent: not said.",
        number: u32? = "getal" "The number it sets.",
        values: Vec<Code> = "waarden" "The codes it sets, as `EC_LIST`.",
    }

    /// What a version takes out of the parameters.
    record InstrumentParameterRemoval {
        name: Code "The parameter.",
        values: Vec<Code> = "waarden" "The codes taken out; none named: the parameter as a whole.",
    }

    /// What becomes of the parameters that a version does not name.
    choice OtherParameters as "InstrumentOtherParameters" {
        Kept = "ongewijzigd" "They stay as they were in the version before.",
        Dropped = "vervallen" "They are dropped.",
    }

    /// A version is drafted.
    event Drafted as "InstrumentDrafted" = "opgesteld", every drafted "Its drafts, oldest first." {
        about: InstrumentAbout? = "kenmerken" "What the instrument is.",
        version: u32? "The version; absent: the next one.",
        document: Document? "The draft.",
    }

    /// The council approves a version (for a university: its university council).
    event CouncilApprovalRecorded = "instemming medezeggenschap vastgelegd",
        every council_approval_recorded "Approvals of the council, oldest first." {
        about: InstrumentAbout? = "kenmerken" "What the instrument is.",
        version: u32? "The version; absent: the next one.",
        council: Code? = "medezeggenschapsorgaan" "Which council, as `UNIVERSITY_COUNCIL`.",
        decision: Code? "The council's decision.",
        conditions: Vec<Erasable<String>> "Conditions it made.",
        document: Document? "The approval as a document.",
    }

    /// What the works council answered (WOR 27).
    choice WorksCouncilOutcome {
        Consented = "ingestemd" "It consents.",
        ConsentedWithConditions = "ingestemd onder voorwaarden" "It consents under conditions.",
        Refused = "instemming geweigerd" "It refuses.",
        ReplacedByCourt = "vervangende toestemming van de kantonrechter" "The court gave leave instead (WOR 27(4)).",
        NotRequired = "niet vereist" "Its consent is not needed (WOR 27(3)).",
    }

    /// Why the works council's consent is needed.
    choice WorksCouncilGround {
        StaffData as "WOR_27_1_K" = "persoonsgegevens van personeel"
            "Rules on processing and protecting personal data of staff (WOR 27(1)(k)).",
        StaffMonitoring as "WOR_27_1_L" = "personeelsvolgsysteem"
            "Facilities to observe or check staff's presence, behaviour or performance (WOR 27(1)(l)).",
        Other "Another ground.",
    }

    /// The works council answers on rules about staff data (WOR 27(1)(k), (l)).
    event WorksCouncilConsentRecorded = "instemming ondernemingsraad vastgelegd",
        every works_council_consent_recorded "Answers of the works council, oldest first." {
        about: InstrumentAbout? = "kenmerken" "What the instrument is.",
        version: u32? "The version; absent: the next one.",
        outcome: WorksCouncilOutcome? "What it answered.",
        grounds: Vec<WorksCouncilGround> = "instemmingsgronden" "Why its consent is needed.",
        decision: Code? "The council's decision.",
        conditions: Vec<Erasable<String>> "Conditions it made.",
        document: Document? "The answer as a document.",
    }

    /// A version is issued: its text is handed out. That alone binds nobody.
    event VersionIssued as "InstrumentVersionIssued" = "versie uitgebracht",
        every version_issued -> Issued "What was issued, oldest first." {
        about: InstrumentAbout? = "kenmerken" "What the instrument is.",
        version: u32 "The version, counted from 1.",
        label: Code? = "versieaanduiding" "The version as the text itself calls it, as `1.0`.",
        document_date: PartialDate? = "dagtekening" "The date that the text itself bears.",
        parameters: Vec<InstrumentParameter> = "parameters" "Those that the text sets; they count once it is adopted.",
        document: Document? "The text.",
    }

    /// A version is adopted: from its day it is in force (Art. 24(2)).
    event VersionAdopted as "InstrumentVersionAdopted" = "versie vastgesteld",
        every version_adopted -> Adopted "What was adopted, oldest first." {
        about: InstrumentAbout? = "kenmerken" "What the instrument is.",
        version: u32? "The version; absent: the newest one issued and not adopted, else the next.",
        label: Code? = "versieaanduiding" "The version as the text itself calls it, as `1.0`.",
        decision: Code? key "The decision that adopts it.",
        decided_at: PartialDate? = "besluitdatum" "When that decision was taken; absent: not said.",
        body: Code? = "vaststeller" "Who adopts it, as `EXECUTIVE_BOARD`.",
        effective_from: PartialDate? = "inwerkingtreding" "From when it is in force; absent: from the date of the fact.",
        parameters: Vec<InstrumentParameter> = "parameters" "Those that it sets; they replace those of the same names.",
        removes: Vec<InstrumentParameterRemoval> = "verwijderde parameters" "What it takes out of the parameters.",
        other_parameters: OtherParameters? = "overige parameters"
            "What becomes of the parameters of the version before that are not named here or in the issued text;"
            "absent: they are dropped.",
        document: Document? "The adopted text.",
    }

    /// A version is published.
    event VersionPublished as "InstrumentVersionPublished" = "versie gepubliceerd",
        every version_published "What was published, oldest first." {
        version: u32? "The version; absent: the newest one.",
        document: Document? "The published text: its hash is compared with the adopted one.",
        url: String? = "webadres" "Where it is published.",
    }

    /// A version is announced.
    event VersionAnnounced as "InstrumentVersionAnnounced" = "versie aangekondigd",
        every version_announced "What was announced, oldest first." {
        version: u32? "The version; absent: the newest one.",
        institution_wide: bool? = "instellingsbreed" "Whether to the whole institution.",
        audience: Vec<Code> = "doelgroepen" "To whom, as `STAFF`.",
        channel: Code? "By which channel, as `INTRANET`.",
    }

    /// A version is distributed to units or an audience.
    event Distributed as "InstrumentDistributed" = "verspreid",
        every distributed "What was distributed, oldest first." {
        version: u32? "The version; absent: the newest one.",
        units: Vec<Code> = "beheerseenheden" "To which units.",
        audience: Vec<Code> = "doelgroepen" "To whom, as `STAFF`.",
        channel: Code? "By which channel, as `EMAIL`.",
    }

    /// Units acknowledge a version.
    event Acknowledged as "InstrumentAcknowledged" = "kennisneming bevestigd",
        every acknowledged "What was acknowledged, oldest first." {
        version: u32? "The version; absent: the newest one.",
        units: Vec<Code> = "beheerseenheden" "Which units.",
        role: Code? "In which role it was acknowledged for them, as `UNIT_HEAD`.",
    }

    /// What a review of an instrument led to.
    choice ReviewOutcome as "InstrumentReviewOutcome" {
        Maintained "It stays as it is.",
        ToBeAmended = "aan te passen" "It has to be changed.",
        ToBeRepealed = "in te trekken" "It has to be repealed.",
    }

    /// The instrument is reviewed (Art. 24(1)).
    event Reviewed as "InstrumentReviewed" = "geëvalueerd", every reviewed "Its reviews, oldest first." {
        version: u32? "The version; absent: the newest one.",
        outcome: ReviewOutcome? "What it led to.",
        effectiveness_audited: bool? = "doeltreffendheid getoetst" "Whether its effectiveness was audited.",
        trigger: Code? "What gave rise to it, as the code of a legal instrument.",
        next_review: PartialDate? = "volgende evaluatie" "When the next review is due.",
        conclusions: Erasable<String>? = "conclusies" "What was found.",
        document: Document? "The report.",
    }

    /// The instrument or a version of it gives way to another; a version gives way to the next by the adoption of that one.
    event Superseded as "InstrumentSuperseded" = "vervangen",
        every superseded needs version_adopted or version_issued or drafted or version_published or reference_framework_adopted -> Superseded
            "What gave way, oldest first." {
        version: u32? "The version; absent: the instrument as a whole.",
        by_instrument: Code? = "vervangen door" key "The instrument that takes its place.",
        by_version: u32? = "vervangen door versie" "The version that takes its place.",
        decision: Code? key "The decision behind it.",
    }

    /// The instrument is repealed.
    event Repealed as "InstrumentRepealed" = "ingetrokken",
        every repealed needs version_adopted or version_issued or drafted or version_published or reference_framework_adopted -> Repealed
            "When it was repealed, oldest first." {
        reason: Erasable<String>? "Why.",
        decision: Code? key "The decision behind it.",
    }

    /// A framework of others becomes the benchmark (GDPR Art. 28, 32).
    event ReferenceFrameworkAdopted = "referentiekader vastgesteld",
        every reference_framework_adopted "The reference frameworks it adopts, oldest first." {
        about: InstrumentAbout? = "kenmerken" "What the instrument is.",
        framework: Code = "referentiekader" key "The framework, as `SURF` or `ISO-27001`.",
        framework_version: Code? = "versie van het kader" "Its version, as `4.0`.",
        model_version: Code? = "modelversie" key "The code by which agreements name that version, as `SURF-4.0`.",
        decision: Code? key "The decision behind it.",
        document: Document? "The framework as a document.",
    }

    /// Where an instrument stands.
    choice InstrumentStatus as "GovernanceInstrumentStatus" {
        #[default] Draft = "concept" "Nothing is issued or adopted yet.",
        Issued = "uitgebracht" "A version is issued, none is adopted.",
        Adopted = "vastgesteld" "A version is adopted; `inForce` says from when it is in force.",
        Superseded "Another instrument took its place.",
        Repealed = "ingetrokken" "It is no longer in force.",
    }

    /// A unit that received or acknowledged a version.
    record InstrumentUnit as "GovernanceInstrumentUnit" {
        unit: Code "The unit.",
        from: PartialDate "Since when: the first time counts.",
        sequence: Sequence "The fact that says so.",
    }

    /// Where and when a version was published.
    record InstrumentPublication as "GovernanceInstrumentPublication" {
        sha256: Hash? "SHA-256 of the published text.",
        language: Code? "Its language.",
        url: String? = "webadres" "Where.",
        from: PartialDate "Since when.",
        sequence: Sequence "The fact that says so.",
    }

    /// A version of an instrument, as it stands.
    #[derive(Default)]
    record InstrumentVersion as "GovernanceInstrumentVersion" {
        version: u32 "The version.",
        label: Code? = "versieaanduiding" "The version as the text itself calls it.",
        document_date: PartialDate? = "dagtekening" "The date that the text itself bears.",
        issued_sha256: Hash? = "SHA-256 van de uitgebrachte tekst" "SHA-256 of the issued text.",
        adopted_sha256: Hash? = "SHA-256 van de vastgestelde tekst" "SHA-256 of the adopted text.",
        council_approved: PartialDate? = "instemming medezeggenschap" "When the council approved it.",
        works_council_answered: PartialDate? = "antwoord ondernemingsraad" "When the works council answered on it.",
        works_council: WorksCouncilOutcome? = "uitkomst ondernemingsraad" "What the works council answered.",
        issued: PartialDate? = "uitgebracht" "When it was issued.",
        adopted: PartialDate? = "vastgesteld" "When it was adopted; absent: it binds nobody.",
        adoption: Sequence? = "vaststellingsfeit" "The fact that adopted it.",
        decision: Code? "The decision that adopted it.",
        decided_at: PartialDate? = "besluitdatum" "When that decision was taken.",
        in_force_from: PartialDate? = "in werking vanaf" "From when it is in force, once adopted.",
        in_force_to: PartialDate? = "in werking tot" "Until when it is in force; absent: no end known.",
        parameters: Vec<InstrumentParameter> = "parameters"
            "Its parameters; they are rules once it is adopted and as long as it is in force.",
        published: Vec<InstrumentPublication> = "gepubliceerd" "Where and when it was published, oldest first.",
        announced: PartialDate? = "aangekondigd" "When it was first announced.",
        distributed: Vec<InstrumentUnit> = "verspreid onder" "The units that received it.",
        acknowledged: Vec<InstrumentUnit> = "kennisneming bevestigd door" "The units that acknowledged it.",
    }

    /// The adopted version that holds until further notice.
    record InstrumentInForce as "GovernanceInstrumentInForce" {
        version: u32 "The version.",
        from: PartialDate "From when it is in force: that may be later than the moment asked for.",
        previous: u32? = "vorige versie" "The version in force until then.",
    }

    /// A version of a reference framework, and how long it is the benchmark.
    record FrameworkAt as "ReferenceFrameworkVersion" {
        framework: Code = "referentiekader" "The framework.",
        framework_version: Code? = "versie van het kader" "Its version.",
        model_version: Code? = "modelversie" "The code by which agreements name that version.",
        from: PartialDate "From when.",
        to: PartialDate? = "tot" "Until when: the next version of the same framework; absent: no end known.",
        sequence: Sequence "The fact that says so.",
    }

    /// A governance instrument at one moment.
    state GovernanceInstrument as "GovernanceInstrumentState" of InstrumentStatus key {
        instrument: Code? = "code" key "The code by which other facts name it.",
        kind: InstrumentKind? key "What kind of instrument it is.",
        name: Erasable<LangText>? "Its name.",
        unit: Code? key "The unit that keeps it.",
        applies_to: Vec<Code> = "van toepassing op" key "The units it applies to; none: the whole institution.",
        in_force: InstrumentInForce? = "van kracht" "The version in force until further notice; absent: none.",
        versions: Vec<InstrumentVersion> = "versies" "Its versions, each as it stands.",
        frameworks: Vec<FrameworkAt> = "referentiekaders"
            "The reference frameworks, each version with how long it is the benchmark, oldest first.",
        last_reviewed: PartialDate? = "laatst geëvalueerd" "When it was reviewed last.",
        next_review: PartialDate? = "volgende evaluatie" "When the next review is due.",
    }

    keys {
        distributed_to: Code "Instruments distributed to a unit.",
        acknowledged_by: Code "Instruments acknowledged by a unit.",
    }

    relations {
        keptBy: many managementUnit shared unit unit = "beheerd door" "The unit that keeps it.",
        distributedTo: many managementUnit shared unit distributedTo = "verspreid onder" "The units that received it.",
        acknowledgedBy: many managementUnit shared unit acknowledgedBy = "kennisneming bevestigd door"
            "The units that acknowledged a version of it.",
        decisions: many boardDecision shared decision decision = "besluiten" "The Board's decisions on which it rests.",
        fulfilsConditionsOf: many boardDecision shared instrument instrument = "voldoet aan voorwaarden van"
            "The Board's decisions of which it fulfils a condition.",
        replacedBy: many governanceInstrument shared instrument byInstrument = "vervangen door"
            "The instruments that took its place.",
    }
}

impl Family for GovernanceInstrument {
    fn admit(&self, event: &GovernanceInstrumentEvent, _context: &Context<'_>) -> Result<(), Refusal> {
        use GovernanceInstrumentEvent as E;
        self.admit_order(event)?;
        version_of(event).map_or(Ok(()), |version| counted("version", version))?;
        if let Some(units) = about_of(event).and_then(|about| about.applies_to.as_ref()) {
            distinct("about.appliesTo", units)?;
        }
        match event {
            E::VersionIssued(event) => {
                admit_parameters(&event.parameters)?;
                self.admit_once(event.version, "issued", |known| known.issued)
            }
            E::VersionAdopted(event) => {
                admit_parameters(&event.parameters)?;
                admit_removals(&event.removes)?;
                self.admit_once(event.version.unwrap_or(self.next()), "adopted", |known| known.adopted)
            }
            E::VersionAnnounced(event) => distinct("audience", &event.audience),
            E::Distributed(event) => {
                if event.audience.is_empty() {
                    not_empty("units", &event.units)?;
                }
                distinct("units", &event.units)?;
                distinct("audience", &event.audience)
            }
            E::Acknowledged(event) => {
                not_empty("units", &event.units)?;
                distinct("units", &event.units)
            }
            E::Superseded(_) | E::Repealed(_) if self.ended() => {
                ended("this instrument gave way to another or was repealed already")
            }
            E::Superseded(event) => self.admit_supersession(event),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &GovernanceInstrumentEvent, recorded: &Recorded) {
        use GovernanceInstrumentEvent as E;
        let before = self.status;
        if let Some(about) = about_of(event) {
            self.tell(about);
        }
        match event {
            E::VersionIssued(event) => self.issue(event, recorded),
            E::VersionAdopted(event) => self.adopt(event, recorded),
            E::Reviewed(event) => {
                self.last_reviewed = Some(recorded.effective);
                self.next_review = event.next_review;
            }
            E::ReferenceFrameworkAdopted(event) => self.set_benchmark(event, recorded),
            _ => self.follow(event, recorded),
        }
        self.keep(event, recorded);
        self.schedule();
        self.status = self.standing(event, before);
    }

    fn keys(&self) -> Keys {
        let mut keys = self.declared_keys();
        for version in &self.versions {
            version.distributed.iter().for_each(|at| push_keys(&mut keys, "distributedTo", &at.unit));
            version.acknowledged.iter().for_each(|at| push_keys(&mut keys, "acknowledgedBy", &at.unit));
        }
        keys
    }
}

/// What an event says of the instrument itself.
fn about_of(event: &GovernanceInstrumentEvent) -> Option<&InstrumentAbout> {
    use GovernanceInstrumentEvent as E;
    match event {
        E::Drafted(event) => event.about.as_ref(),
        E::CouncilApprovalRecorded(event) => event.about.as_ref(),
        E::WorksCouncilConsentRecorded(event) => event.about.as_ref(),
        E::VersionIssued(event) => event.about.as_ref(),
        E::VersionAdopted(event) => event.about.as_ref(),
        E::ReferenceFrameworkAdopted(event) => event.about.as_ref(),
        _ => None,
    }
}

/// The version that an event names.
fn version_of(event: &GovernanceInstrumentEvent) -> Option<u32> {
    use GovernanceInstrumentEvent as E;
    match event {
        E::Drafted(event) => event.version,
        E::CouncilApprovalRecorded(event) => event.version,
        E::WorksCouncilConsentRecorded(event) => event.version,
        E::VersionIssued(event) => Some(event.version),
        E::VersionAdopted(event) => event.version,
        E::VersionPublished(event) => event.version,
        E::VersionAnnounced(event) => event.version,
        E::Distributed(event) => event.version,
        E::Acknowledged(event) => event.version,
        E::Reviewed(event) => event.version,
        E::Superseded(event) => event.version,
        E::Repealed(_) | E::ReferenceFrameworkAdopted(_) | E::Retracted(_) => None,
    }
}

fn admit_parameters(parameters: &[InstrumentParameter]) -> Result<(), Refusal> {
    distinct("parameters", parameters.iter().map(|parameter| &parameter.name))?;
    parameters.iter().try_for_each(|parameter| distinct("parameters", &parameter.values))?;
    let kinds = |parameter: &InstrumentParameter| {
        let given = [parameter.term.is_some(), parameter.number.is_some(), !parameter.values.is_empty()];
        given.into_iter().filter(|given| *given).count()
    };
    match parameters.iter().find(|parameter| kinds(parameter) != 1) {
        Some(parameter) => {
            malformed("parameters", format!("give `term`, `number` or `values` for {}, one of them", parameter.name))
        }
        None => Ok(()),
    }
}

fn admit_removals(removals: &[InstrumentParameterRemoval]) -> Result<(), Refusal> {
    distinct("removes", removals.iter().map(|removal| &removal.name))?;
    removals.iter().try_for_each(|removal| distinct("removes", &removal.values))
}

/// Sets parameters over those of the same names.
fn set(parameters: &mut Vec<InstrumentParameter>, new: &[InstrumentParameter]) {
    for parameter in new {
        match parameters.iter_mut().find(|known| known.name == parameter.name) {
            Some(known) => known.clone_from(parameter),
            None => parameters.push(parameter.clone()),
        }
    }
}

fn remove(parameters: &mut Vec<InstrumentParameter>, removals: &[InstrumentParameterRemoval]) {
    for removal in removals {
        if removal.values.is_empty() {
            parameters.retain(|parameter| parameter.name != removal.name);
        } else if let Some(parameter) = parameters.iter_mut().find(|parameter| parameter.name == removal.name) {
            parameter.values.retain(|value| !removal.values.contains(value));
        }
    }
}

/// Adds the units that are not there yet: the first time counts.
fn add_units(known: &mut Vec<InstrumentUnit>, units: &[Code], recorded: &Recorded) {
    for unit in units {
        if known.iter().all(|known| known.unit != *unit) {
            known.push(InstrumentUnit { unit: unit.clone(), from: recorded.effective, sequence: recorded.sequence });
        }
    }
}

impl GovernanceInstrument {
    /// Returns the adopted version in force at an instant; the earliest instant of a date that is known in part counts.
    pub fn in_force_at(&self, at: Instant) -> Option<&InstrumentVersion> {
        self.versions.iter().find(|version| {
            version.in_force_from.is_some_and(|from| from.earliest() <= at)
                && version.in_force_to.is_none_or(|to| at < to.earliest())
        })
    }

    fn ended(&self) -> bool {
        self.status >= InstrumentStatus::Superseded
    }

    fn version(&self, version: u32) -> Option<&InstrumentVersion> {
        self.versions.iter().find(|known| known.version == version)
    }

    /// A version is issued once and adopted once.
    fn admit_once(
        &self,
        version: u32,
        done: &str,
        when: fn(&InstrumentVersion) -> Option<PartialDate>,
    ) -> Result<(), Refusal> {
        if self.version(version).and_then(when).is_none() {
            return Ok(());
        }
        let message = format!("version {version} was {done} already; correct that fact with `replaces`, or count on");
        Err(Refusal::new(RejectionCode::AlreadyExists, "version", message))
    }

    fn admit_supersession(&self, event: &Superseded) -> Result<(), Refusal> {
        event.by_version.map_or(Ok(()), |version| counted("byVersion", version))?;
        match event.version {
            Some(version) if self.version(version).is_none() => {
                let message = format!("version {version} of this instrument was not recorded before that moment");
                Err(Refusal::new(RejectionCode::NeverExisted, "version", message))
            }
            _ => Ok(()),
        }
    }

    /// The version meant by what happens to one that is there: the newest one issued or adopted.
    fn newest(&self) -> u32 {
        let there = |version: &&InstrumentVersion| version.issued.is_some() || version.adopted.is_some();
        let newest = self.versions.iter().rev().find(there).or(self.versions.last());
        newest.map_or(1, |version| version.version)
    }

    /// The version meant by what leads to an adoption: the newest one that is not adopted, issued ones before others, else
    /// the next.
    fn next(&self) -> u32 {
        let open = || self.versions.iter().rev().filter(|version| version.adopted.is_none());
        let issued = open().find(|version| version.issued.is_some());
        let adopted = self.versions.iter().rev().find(|version| version.adopted.is_some());
        let newer = |version: &&InstrumentVersion| adopted.is_none_or(|adopted| adopted.version < version.version);
        let meant = issued.or(open().next()).filter(newer).map(|version| version.version);
        meant.unwrap_or_else(|| adopted.map_or(1, |adopted| adopted.version.saturating_add(1)))
    }

    fn version_mut(&mut self, version: u32) -> &mut InstrumentVersion {
        let position = match self.versions.binary_search_by_key(&version, |known| known.version) {
            Ok(position) => position,
            Err(position) => {
                self.versions.insert(position, InstrumentVersion { version, ..InstrumentVersion::default() });
                position
            }
        };
        &mut self.versions[position]
    }

    fn tell(&mut self, about: &InstrumentAbout) {
        Newer::take_over(&mut self.instrument, &about.instrument);
        Newer::take_over(&mut self.kind, &about.kind);
        Newer::take_over(&mut self.name, &about.name);
        Newer::take_over(&mut self.unit, &about.unit);
        if let Some(units) = &about.applies_to {
            self.applies_to.clone_from(units);
        }
    }

    fn issue(&mut self, event: &VersionIssued, recorded: &Recorded) {
        if let Err(refusal) = self.admit_once(event.version, "issued", |known| known.issued) {
            return note_anomaly(&mut self.anomalies, recorded, refusal.as_anomaly());
        }
        let version = self.version_mut(event.version);
        version.issued = Some(recorded.effective);
        Newer::take_over(&mut version.label, &event.label);
        version.document_date = event.document_date;
        version.issued_sha256 = event.document.as_ref().map(|document| document.sha256);
        // What is adopted stays as it was adopted, whatever is issued afterwards.
        if version.adopted.is_none() {
            version.parameters.clone_from(&event.parameters);
        }
    }

    fn adopt(&mut self, event: &VersionAdopted, recorded: &Recorded) {
        let number = event.version.unwrap_or(self.next());
        if let Err(refusal) = self.admit_once(number, "adopted", |known| known.adopted) {
            return note_anomaly(&mut self.anomalies, recorded, refusal.as_anomaly());
        }
        let kept = match event.other_parameters {
            Some(OtherParameters::Kept) => self.adopted_last().map(|last| last.parameters.clone()).unwrap_or_default(),
            Some(OtherParameters::Dropped) | None => Vec::new(),
        };
        let version = self.version_mut(number);
        let mut parameters = kept;
        set(&mut parameters, &version.parameters);
        set(&mut parameters, &event.parameters);
        remove(&mut parameters, &event.removes);
        version.parameters = parameters;
        version.adopted = Some(recorded.effective);
        version.adoption = Some(recorded.sequence);
        Newer::take_over(&mut version.label, &event.label);
        version.adopted_sha256 = event.document.as_ref().map(|document| document.sha256);
        version.decision.clone_from(&event.decision);
        version.decided_at = event.decided_at;
        version.in_force_from = event.effective_from.or(Some(recorded.effective));
    }

    /// The version that was adopted last, in the order of the facts.
    fn adopted_last(&self) -> Option<&InstrumentVersion> {
        let adopted = self.versions.iter().filter(|version| version.adopted.is_some());
        adopted.max_by_key(|version| (version.adopted.map(|adopted| adopted.earliest()), version.adoption))
    }

    /// Notes at a version what happens to it besides issue and adoption.
    fn follow(&mut self, event: &GovernanceInstrumentEvent, recorded: &Recorded) {
        use GovernanceInstrumentEvent as E;
        let meant = match event {
            E::Drafted(_) | E::CouncilApprovalRecorded(_) | E::WorksCouncilConsentRecorded(_) => self.next(),
            E::VersionPublished(_) | E::VersionAnnounced(_) | E::Distributed(_) | E::Acknowledged(_) => self.newest(),
            _ => return,
        };
        let version = self.version_mut(version_of(event).unwrap_or(meant));
        let first = |known: Option<PartialDate>| known.or(Some(recorded.effective));
        match event {
            E::CouncilApprovalRecorded(_) => version.council_approved = first(version.council_approved),
            E::WorksCouncilConsentRecorded(event) => {
                version.works_council_answered = Some(recorded.effective);
                version.works_council = event.outcome;
            }
            E::VersionPublished(event) => version.published.push(publication(event, recorded)),
            E::VersionAnnounced(_) => version.announced = first(version.announced),
            E::Distributed(event) => add_units(&mut version.distributed, &event.units, recorded),
            E::Acknowledged(event) => add_units(&mut version.acknowledged, &event.units, recorded),
            _ => {}
        }
    }

    /// A newer version of a framework takes the place of the one before.
    fn set_benchmark(&mut self, event: &ReferenceFrameworkAdopted, recorded: &Recorded) {
        let standing = |known: &&mut FrameworkAt| known.framework == event.framework && known.to.is_none();
        self.frameworks.iter_mut().filter(standing).for_each(|known| known.to = Some(recorded.effective));
        self.frameworks.push(FrameworkAt {
            framework: event.framework.clone(),
            framework_version: event.framework_version.clone(),
            model_version: event.model_version.clone(),
            from: recorded.effective,
            to: None,
            sequence: recorded.sequence,
        });
    }

    /// Says of each adopted version from when until when it is in force: until the next one, or until it gave way or was repealed.
    fn schedule(&mut self) {
        let mut adopted: Vec<(PartialDate, Option<Sequence>, u32)> = self
            .versions
            .iter()
            .filter_map(|version| Some((version.in_force_from?, version.adoption, version.version)))
            .collect();
        adopted.sort_by_key(|(from, adoption, _)| (from.earliest(), *adoption));
        let ends = self.ends();
        for (position, (from, _, version)) in adopted.iter().enumerate() {
            let next = adopted.get(position + 1).map(|(next, ..)| *next);
            let to = end_of(*version, *from, next, &ends);
            self.version_mut(*version).in_force_to = to;
        }
        self.in_force = adopted.last().copied().filter(|(_, _, last)| self.is_open(*last)).map(|(from, _, version)| {
            let until = |known: &&InstrumentVersion| known.version != version && known.in_force_to == Some(from);
            InstrumentInForce { version, from, previous: self.versions.iter().find(until).map(|known| known.version) }
        });
    }

    fn is_open(&self, version: u32) -> bool {
        self.version(version).is_some_and(|version| version.in_force_to.is_none())
    }

    /// When versions gave way or were repealed: the version, or none for all of them, and when.
    fn ends(&self) -> Vec<(Option<u32>, PartialDate)> {
        let superseded = self.superseded.iter().map(|kept| (kept.fact.version, kept.from));
        superseded.chain(self.repealed.iter().map(|kept| (None, kept.from))).collect()
    }

    fn standing(&self, event: &GovernanceInstrumentEvent, before: InstrumentStatus) -> InstrumentStatus {
        use GovernanceInstrumentEvent as E;
        let draft = before == InstrumentStatus::Draft;
        match event {
            _ if self.in_force.is_some() => InstrumentStatus::Adopted,
            E::Superseded(_) => InstrumentStatus::Superseded,
            E::Repealed(_) => InstrumentStatus::Repealed,
            E::VersionIssued(_) if draft => InstrumentStatus::Issued,
            // An instrument that does nothing but adopt a framework has no versions of its own.
            E::ReferenceFrameworkAdopted(_) if draft && self.versions.is_empty() => InstrumentStatus::Adopted,
            _ => before,
        }
    }
}

fn publication(event: &VersionPublished, recorded: &Recorded) -> InstrumentPublication {
    InstrumentPublication {
        sha256: event.document.as_ref().map(|document| document.sha256),
        language: event.document.as_ref().and_then(|document| document.language.clone()),
        url: event.url.clone(),
        from: recorded.effective,
        sequence: recorded.sequence,
    }
}

/// The first end of a version after it began.
fn end_of(
    version: u32,
    from: PartialDate,
    next: Option<PartialDate>,
    ends: &[(Option<u32>, PartialDate)],
) -> Option<PartialDate> {
    let its = ends
        .iter()
        .filter(|(target, at)| target.is_none_or(|target| target == version) && from.earliest() <= at.earliest());
    its.map(|(_, at)| *at).chain(next).min_by_key(PartialDate::earliest)
}

#[cfg(test)]
mod tests;
