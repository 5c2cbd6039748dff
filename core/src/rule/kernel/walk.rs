//! The whole walk of a justification: from an activity to its purposes, from each purpose to its legal basis, from that to the
//! evidence for it, and from the evidence to the facts; with the verdicts on every stream along the way.

use std::collections::BTreeSet;

use serde_json::Value;

use crate::family::activity::{Activity, LegalBasis, StandingBasis};
use crate::family::agreement::Agreement;
use crate::family::consent_text::ConsentText;
use crate::family::dossier::Dated;
use crate::family::dpia::Dpia;
use crate::family::joint_controller_arrangement::JointControllerArrangement;
use crate::family::kit::Family;
use crate::family::legitimate_interest_assessment::LegitimateInterestAssessment;
use crate::family::privacy_notice::PrivacyNotice;
use crate::family::transfer_ground::TransferGround;
use crate::family::value::{AdviceFollowing, AdviceResponse};
use crate::ledger::name::{Sequence, StreamId};
use crate::rule::catalogue::rules;
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::judge::judge;
use crate::rule::text::{Text, say, words};
use crate::rule::verdict::{Says, Verdict};

/// A step of the walk.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Step {
    /// What it is.
    pub title: Text,
    /// What is so.
    pub said: Text,
    /// The stream that says so; absent where the activity itself does, or nothing is there.
    pub stream: Option<StreamId>,
    /// The facts that say so.
    pub facts: BTreeSet<Sequence>,
    /// All verdicts on the stream.
    pub verdicts: Vec<Verdict>,
    /// What it leads to.
    pub steps: Vec<Step>,
}

impl Step {
    fn new(title: impl Into<Text>, said: impl Into<Text>) -> Self {
        Self {
            title: title.into(),
            said: said.into(),
            stream: None,
            facts: BTreeSet::new(),
            verdicts: Vec::new(),
            steps: Vec::new(),
        }
    }

    fn by(mut self, fact: impl Says) -> Self {
        self.facts.insert(fact.evidence().sequence);
        self
    }

    fn leads_to(mut self, steps: impl IntoIterator<Item = Step>) -> Self {
        self.steps.extend(steps);
        self
    }

    /// A stream with all the facts of its state and all verdicts on it.
    fn of<F: Family>(inquiry: &Inquiry<'_>, seen: Seen<'_, F>, said: impl Into<Text>) -> Self {
        let title = Text::new(F::LABEL_NL, crate::family::words::english(F::NAME));
        let mut step = Self::new(title, said);
        step.stream = Some(seen.stream.clone());
        let state = seen.state.write();
        sequences(&state, &mut step.facts);
        step.verdicts = verdicts_on(inquiry, seen.stream);
        step
    }

    /// Something that should be there and is not.
    fn absent(title: impl Into<Text>) -> Self {
        Self::new(title, words("niet vastgelegd", "not recorded"))
    }
}

/// Walks from an activity to all that justifies it; `None`: it had no state at the moment.
pub fn walk<'w>(inquiry: &Inquiry<'w>, activity: &'w StreamId) -> Option<Step> {
    let activity = inquiry.state::<Activity>(activity)?;
    let version = activity.current.as_ref().map_or(0, |version| version.entry.version);
    let stands = Text::label(&activity.state.status);
    let said = Text::new(format!("{}; versie {version}", stands.nl), format!("{}; version {version}", stands.en));
    let bases: &'w [StandingBasis] = activity.state.legal_bases();
    let purposes = bases.iter().map(|basis| purpose(inquiry, activity, basis));
    Some(
        Step::of(inquiry, activity, said)
            .leads_to(purposes)
            .leads_to(officer(activity))
            .leads_to(sharing(inquiry, activity))
            .leads_to(assessments(inquiry, activity))
            .leads_to(notices(inquiry, activity)),
    )
}

/// A purpose, its legal basis, and the evidence that the basis asks for.
fn purpose<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, basis: &'w StandingBasis) -> Step {
    let code = &basis.purpose;
    let title = say!("doel {code}", "purpose {code}");
    let rests = Text::label(&basis.basis);
    let said = Text::new(format!("grondslag: {}", rests.nl), format!("legal basis: {}", rests.en));
    let evidence = match basis.basis {
        LegalBasis::Consent => texts(inquiry, activity, basis),
        LegalBasis::LegitimateInterest => vec![assessment(inquiry, basis)],
        _ => vec![reference(inquiry, basis)],
    };
    Step::new(title, said).by(basis.sequence).leads_to(evidence)
}

