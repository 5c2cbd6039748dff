//! Role assignments: who answers for what, and on whose behalf (GDPR Art. 24, 37-39; mandates: Awb 10:1-10:12).
//!
//! One stream is one role, held by one person or body at a time; a successor goes on in it or has a stream of its own. The
//! designation of the data protection officer is an assignment of the role `DPO` with facts of its own. Holders are opaque
//! codes: who they are is not in the ledger. Whether a delegation keeps within the role, or roles conflict, is a verdict.

use super::declare::{choice, dossier, events, filter, record, state};
use super::dossier::{Refusal, distinct, link};
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, key_text, note_anomaly};
use super::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

/// The role of the data protection officer, as codes spell it.
const DPO: &str = "DPO";

choice! {
    /// What kind of thing a role is held for.
    RoleScopeKind "RoleScopeKind" {
        /// A management unit.
        Unit = "beheerseenheid",
        /// A domain, such as education or research.
        Domain = "domein",
        /// A system or application.
        System = "systeem",
        /// A processing activity.
        Activity = "verwerkingsactiviteit",
        /// The institution as a whole.
        Institution = "hele instelling",
    }
}

record! {
    /// One thing for which a role is held.
    RoleScope "RoleScope" "RoleScopeInput" {
        /// What kind of thing it is.
        kind: RoleScopeKind,
        /// The code of the unit, domain or system; for nothing else.
        code: Option<Code> = "code",
        /// The activity; for nothing else.
        activity: Option<StreamId>,
    }
}

