//! Role assignments: who answers for what, and on whose behalf (GDPR Art. 24, 37-39; mandates: Awb 10:1-10:12).
//!
//! One stream is one role, held by one person or body at a time; a successor goes on in it or has a stream of its own. The
//! designation of the data protection officer is an assignment of the role `DPO` with facts of its own. Holders are opaque
//! codes: who they are is not in the ledger. Whether a delegation keeps within the role, or roles conflict, is a verdict.

use crate::family::declare;
use crate::family::dossier::{Newer, Refusal, distinct, ended, link, malformed, not_reversed};
use crate::family::kit::{Context, Declared, Family, Keys, Recorded, RejectionCode, note_anomaly, push_keys};
use crate::family::value::Document;
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::PartialDate;

/// The role of the data protection officer, as codes spell it.
const DPO: &str = "DPO";

declare! {
    family RoleAssignment many roleAssignments = "roltoewijzing";

    /// What kind of thing a role is held for.
    choice RoleScopeKind {
        Unit = "beheerseenheid" "A management unit.",
        Domain = "domein" "A domain, such as education or research.",
        System = "systeem" "A system or application.",
        Activity = "verwerkingsactiviteit" "A processing activity.",
        Institution = "hele instelling" "The institution as a whole.",
    }

    /// One thing for which a role is held.
    record RoleScope {
        kind: RoleScopeKind "What kind of thing it is.",
        code: Code? "The code of the unit, domain or system; for nothing else.",
        activity: StreamId? "The activity; for nothing else.",
    }

    /// A role is given to a holder (Art. 24).
    event Assigned as "RoleAssigned" = "toegewezen", every assigned -> InForce "Its assignments, oldest first." {
        role: Code "The role, as `CONTROLLER`, `PROCESS_OWNER` or `INFORMATION_MANAGER`.",
        holder: Code? = "houder" "Who holds it: an opaque id of a person, or the code of a body.",
        scope: Vec<RoleScope> = "reikwijdte" "For what; none named: not said.",
        from: PartialDate? "From when; absent: from the date of the fact.",
        until: PartialDate? = "tot" "Until when; absent: without an end.",
        decision: Code? key "The decision behind it.",
        document: Document? "The assignment as a document.",
    }

    /// The holder lets another act in the role, wholly or in part.
    event Delegated as "RoleDelegated" = "gedelegeerd",
        every delegated needs assigned or dpo_designated or mandate_granted "Its delegations, oldest first." {
        to: Code = "gemachtigde" "Who may act: an opaque id of a person, or the code of a body.",
        role: Code? "The role in which the other acts, as `CIO`.",
        scope: Vec<RoleScope> = "reikwijdte" "For what; none named: not said.",
        until: PartialDate? = "tot" "Until when; absent: without an end of its own.",
        decision: Code? key "The decision behind it.",
        document: Document? "The delegation as a document.",
    }

    /// The role, a mandate or one delegation of it is taken back.
    event Revoked as "RoleRevoked" = "ingetrokken",
        every revoked needs assigned or dpo_designated or mandate_granted -> Ended
            "What was taken back, oldest first." {
        delegate: Code? = "gemachtigde" "Whose delegation ends; absent: the assignment itself ends.",
        reason: Erasable<String>? "Why.",
        decision: Code? key "The decision behind it.",
    }

    /// In which position the data protection officer works (Art. 37(3), (6)).
    choice DpoPosition {
        Staff = "in dienst" "A member of staff.",
        ServiceContract = "op basis van een dienstverleningsovereenkomst" "Under a service contract.",
        Shared = "gezamenlijk met andere organisaties" "One officer for several bodies.",
    }

    /// A data protection officer is designated (Art. 37(1)(a)).
    event DpoDesignated = "FG aangewezen",
        every dpo_designated -> InForce "Designations of a data protection officer, oldest first." {
        holder: Code? = "houder" "The officer: an opaque id.",
        scope: Vec<RoleScope> = "reikwijdte" "For what; none named: not said.",
        position: DpoPosition? = "positie" "In which position.",
        from: PartialDate? "From when; absent: from the date of the fact.",
        until: PartialDate? = "tot" "Until when; absent: without an end.",
        contact_published: PartialDate? = "contactgegevens bekendgemaakt" "Since when it is public (Art. 37(7)).",
        decision: Code? key "The decision behind it.",
        document: Document? "The designation as a document.",
    }

    /// The data protection officer's contact details are given to the authority (Art. 37(7)).
    event DpoRegisteredWithAuthority = "FG aangemeld bij de toezichthouder",
        every dpo_registered_with_authority "Registrations with the authority, oldest first." {
        holder: Code? = "houder" "The officer; absent: the one who holds the role then.",
        authority: Code? = "toezichthouder" "The authority, as `AP`.",
        number: Erasable<String>? = "registratienummer" "The number under which the authority knows the officer.",
        document: Document? "The confirmation as a document.",
    }

    /// Why a data protection officer is relieved; not for performing the tasks (Art. 38(3)).
    choice DpoReliefGround {
        OwnRequest = "op eigen verzoek" "At the officer's own wish.",
        TermEnded = "termijn verstreken" "The term was over.",
        ConflictOfInterest = "belangenconflict" "The officer takes on a task that conflicts (Art. 38(6)).",
        Reorganisation = "reorganisatie" "The tasks are organised in another way.",
        NoLongerQualified = "voldoet niet meer aan de vereisten" "The officer no longer qualifies (Art. 37(5)).",
        PerformedTasks = "wegens de uitvoering van de taken" "A dismissal or penalty for performing the tasks.",
        Other "Another ground.",
    }

    /// The data protection officer is relieved of the role (Art. 38(3)).
    event DpoPositionRecorded = "positie van de FG vastgelegd",
        every dpo_position_recorded needs dpo_designated or assigned "What means and place the officer has, oldest first." {
        resources: bool? = "nodige middelen" "Whether the officer has the resources needed (Art. 38(2)).",
        access: bool? = "toegang tot gegevens en verwerkingen" "Whether the officer has access to data and processing (Art. 38(2)).",
        no_instructions: bool? = "geen instructies" "Whether the officer receives no instructions on the tasks (Art. 38(3)).",
        reports_to_highest_level: bool? = "rapporteert aan het hoogste niveau"
            "Whether the officer reports directly to the highest level (Art. 38(3)).",
        document: Document? "What shows it, such as a mandate or a budget.",
    }

    /// The officer is relieved.
    event DpoRelieved = "FG ontheven",
        every dpo_relieved needs dpo_designated or assigned -> Ended "When officers were relieved, oldest first." {
        ground: DpoReliefGround? = "ontheffingsgrond" "The ground.",
        reason: Erasable<String>? "Why, in words.",
        decision: Code? key "The decision behind it.",
    }

    /// The data protection officer monitors compliance (Art. 39(1)(b)).
    event DpoMonitoringRecorded = "toezicht door de FG vastgelegd",
        every dpo_monitoring_recorded "What the officer monitored, oldest first." {
        domain: Code? = "domein" "The domain that was monitored.",
        unit: Code? "The unit that was monitored.",
        year: u16? = "kalenderjaar" "The calendar year it belongs to; absent: the year of the fact.",
        result: Erasable<String>? = "resultaat" "What was seen.",
        findings: Vec<StreamId> = "bevindingen" "The findings that were raised.",
        document: Document? "The report.",
    }

    /// A body or person is mandated to decide in the institution's name (Awb 10:1-10:12).
    event MandateGranted = "mandaat verleend", every mandate_granted -> InForce "Mandates, oldest first." {
        mandate: Code? = "mandaat" key "The code by which decisions cite it.",
        body: Code? = "gemandateerde" "Who is mandated: the code of a body, or an opaque id of a person.",
        role: Code? "The role in which it is exercised.",
        scope: Vec<RoleScope> = "reikwijdte" "For what; none named: not said.",
        acts: Vec<Code> = "bevoegdheden" "The kinds of decision it covers, as `IMPLEMENTATION`.",
        sub_mandate: bool? = "ondermandaat toegestaan" "Whether the mandate may be passed on (Awb 10:9).",
        from: PartialDate? "From when; absent: from the date of the fact.",
        until: PartialDate? = "tot" "Until when; absent: without an end.",
        decision: Code? key "The decision behind it.",
        document: Document? "The mandate as a document.",
    }

    /// A decision is taken that carries out the Board's policy.
    event ImplementationDecisionTaken = "uitvoeringsbesluit genomen",
        every implementation_decision_taken "Decisions that carry out the policy, oldest first." {
        decision: Code? "The code of the decision itself.",
        mandate: Code? = "aangehaald mandaat" "The mandate that it cites; absent: it cites none.",
        body: Code? = "beslisser" "Who decided.",
        subject: Erasable<String>? = "onderwerp" "What was decided.",
        document: Document? "The decision as a document.",
    }

    /// Where a role stands.
    choice RoleStatus as "RoleAssignmentStatus" {
        #[default] Open = "open" "Nobody holds it yet.",
        InForce = "van kracht" "It is held; an agreed end is in `until`.",
        Ended = "beëindigd" "It is no longer held.",
    }

    /// A delegation, as it stands.
    record RoleDelegation {
        to: Code = "gemachtigde" "Who may act.",
        role: Code? "The role in which the other acts.",
        scope: Vec<RoleScope> = "reikwijdte" "For what.",
        from: PartialDate "From when.",
        until: PartialDate? = "tot" "Until when, as agreed.",
        revoked: PartialDate? = "ingetrokken" "When it was taken back.",
        sequence: Sequence "The fact that says so.",
    }

    /// A role and who holds it, at one moment.
    state RoleAssignment as "RoleAssignmentState" of RoleStatus key {
        role: Code? key "The role.",
        holder: Code? = "houder" key "Who holds it, or held it last.",
        scope: Vec<RoleScope> = "reikwijdte" "For what it is held.",
        from: PartialDate? "Since when that holder has it.",
        until: PartialDate? = "tot" "Until when, as agreed.",
        ended: PartialDate? = "beëindigd" "When it ended; absent: it has not.",
        registered: PartialDate? = "aangemeld bij de toezichthouder"
            "Since when the officer who holds the role is registered with the authority; absent: not.",
        delegations: Vec<RoleDelegation> = "delegaties" "The delegations, each as it stands, oldest first.",
    }

    keys {
        delegate: Code "Roles in which someone may act for the holder.",
        scope: RoleScopeKind "Roles held for a kind of thing.",
        unit: Code "Roles held for a unit.",
        domain: Code "Roles held for a domain.",
        system: Code "Roles held for a system.",
        activity: StreamId "Roles held for an activity.",
        under_mandate: Code "Roles in which decisions cite that mandate.",
        finding: StreamId "Roles in which monitoring raised that finding.",
    }

    relations {
        units: many managementUnit shared unit unit = "beheerseenheden" "The units for which it is held.",
        activities: many activity ours activity = "verwerkingsactiviteiten" "The activities for which it is held.",
        systems: many system shared system system = "systemen" "The systems for which it is held.",
        sameRole: many roleAssignment shared role role = "zelfde rol" "All streams of the role, this one included.",
        sameHolder: many roleAssignment shared holder holder = "zelfde houder"
            "All roles of the same holder, this one included (Art. 38(6)).",
        decisions: many boardDecision shared decision decision = "besluiten" "The Board's decisions behind it.",
        mandates: many roleAssignment shared mandate underMandate = "aangehaalde mandaten"
            "The mandates that the decisions in it cite.",
        decisionsUnderMandate: many roleAssignment shared underMandate mandate = "besluiten onder dit mandaat"
            "Where decisions cite this mandate.",
        findings: many finding ours finding = "bevindingen" "The findings that monitoring by the officer raised.",
    }
}