/// The texts by which people are asked: the one that the basis names, or those of the activity.
fn texts<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>, basis: &'w StandingBasis) -> Vec<Step> {
    let named = basis.consent_text.as_ref().and_then(|text| inquiry.state::<ConsentText>(text));
    let found = match named {
        Some(text) => vec![text],
        None => inquiry.related::<ConsentText>("activity", activity.stream),
    };
    let step = |text: &Seen<'w, ConsentText>| {
        let steps = text.state.versions.iter().map(|version| {
            let number = version.text.version;
            let items: Vec<String> = version.text.items.iter().map(|item| item.code.to_string()).collect();
            let items = items.join(", ");
            let said = say!("sinds {}: {items}", "since {}: {items}", version.from);
            Step::new(say!("versie {number}", "version {number}"), said).by(version.sequence)
        });
        Step::of(inquiry, *text, Text::label(&text.state.status)).leads_to(steps)
    };
    let steps: Vec<Step> = found.iter().map(step).collect();
    if steps.is_empty() { vec![Step::absent(words("toestemmingstekst", "consent text"))] } else { steps }
}

/// The balancing assessment with its three parts, the officer's advice and what became of it.
fn assessment<'w>(inquiry: &Inquiry<'w>, basis: &'w StandingBasis) -> Step {
    let found = basis.assessment.as_ref().and_then(|stream| inquiry.state::<LegitimateInterestAssessment>(stream));
    let Some(seen) = found else {
        return Step::absent(words("belangenafweging", "legitimate-interest assessment"));
    };
    let state: &'w LegitimateInterestAssessment = seen.state;
    let parts = [
        part(words("gerechtvaardigd belang", "legitimate interest"), state.interest.as_ref()),
        part(words("noodzakelijkheid", "necessity"), state.necessity.as_ref()),
        part(words("afweging van belangen", "balancing of interests"), state.balancing.as_ref()),
    ];
    let advices = state
        .advices
        .iter()
        .map(|advice| Step::new(words("advies van de FG", "advice of the DPO"), on(advice)).by(advice));
    let approval = part(words("goedkeuring", "approval"), state.approval.as_ref());
    let response =
        state.approval.iter().filter_map(|approval| response(approval, approval.fact.advice_response.as_ref()));
    Step::of(inquiry, seen, Text::label(&state.status))
        .leads_to(parts)
        .leads_to(advices)
        .leads_to([approval])
        .leads_to(response)
}

fn part<T>(title: crate::rule::text::Words, fact: Option<&Dated<T>>) -> Step {
    match fact {
        Some(fact) => Step::new(title, on(fact)).by(fact),
        None => Step::absent(title),
    }
}

fn on<T>(fact: &Dated<T>) -> Text {
    let (from, role) = (fact.from, &fact.role);
    say!("op {from}, door {role}", "on {from}, by {role}")
}

/// What became of the officer's advice.
fn response<T>(fact: &Dated<T>, response: Option<&AdviceResponse>) -> Option<Step> {
    let response = response?;
    let said = match response.response {
        AdviceFollowing::Followed => words("gevolgd", "followed"),
        AdviceFollowing::Deviated if response.reasons.is_some() => {
            words("afgeweken, met redenen", "deviated from, with reasons")
        }
        AdviceFollowing::Deviated => {
            words("afgeweken; redenen zijn niet vastgelegd", "deviated from; no reasons are recorded")
        }
    };
    Some(Step::new(words("wat met het advies is gedaan", "what became of the advice"), said).by(fact))
}

/// The statute, contract or other reference on which a basis rests.
fn reference(inquiry: &Inquiry<'_>, basis: &StandingBasis) -> Step {
    let title = words("wettelijke of contractuele verwijzing", "legal or contractual reference");
    let Some(reference) = &basis.legal_reference else { return Step::absent(title) };
    let code = &reference.instrument;
    let article = reference.article.as_ref().map_or_else(String::new, |article| format!(" {article}"));
    let known = inquiry.instrument(code.as_str());
    let step = Step::new(title, say!("{code}{article}", "{code}{article}")).by(basis.sequence);
    match known {
        Some(instrument) => step.leads_to([Step::of(inquiry, instrument, Text::label(&instrument.state.status))]),
        None => step,
    }
}

/// What the data protection officer was asked and said, and what became of it.
fn officer(activity: Seen<'_, Activity>) -> Vec<Step> {
    let title = words("advies van de FG", "advice of the DPO");
    let advices = activity.advices.iter().map(|advice| Step::new(title, on(advice)).by(advice));
    let assessed = activity.assessments.iter().map(|assessed| {
        Step::new(words("rechtmatigheidstoets", "assessment of lawfulness"), on(assessed)).by(assessed)
    });
    let answers =
        activity.approvals.iter().filter_map(|approval| response(approval, approval.fact.advice_response.as_ref()));
    advices.chain(assessed).chain(answers).collect()
}