record! {
    /// A role is given to a holder (Art. 24).
    Assigned "RoleAssigned" "RoleAssignedInput" {
        /// The role, as `CONTROLLER`, `PROCESS_OWNER` or `INFORMATION_MANAGER`.
        role: Code = "rol",
        /// Who holds it: an opaque id of a person, or the code of a body.
        holder: Option<Code> = "houder",
        /// For what; none named: not said.
        scope: Vec<RoleScope> = "reikwijdte",
        /// From when; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// Until when; absent: without an end.
        until: Option<PartialDate> = "tot",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// The assignment as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The holder lets another act in the role, wholly or in part.
    Delegated "RoleDelegated" "RoleDelegatedInput" {
        /// Who may act: an opaque id of a person, or the code of a body.
        to: Code = "gemachtigde",
        /// The role in which the other acts, as `CIO`.
        role: Option<Code> = "rol",
        /// For what; none named: not said.
        scope: Vec<RoleScope> = "reikwijdte",
        /// Until when; absent: without an end of its own.
        until: Option<PartialDate> = "tot",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// The delegation as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The role, a mandate or one delegation of it is taken back.
    Revoked "RoleRevoked" "RoleRevokedInput" {
        /// Whose delegation ends; absent: the assignment itself ends.
        delegate: Option<Code> = "gemachtigde",
        /// Why.
        reason: Option<Erasable<String>>,
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// In which position the data protection officer works (Art. 37(3), (6)).
    DpoPosition "DpoPosition" {
        /// A member of staff.
        Staff = "in dienst",
        /// Under a service contract.
        ServiceContract = "op basis van een dienstverleningsovereenkomst",
        /// One officer for several bodies.
        Shared = "gezamenlijk met andere organisaties",
    }
}

record! {
    /// A data protection officer is designated (Art. 37(1)(a)).
    DpoDesignated "DpoDesignated" "DpoDesignatedInput" {
        /// The officer: an opaque id.
        holder: Option<Code> = "houder",
        /// For what; none named: not said.
        scope: Vec<RoleScope> = "reikwijdte",
        /// In which position.
        position: Option<DpoPosition> = "positie",
        /// From when; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// Until when; absent: without an end.
        until: Option<PartialDate> = "tot",
        /// Since when the contact details are public (Art. 37(7)).
        contact_published: Option<PartialDate> = "contactgegevens bekendgemaakt",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// The designation as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer's contact details are given to the authority (Art. 37(7)).
    DpoRegisteredWithAuthority "DpoRegisteredWithAuthority" "DpoRegisteredWithAuthorityInput" {
        /// The officer; absent: the one who holds the role then.
        holder: Option<Code> = "houder",
        /// The authority, as `AP`.
        authority: Option<Code> = "toezichthouder",
        /// The number under which the authority knows the officer.
        number: Option<Erasable<String>> = "registratienummer",
        /// The confirmation as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

choice! {
    /// Why a data protection officer is relieved; not for performing the tasks (Art. 38(3)).
    DpoReliefGround "DpoReliefGround" {
        /// At the officer's own wish.
        OwnRequest = "op eigen verzoek",
        /// The term was over.
        TermEnded = "termijn verstreken",
        /// The officer takes on a task that conflicts (Art. 38(6)).
        ConflictOfInterest = "belangenconflict",
        /// The tasks are organised in another way.
        Reorganisation = "reorganisatie",
        /// The officer no longer meets the requirements (Art. 37(5)).
        NoLongerQualified = "voldoet niet meer aan de vereisten",
        /// The officer was dismissed or penalised for performing the tasks.
        PerformedTasks = "wegens de uitvoering van de taken",
        /// Another ground.
        Other,
    }
}

record! {
    /// The data protection officer is relieved of the role (Art. 38(3)).
    DpoRelieved "DpoRelieved" "DpoRelievedInput" {
        /// The ground.
        ground: Option<DpoReliefGround> = "ontheffingsgrond",
        /// Why, in words.
        reason: Option<Erasable<String>>,
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The data protection officer monitors compliance (Art. 39(1)(b)).
    DpoMonitoringRecorded "DpoMonitoringRecorded" "DpoMonitoringRecordedInput" {
        /// The domain that was monitored.
        domain: Option<Code> = "domein",
        /// The unit that was monitored.
        unit: Option<Code>,
        /// The calendar year it belongs to; absent: the year in which the fact holds.
        year: Option<u16> = "kalenderjaar",
        /// What was seen.
        result: Option<Erasable<String>> = "resultaat",
        /// The findings that were raised.
        findings: Vec<StreamId> = "bevindingen",
        /// The report.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A body or person is mandated to decide in the institution's name (Awb 10:1-10:12).
    MandateGranted "MandateGranted" "MandateGrantedInput" {
        /// The code by which decisions cite it.
        mandate: Option<Code> = "mandaat",
        /// Who is mandated: the code of a body, or an opaque id of a person.
        body: Option<Code> = "gemandateerde",
        /// The role in which it is exercised.
        role: Option<Code> = "rol",
        /// For what; none named: not said.
        scope: Vec<RoleScope> = "reikwijdte",
        /// The kinds of decision it covers, as `IMPLEMENTATION`.
        acts: Vec<Code> = "bevoegdheden",
        /// Whether the mandate may be passed on (Awb 10:9).
        sub_mandate: Option<bool> = "ondermandaat toegestaan",
        /// From when; absent: from when the fact holds.
        from: Option<PartialDate>,
        /// Until when; absent: without an end.
        until: Option<PartialDate> = "tot",
        /// The decision behind it.
        decision: Option<Code> = "besluit",
        /// The mandate as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A decision is taken that carries out the Board's policy.
    ImplementationDecisionTaken "ImplementationDecisionTaken" "ImplementationDecisionTakenInput" {
        /// The code of the decision itself.
        decision: Option<Code> = "besluit",
        /// The mandate that it cites; absent: it cites none.
        mandate: Option<Code> = "aangehaald mandaat",
        /// Who decided.
        body: Option<Code> = "beslisser",
        /// What was decided.
        subject: Option<Erasable<String>> = "onderwerp",
        /// The decision as a document.
        document: Option<Document>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to a role.
    RoleAssignmentEvent "RoleAssignmentEvent" "RoleAssignmentEventInput",
    retracted "RoleAssignmentRetracted" "RoleAssignmentRetractedInput"
    {
        /// A role is given to a holder.
        Assigned "assigned" 1 "RoleAssigned" = "toegewezen",
        /// The holder lets another act in it.
        Delegated "delegated" 1 "RoleDelegated" = "gedelegeerd",
        /// The role or a delegation is taken back.
        Revoked "revoked" 1 "RoleRevoked" = "ingetrokken",
        /// A data protection officer is designated.
        DpoDesignated "dpoDesignated" 1 "DpoDesignated" = "FG aangewezen",
        /// The officer is registered with the authority.
        DpoRegisteredWithAuthority "dpoRegisteredWithAuthority" 1 "DpoRegisteredWithAuthority" = "FG aangemeld bij de toezichthouder",
        /// The officer is relieved of the role.
        DpoRelieved "dpoRelieved" 1 "DpoRelieved" = "FG ontheven",
        /// The officer monitors compliance.
        DpoMonitoringRecorded "dpoMonitoringRecorded" 1 "DpoMonitoringRecorded" = "toezicht door de FG vastgelegd",
        /// A mandate is granted.
        MandateGranted "mandateGranted" 1 "MandateGranted" = "mandaat verleend",
        /// A decision carries out the policy.
        ImplementationDecisionTaken "implementationDecisionTaken" 1 "ImplementationDecisionTaken" = "uitvoeringsbesluit genomen",
    }
}

choice! {
    /// Where a role stands.
    #[derive(Default)]
    RoleStatus "RoleAssignmentStatus" {
        /// Nobody holds it yet.
        #[default]
        Open = "open",
        /// It is held; an agreed end is in `until`.
        InForce = "van kracht",
        /// It is no longer held.
        Ended = "beëindigd",
    }
}

state! {
    /// A delegation, as it stands.
    RoleDelegation "RoleDelegation" {
        /// Who may act.
        to: Code = "gemachtigde",
        /// The role in which the other acts.
        role: Option<Code> = "rol",
        /// For what.
        scope: Vec<RoleScope> = "reikwijdte",
        /// From when.
        from: PartialDate,
        /// Until when, as agreed.
        until: Option<PartialDate> = "tot",
        /// When it was taken back.
        revoked: Option<PartialDate> = "ingetrokken",
        /// The fact that says so.
        sequence: Sequence,
    }
}

dossier! {
    /// A role and who holds it, at one moment.
    RoleAssignment "RoleAssignmentState" follows RoleAssignmentEvent, status RoleStatus {
        /// Its assignments, oldest first.
        assigned: every Assigned -> InForce,
        /// Its delegations, oldest first.
        delegated: every Delegated needs assigned or dpo_designated or mandate_granted,
        /// What was taken back, oldest first.
        revoked: every Revoked needs assigned or dpo_designated or mandate_granted -> Ended,
        /// Designations of a data protection officer, oldest first.
        dpo_designated: every DpoDesignated -> InForce,
        /// Registrations with the authority, oldest first.
        dpo_registered_with_authority: every DpoRegisteredWithAuthority,
        /// When officers were relieved, oldest first.
        dpo_relieved: every DpoRelieved needs dpo_designated or assigned -> Ended,
        /// What the officer monitored, oldest first.
        dpo_monitoring_recorded: every DpoMonitoringRecorded,
        /// Mandates, oldest first.
        mandate_granted: every MandateGranted -> InForce,
        /// Decisions that carry out the policy, oldest first.
        implementation_decision_taken: every ImplementationDecisionTaken,
    } and {
        /// The role.
        role: Option<Code> = "rol",
        /// Who holds it, or held it last.
        holder: Option<Code> = "houder",
        /// For what it is held.
        scope: Vec<RoleScope> = "reikwijdte",
        /// Since when that holder has it.
        from: Option<PartialDate>,
        /// Until when, as agreed.
        until: Option<PartialDate> = "tot",
        /// When it ended; absent: it has not.
        ended: Option<PartialDate> = "beëindigd",
        /// Since when the officer who holds the role is registered with the authority; absent: not.
        registered: Option<PartialDate> = "aangemeld bij de toezichthouder",
        /// The delegations, each as it stands, oldest first.
        delegations: Vec<RoleDelegation> = "delegaties",
    }
}

filter! {
    "RoleAssignmentFilter" {
        /// Assignments of a role.
        role "role": Code,
        /// Roles of a holder.
        holder "holder": Code,
        /// Roles in which someone may act for the holder.
        delegate "delegate": Code,
        /// Roles held for a kind of thing.
        scope "scope": RoleScopeKind,
        /// Roles held for a unit.
        unit "unit": Code,
        /// Roles held for a domain.
        domain "domain": Code,
        /// Roles held for a system.
        system "system": Code,
        /// Roles held for an activity.
        activity "activity": StreamId,
        /// The mandate of that code.
        mandate "mandate": Code,
        /// Roles that stand so.
        status "status": RoleStatus,
    }
}

impl Family for RoleAssignment {
    const NAME: &'static str = "roleAssignment";
    const LABEL_NL: &'static str = "roltoewijzing";
    const GRAPHQL_NAME: &'static str = "RoleAssignment";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::many(
            "units",
            "beheerseenheden",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The units for which it is held.",
        ),
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("activity"),
            "The processing activities for which it is held.",
        ),
        Relation::many(
            "systems",
            "systemen",
            "system",
            By::Shared("system", "system"),
            "The systems for which it is held.",
        ),
        Relation::many(
            "sameRole",
            "zelfde rol",
            "roleAssignment",
            By::Shared("role", "role"),
            "All streams of the same role, this one included.",
        ),
        Relation::many(
            "sameHolder",
            "zelfde houder",
            "roleAssignment",
            By::Shared("holder", "holder"),
            "All roles of the same holder, this one included (Art. 38(6)).",
        ),
        Relation::many(
            "decisions",
            "besluiten",
            "boardDecision",
            By::Shared("decision", "decision"),
            "The Board's decisions behind it.",
        ),
        Relation::many(
            "mandates",
            "aangehaalde mandaten",
            "roleAssignment",
            By::Shared("mandate", "underMandate"),
            "The mandates that the decisions in it cite.",
        ),
        Relation::many(
            "decisionsUnderMandate",
            "besluiten onder dit mandaat",
            "roleAssignment",
            By::Shared("underMandate", "mandate"),
            "Where decisions cite this mandate.",
        ),
        Relation::many(
            "findings",
            "bevindingen",
            "finding",
            By::Ours("finding"),
            "The findings that monitoring by the data protection officer raised.",
        ),
    ];
    type Event = RoleAssignmentEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn admit(&self, event: &RoleAssignmentEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use RoleAssignmentEvent as E;
        self.admit_order(event)?;
        if let Some(holding) = Holding::of(event) {
            admit_scope(holding.scope)?;
            admit_period(holding.from.unwrap_or(context.place.effective), holding.until)?;
            self.admit_holding(&holding)?;
        }
        match event {
            E::Delegated(event) => {
                admit_scope(&event.scope)?;
                admit_period(context.place.effective, event.until)?;
                self.admit_delegate(&event.to)
            }
            E::Revoked(Revoked { delegate: Some(delegate), .. }) => self.admit_end_of_delegation(delegate),
            E::Revoked(_) | E::DpoRelieved(_) if self.status == RoleStatus::Ended => Err(Refusal::new(
                RejectionCode::Ended,
                "",
                "nobody holds this role at that moment; it has ended already",
            )),
            E::DpoMonitoringRecorded(event) => link("findings", "finding", &event.findings),
            E::MandateGranted(event) => distinct("acts", &event.acts),
            _ => Ok(()),
        }
    }

    fn apply(&mut self, event: &RoleAssignmentEvent, recorded: &Recorded) {
        use RoleAssignmentEvent as E;
        let before = self.status;
        if let Some(holding) = Holding::of(event) {
            self.hold(&holding, recorded);
        }
        self.keep(event, recorded);
        match event {
            E::Delegated(event) => self.delegate(event, recorded),
            E::Revoked(Revoked { delegate: Some(delegate), .. }) => {
                self.status = before;
                self.end_delegation(delegate, recorded);
            }
            E::Revoked(_) | E::DpoRelieved(_) => self.end(before, recorded),
            E::DpoRegisteredWithAuthority(event) => self.register(event, recorded),
            _ => {}
        }
    }

    fn keys(&self) -> Keys {
        let mut keys = vec![("status", key_text(&self.status))];
        keys.extend(self.role.iter().map(|role| ("role", role.to_string())));
        keys.extend(self.holder.iter().map(|holder| ("holder", holder.to_string())));
        keys.extend(self.scope.iter().map(|item| ("scope", key_text(&item.kind))));
        keys.extend(self.scope.iter().filter_map(scope_key));
        let acting = self.delegations.iter().filter(|delegation| delegation.revoked.is_none());
        keys.extend(acting.map(|delegation| ("delegate", delegation.to.to_string())));
        let mandates = self.mandate_granted.iter().filter_map(|granted| granted.fact.mandate.as_ref());
        keys.extend(mandates.map(|mandate| ("mandate", mandate.to_string())));
        let cited = self.implementation_decision_taken.iter().filter_map(|taken| taken.fact.mandate.as_ref());
        keys.extend(cited.map(|mandate| ("underMandate", mandate.to_string())));
        keys.extend(self.decisions().map(|decision| ("decision", decision.to_string())));
        let findings = self.dpo_monitoring_recorded.iter().flat_map(|monitoring| &monitoring.fact.findings);
        keys.extend(findings.map(|finding| ("finding", finding.to_string())));
        keys
    }
}

/// What an event says of who holds the role.
struct Holding<'a> {
    role: Option<Code>,
    holder: Option<&'a Code>,
    /// The input field that names the holder.
    field: &'static str,
    scope: &'a [RoleScope],
    from: Option<PartialDate>,
    until: Option<PartialDate>,
}

impl<'a> Holding<'a> {
    fn of(event: &'a RoleAssignmentEvent) -> Option<Self> {
        match event {
            RoleAssignmentEvent::Assigned(event) => Some(Self {
                role: Some(event.role.clone()),
                holder: event.holder.as_ref(),
                field: "holder",
                scope: &event.scope,
                from: event.from,
                until: event.until,
            }),
            RoleAssignmentEvent::DpoDesignated(event) => Some(Self {
                role: DPO.parse().ok(),
                holder: event.holder.as_ref(),
                field: "holder",
                scope: &event.scope,
                from: event.from,
                until: event.until,
            }),
            RoleAssignmentEvent::MandateGranted(event) => Some(Self {
                role: event.role.clone(),
                holder: event.body.as_ref(),
                field: "body",
                scope: &event.scope,
                from: event.from,
                until: event.until,
            }),
            _ => None,
        }
    }
}

/// Refuses only what is reversed whatever the unknown parts of the dates are.
fn admit_period(from: PartialDate, until: Option<PartialDate>) -> Result<(), Refusal> {
    match until {
        Some(until) if until.latest() < from.earliest() => {
            Err(Refusal::new(RejectionCode::Malformed, "until", "it would end before it begins"))
        }
        _ => Ok(()),
    }
}

fn admit_scope(scope: &[RoleScope]) -> Result<(), Refusal> {
    let malformed = |message: &str| Err(Refusal::new(RejectionCode::Malformed, "scope", message));
    if scope.iter().any(|item| !fits(item)) {
        return malformed(
            "give `code` for a unit, domain or system, `activity` for an activity, neither for the institution",
        );
    }
    if scope.iter().enumerate().any(|(position, item)| scope[..position].contains(item)) {
        return malformed("the same thing occurs twice in `scope`");
    }
    link("scope", "activity", scope.iter().filter_map(|item| item.activity.as_ref()))
}

fn fits(item: &RoleScope) -> bool {
    let given = (item.code.is_some(), item.activity.is_some());
    match item.kind {
        RoleScopeKind::Unit | RoleScopeKind::Domain | RoleScopeKind::System => given == (true, false),
        RoleScopeKind::Activity => given == (false, true),
        RoleScopeKind::Institution => given == (false, false),
    }
}

/// The key by which the thing itself is found; the institution has none.
fn scope_key(item: &RoleScope) -> Option<(&'static str, String)> {
    let code = || item.code.as_ref().map(Code::to_string);
    match item.kind {
        RoleScopeKind::Unit => Some(("unit", code()?)),
        RoleScopeKind::Domain => Some(("domain", code()?)),
        RoleScopeKind::System => Some(("system", code()?)),
        RoleScopeKind::Activity => Some(("activity", item.activity.as_ref()?.to_string())),
        RoleScopeKind::Institution => None,
    }
}

/// Whether both are known and are not the same.
fn differ(known: Option<&Code>, new: Option<&Code>) -> bool {
    known.is_some() && new.is_some() && known != new
}

impl RoleAssignment {
    /// The decisions behind the assignment, as facts name them.
    fn decisions(&self) -> impl Iterator<Item = &Code> {
        let assigned = self.assigned.iter().map(|kept| &kept.fact.decision);
        let delegated = self.delegated.iter().map(|kept| &kept.fact.decision);
        let revoked = self.revoked.iter().map(|kept| &kept.fact.decision);
        let designated = self.dpo_designated.iter().map(|kept| &kept.fact.decision);
        let relieved = self.dpo_relieved.iter().map(|kept| &kept.fact.decision);
        let mandated = self.mandate_granted.iter().map(|kept| &kept.fact.decision);
        assigned.chain(delegated).chain(revoked).chain(designated).chain(relieved).chain(mandated).flatten()
    }

    /// One stream is one role and one holder at a time; the same holder may get another term or scope.
    fn admit_holding(&self, new: &Holding<'_>) -> Result<(), Refusal> {
        if self.status != RoleStatus::InForce {
            return Ok(());
        }
        if differ(self.role.as_ref(), new.role.as_ref()) {
            let message = "this stream is about another role, which is in force; use a stream of its own for this one";
            return Err(Refusal::new(RejectionCode::AlreadyExists, "role", message));
        }
        if differ(self.holder.as_ref(), new.holder) {
            let message =
                "another holds this role at that moment; record the end of that first, or use a stream of its own";
            return Err(Refusal::new(RejectionCode::AlreadyExists, new.field, message));
        }
        Ok(())
    }

    fn admit_delegate(&self, to: &Code) -> Result<(), Refusal> {
        if self.holder.as_ref() == Some(to) {
            let message = "a role cannot be delegated to the one who holds it";
            return Err(Refusal::new(RejectionCode::Malformed, "to", message));
        }
        Ok(())
    }

    fn admit_end_of_delegation(&self, delegate: &Code) -> Result<(), Refusal> {
        let mut delegations = self.delegations.iter().filter(|delegation| delegation.to == *delegate).peekable();
        if delegations.peek().is_none() {
            let message = format!("the role had not been delegated to {delegate} before that moment");
            return Err(Refusal::new(RejectionCode::NeverExisted, "delegate", message));
        }
        if delegations.all(|delegation| delegation.revoked.is_some()) {
            let message = format!("the delegation to {delegate} was taken back already");
            return Err(Refusal::new(RejectionCode::Ended, "delegate", message));
        }
        Ok(())
    }

    fn hold(&mut self, new: &Holding<'_>, recorded: &Recorded) {
        if let Err(refusal) = self.admit_holding(new) {
            note_anomaly(&mut self.anomalies, recorded, &refusal.to_string());
        }
        if new.holder.is_some() && self.holder.as_ref() != new.holder {
            self.registered = self.registration_of(new.holder);
        }
        self.role = new.role.clone().or(self.role.take());
        self.holder = new.holder.cloned().or(self.holder.take());
        self.scope = new.scope.to_vec();
        self.from = new.from.or(Some(recorded.effective));
        self.until = new.until;
        self.ended = None;
    }

    fn delegate(&mut self, event: &Delegated, recorded: &Recorded) {
        self.delegations.push(RoleDelegation {
            to: event.to.clone(),
            role: event.role.clone(),
            scope: event.scope.clone(),
            from: recorded.effective,
            until: event.until,
            revoked: None,
            sequence: recorded.sequence,
        });
    }

    fn end_delegation(&mut self, delegate: &Code, recorded: &Recorded) {
        if self.admit_end_of_delegation(delegate).is_err() {
            note_anomaly(&mut self.anomalies, recorded, "a delegation was taken back that did not stand then");
        }
        let standing = |delegation: &&mut RoleDelegation| delegation.to == *delegate && delegation.revoked.is_none();
        self.delegations.iter_mut().filter(standing).for_each(|delegation| {
            delegation.revoked = Some(recorded.effective);
        });
    }

    fn end(&mut self, before: RoleStatus, recorded: &Recorded) {
        if before == RoleStatus::Ended {
            return note_anomaly(&mut self.anomalies, recorded, "the role had ended before");
        }
        self.ended = Some(recorded.effective);
        self.registered = None;
    }

    /// A registration counts for the officer it names, and where it names none, for the one who holds the role then.
    fn register(&mut self, event: &DpoRegisteredWithAuthority, recorded: &Recorded) {
        if !differ(self.holder.as_ref(), event.holder.as_ref()) {
            self.registered = self.registered.or(Some(recorded.effective));
        }
    }

    /// Since when the next officer is registered: that may come before the designation, but not before the last one's.
    fn registration_of(&self, next: Option<&Code>) -> Option<PartialDate> {
        let since = self.from.map(|from| from.earliest());
        let mut registrations = self.dpo_registered_with_authority.iter();
        let counts = registrations.find(|registered| {
            let named = registered.fact.holder.as_ref();
            let meant = if named.is_some() { named == next } else { self.holder.is_none() };
            meant && since.is_none_or(|since| registered.from.earliest() >= since)
        });
        counts.map(|registered| registered.from)
    }
}

#[cfg(test)]
mod tests;