impl Family for RoleAssignment {
    fn admit(&self, event: &RoleAssignmentEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use RoleAssignmentEvent as E;
        self.admit_order(event)?;
        if let Some(holding) = Holding::of(event) {
            admit_scope(holding.scope)?;
            not_reversed("until", holding.from.or(Some(context.place.effective)), holding.until)?;
            self.admit_holding(&holding)?;
        }
        match event {
            E::Delegated(event) => {
                admit_scope(&event.scope)?;
                not_reversed("until", Some(context.place.effective), event.until)?;
                self.admit_delegate(&event.to)
            }
            E::Revoked(Revoked { delegate: Some(delegate), .. }) => self.admit_end_of_delegation(delegate),
            E::Revoked(_) | E::DpoRelieved(_) if self.status == RoleStatus::Ended => {
                ended("nobody holds this role at that moment; it has ended already")
            }
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
        let mut keys = self.declared_keys();
        for item in &self.scope {
            push_keys(&mut keys, "scope", &item.kind);
            match item.kind {
                RoleScopeKind::Unit => push_keys(&mut keys, "unit", &item.code),
                RoleScopeKind::Domain => push_keys(&mut keys, "domain", &item.code),
                RoleScopeKind::System => push_keys(&mut keys, "system", &item.code),
                RoleScopeKind::Activity => push_keys(&mut keys, "activity", &item.activity),
                RoleScopeKind::Institution => {}
            }
        }
        let acting = self.delegations.iter().filter(|delegation| delegation.revoked.is_none());
        acting.for_each(|delegation| push_keys(&mut keys, "delegate", &delegation.to));
        let decided = &self.implementation_decision_taken;
        decided.iter().for_each(|taken| push_keys(&mut keys, "underMandate", &taken.fact.mandate));
        let monitored = &self.dpo_monitoring_recorded;
        monitored.iter().for_each(|recorded| push_keys(&mut keys, "finding", &recorded.fact.findings));
        keys
    }
}

/// What an event says of who holds the role.
struct Holding<'a> {
    role: Option<Code>,
    holder: &'a Option<Code>,
    /// The input field that names the holder.
    field: &'static str,
    scope: &'a [RoleScope],
    from: Option<PartialDate>,
    until: Option<PartialDate>,
}