/// With whom the data are shared, and on what.
fn sharing<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Vec<Step> {
    let agreements = inquiry.related::<Agreement>("activity", activity.stream);
    let agreements = agreements.into_iter().map(|seen| {
        let execution =
            seen.execution.as_ref().map(|fact| Step::new(words("totstandkoming", "execution"), on(fact)).by(fact));
        Step::of(inquiry, seen, Text::label(&seen.state.status)).leads_to(execution)
    });
    let arrangements = inquiry.related::<JointControllerArrangement>("activity", activity.stream);
    let arrangements = arrangements.into_iter().map(|seen| Step::of(inquiry, seen, Text::label(&seen.state.status)));
    let transfers = inquiry.related::<TransferGround>("activity", activity.stream);
    let transfers = transfers.into_iter().map(|seen| transfer(inquiry, seen));
    agreements.chain(arrangements).chain(transfers).collect()
}

fn transfer<'w>(inquiry: &Inquiry<'w>, seen: Seen<'w, TransferGround>) -> Step {
    let ground = seen.ground.as_ref().map(|period| {
        let kind = Text::label(&period.ground.kind);
        let since = period.since;
        let said = Text::new(format!("{} sinds {since}", kind.nl), format!("{} since {since}", kind.en));
        let instrument = period.ground.instrument.as_ref().and_then(|code| inquiry.instrument(code.as_str()));
        let instrument = instrument.map(|found| Step::of(inquiry, found, Text::label(&found.state.status)));
        Step::new(words("doorgiftegrond", "transfer ground"), said).by(period.sequence).leads_to(instrument)
    });
    Step::of(inquiry, seen, Text::label(&seen.state.status)).leads_to(ground)
}

/// Whether people's rights and freedoms were assessed beforehand.
fn assessments<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Vec<Step> {
    let screenings = activity.screenings.iter().map(|screening| {
        let outcome = Text::label(&screening.fact.outcome);
        let from = screening.from;
        let said = Text::new(format!("{} ({from})", outcome.nl), format!("{} ({from})", outcome.en));
        Step::new(words("DPIA-screening", "screening for a DPIA"), said).by(screening)
    });
    let dpias = inquiry.related::<Dpia>("activity", activity.stream).into_iter().map(|seen| {
        let advices = seen
            .dpo_advice_issued
            .iter()
            .map(|advice| Step::new(words("advies van de FG", "advice of the DPO"), on(advice)).by(advice));
        let answers = seen.approved.iter().filter_map(|approval| response(approval, seen.advice_response.as_ref()));
        Step::of(inquiry, seen, Text::label(&seen.state.status)).leads_to(advices).leads_to(answers)
    });
    screenings.chain(dpias).collect()
}

/// What people are told.
fn notices<'w>(inquiry: &Inquiry<'w>, activity: Seen<'w, Activity>) -> Vec<Step> {
    let notices = inquiry.related::<PrivacyNotice>("activity", activity.stream);
    let steps: Vec<Step> = notices
        .into_iter()
        .map(|seen| {
            let current = seen.current.as_ref().map(|version| {
                let number = version.fact.version;
                Step::new(say!("versie {number}", "version {number}"), on(version)).by(version)
            });
            Step::of(inquiry, seen, Text::label(&seen.state.status)).leads_to(current)
        })
        .collect();
    if steps.is_empty() { vec![Step::absent(words("privacyverklaring", "privacy notice"))] } else { steps }
}

/// All verdicts on a stream at the moment of the inquiry.
fn verdicts_on(inquiry: &Inquiry<'_>, stream: &StreamId) -> Vec<Verdict> {
    let checks = rules().flat_map(|rule| rule.checks.iter().map(move |check| (rule, check)));
    let own = checks.filter(|(_, check)| check.family == stream.family());
    own.map(|(rule, check)| {
        let judged = judge(inquiry.world(), rule, check, stream, inquiry.moment);
        inquiry.take_over(judged.notes);
        judged.verdict
    })
    .collect()
}

/// Finds all facts that a state names.
fn sequences(state: &Value, facts: &mut BTreeSet<Sequence>) {
    match state {
        Value::Object(members) => {
            let sequence = members.get("sequence").and_then(|sequence| serde_json::from_value(sequence.clone()).ok());
            facts.extend::<Option<Sequence>>(sequence);
            members.values().for_each(|member| sequences(member, facts));
        }
        Value::Array(items) => items.iter().for_each(|item| sequences(item, facts)),
        _ => {}
    }
}