impl<'a> Holding<'a> {
    fn of(event: &'a RoleAssignmentEvent) -> Option<Self> {
        use RoleAssignmentEvent as E;
        let (role, holder, field, scope, from, until) = match event {
            E::Assigned(Assigned { role, holder, scope, from, until, .. }) => {
                (Some(role.clone()), holder, "holder", scope, from, until)
            }
            E::DpoDesignated(DpoDesignated { holder, scope, from, until, .. }) => {
                (DPO.parse().ok(), holder, "holder", scope, from, until)
            }
            E::MandateGranted(MandateGranted { role, body, scope, from, until, .. }) => {
                (role.clone(), body, "body", scope, from, until)
            }
            _ => return None,
        };
        Some(Self { role, holder, field, scope, from: *from, until: *until })
    }
}

fn admit_scope(scope: &[RoleScope]) -> Result<(), Refusal> {
    if !scope.iter().all(fits) {
        let message =
            "give `code` for a unit, domain or system, `activity` for an activity, neither for the institution";
        return malformed("scope", message);
    }
    if scope.iter().enumerate().any(|(position, item)| scope[..position].contains(item)) {
        return malformed("scope", "the same thing occurs twice in `scope`");
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

/// Whether both are known and are not the same.
fn differ(known: &Option<Code>, new: &Option<Code>) -> bool {
    known.is_some() && new.is_some() && known != new
}

impl RoleAssignment {
    /// One stream is one role and one holder at a time; the same holder may get another term or scope.
    fn admit_holding(&self, new: &Holding<'_>) -> Result<(), Refusal> {
        if self.status != RoleStatus::InForce {
            return Ok(());
        }
        if differ(&self.role, &new.role) {
            let message = "this stream is about another role, which is in force; use a stream of its own for this one";
            return Err(Refusal::new(RejectionCode::AlreadyExists, "role", message));
        }
        if differ(&self.holder, new.holder) {
            let message =
                "another holds this role at that moment; record the end of that first, or use a stream of its own";
            return Err(Refusal::new(RejectionCode::AlreadyExists, new.field, message));
        }
        Ok(())
    }

    fn admit_delegate(&self, to: &Code) -> Result<(), Refusal> {
        if self.holder.as_ref() == Some(to) {
            return malformed("to", "a role cannot be delegated to the one who holds it");
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
        if new.holder.is_some() && self.holder != *new.holder {
            self.registered = self.registration_of(new.holder);
        }
        Newer::take_over(&mut self.role, &new.role);
        Newer::take_over(&mut self.holder, new.holder);
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
        if !differ(&self.holder, &event.holder) {
            self.registered = self.registered.or(Some(recorded.effective));
        }
    }

    /// Since when the next officer is registered: that may come before the designation, but not before the last one's.
    fn registration_of(&self, next: &Option<Code>) -> Option<PartialDate> {
        let since = self.from.map(|from| from.earliest());
        let mut registrations = self.dpo_registered_with_authority.iter();
        let counts = registrations.find(|registered| {
            let named = &registered.fact.holder;
            let meant = if named.is_some() { named == next } else { self.holder.is_none() };
            meant && since.is_none_or(|since| registered.from.earliest() >= since)
        });
        counts.map(|registered| registered.from)
    }
}

#[cfg(test)]
mod tests;
