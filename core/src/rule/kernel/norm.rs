//! What holds as law and policy at a moment: legal instruments, adopted versions of governance instruments, and the parameters
//! that they give to rules.

use super::statute::{self, Given};
use crate::family::governance_instrument::{
    GovernanceInstrument, InstrumentKind as Governance, InstrumentTermCalendar, InstrumentVersion,
};
use crate::family::legal_instrument::{InstrumentKind as Legal, LegalInstrument};
use crate::family::value::AnnulmentEffect;
use crate::ledger::name::{Code, Sequence};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::text::{say, words};
use crate::rule::verdict::{Evidence, Finding, ParameterUsed, Says};
use crate::time::{Calendar, PartialDate, Term, Ternary};

/// What makes a rule apply in a layer. From when to when follows from the facts about it, never from the program.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Applies {
    /// While one of these legal instruments is in force.
    Law(&'static [&'static str]),
    /// While a legal instrument of one of these kinds that names the rule is in force.
    Named(&'static [Legal]),
    /// While a version of a governance instrument of one of these kinds, adopted, is in force.
    Adopted(&'static [Governance]),
    /// Always: good practice, which nobody must follow.
    Practice,
}

/// The institution's policy, and the rules that carry it out.
pub const POLICY: Applies = Applies::Adopted(&[Governance::Policy]);
/// A guideline of the institution.
pub const GUIDELINE: Applies = Applies::Adopted(&[Governance::Guideline]);
/// The General Data Protection Regulation.
pub const GDPR: Applies = Applies::Law(&["LEX-GDPR"]);
/// What the supervisory authority says in words that name the rule.
pub const SUPERVISOR: Applies = Applies::Named(&[Legal::SupervisorAdvice, Legal::SupervisorDecision]);

/// The governance instruments from which house terms come, the first that has one before the others.
pub const HOUSE: &[Governance] = &[Governance::Policy, Governance::ImplementingRules, Governance::Procedure];

/// How a legal instrument stands at a moment.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Validity {
    /// It is in force, and perhaps challenged.
    InForce {
        /// Whether a challenge is pending.
        challenged: bool,
        /// Whether contracts may still be made on it.
        new_use: bool,
    },
    /// Nothing is recorded of it by then.
    Unknown,
    /// It is known and does not hold yet.
    NotYet,
    /// It held and ended before.
    Ended {
        /// When.
        to: PartialDate,
    },
    /// It was annulled as if it had never been.
    Void {
        /// Whether that had been decided by the moment that is judged.
        decided: bool,
        /// When it was decided.
        at: PartialDate,
        /// The fact that says so.
        sequence: Sequence,
    },
    /// Its dates do not say it.
    Undecided,
}

/// An adopted version of a governance instrument that is in force.
#[derive(Clone, Copy, Debug)]
pub struct InForce<'w> {
    /// The instrument.
    pub instrument: Seen<'w, GovernanceInstrument>,
    /// The version.
    pub version: &'w InstrumentVersion,
}

impl Says for InForce<'_> {
    fn evidence(&self) -> Evidence {
        let adopted = self.instrument.version_adopted.iter().rev();
        let adoption = adopted.into_iter().find(|adopted| Some(adopted.sequence) == self.version.adoption);
        match adoption {
            Some(adoption) => adoption.evidence(),
            None => self.version.adoption.unwrap_or(Sequence(0)).evidence(),
        }
    }
}

impl InForce<'_> {
    /// Returns the code by which the instrument is known; where it has none, its stream.
    pub fn code(&self) -> String {
        let code = self.instrument.instrument.as_ref();
        code.map_or_else(|| self.instrument.stream.to_string(), Code::to_string)
    }
}

/// A value that an instrument gives to rules.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Parameter {
    /// Its name.
    pub name: Code,
    /// A term.
    pub term: Option<Term>,
    /// How the term is counted, where the instrument says it.
    pub calendar: Option<Calendar>,
    /// A number.
    pub number: Option<u32>,
    /// Codes.
    pub values: Vec<Code>,
}

impl Parameter {
    /// Tells whether one of its values is this code.
    pub fn has(&self, code: &str) -> bool {
        self.values.iter().any(|value| value.as_str() == code)
    }

    fn text(&self) -> String {
        let term = self.term.iter().map(Term::to_string);
        let number = self.number.iter().map(u32::to_string);
        term.chain(number).chain(self.values.iter().map(Code::to_string)).collect::<Vec<_>>().join(" ")
    }
}

impl<'w> Inquiry<'w> {
    // --- Law -----------------------------------------------------------------------------------------------------

    /// Returns the legal instrument of a code, as known, at the moment whose rules are applied.
    pub fn instrument(&self, code: &str) -> Option<Seen<'w, LegalInstrument>> {
        self.rules_with_key::<LegalInstrument>("code", code).into_iter().next()
    }

    /// Tells how a legal instrument stands at the moment whose rules are applied. An annulment from the beginning counts as
    /// soon as it is known, whatever moment is judged.
    pub fn validity(&self, instrument: Seen<'w, LegalInstrument>) -> Validity {
        let Some(from) = holds_from(&instrument) else { return Validity::NotYet };
        let begun = self.rules_from(&from);
        if begun == Ternary::False {
            return Validity::NotYet;
        }
        let later = self.state_with_later_facts::<LegalInstrument>(instrument.stream);
        if let Some(annulled) = later.and_then(|later| later.state.annulled.as_ref())
            && annulled.effect == Some(AnnulmentEffect::ExTunc)
        {
            let decided = self.reached(annulled.from.earliest());
            return Validity::Void { decided, at: annulled.from, sequence: annulled.sequence };
        }
        let ended = instrument.valid_to.map_or(Ternary::False, |to| self.rules_from(&to));
        if let (Some(to), Ternary::True) = (instrument.valid_to, ended) {
            return Validity::Ended { to };
        }
        if begun.and(ended.not()) == Ternary::Unknown {
            return Validity::Undecided;
        }
        let new_use = instrument.new_use_until.is_none_or(|until| !self.rules_reached(until.earliest()));
        Validity::InForce { challenged: !instrument.open_challenges.is_empty(), new_use }
    }

    /// Tells whether what a judgment says had been decided by the moment. What the Court says that the law means, it has meant from the
    /// beginning, unless the judgment says otherwise; `None`: nothing is known of it.
    pub fn decided(&self, code: &str) -> Option<bool> {
        let known = self.with_key_and_later_facts::<LegalInstrument>("code", code).into_iter().next()?;
        let registered = known.registered.iter().map(|fact| fact.from).next();
        let said = known.valid_from.or(known.published).or(known.adopted).or(registered)?;
        Some(self.rules_reached(said.earliest()))
    }

    /// Tells how the legal instrument of a code stands.
    pub fn validity_of(&self, code: &str) -> Validity {
        self.instrument(code).map_or(Validity::Unknown, |instrument| self.validity(instrument))
    }

    /// Returns a parameter that a legal instrument in force gives; where it was recorded without, what the law itself says.
    pub fn law_parameter(&self, code: &str, name: &str) -> Option<Parameter> {
        let instrument = self.instrument(code)?;
        if !matches!(self.validity(instrument), Validity::InForce { .. }) {
            return None;
        }
        let found = instrument.parameters.iter().find(|parameter| parameter.name.as_str() == name);
        let given = statute::given(code, name);
        let parameter = match (found, given) {
            (Some(found), given) => {
                let number = found.values.first().and_then(|value| value.as_str().parse().ok());
                if let Some(more) = given.and_then(|given| statute::allows_more(given, found.term, number)) {
                    self.note_own_law(more);
                }
                let (name, values) = (found.name.clone(), found.values.clone());
                Parameter { name, term: found.term, calendar: found.calendar.map(calendar), number, values }
            }
            (None, Some(given)) => {
                let (term, number) = match given {
                    Given::Term(term) => (Some(term), None),
                    Given::Number(number) => (None, Some(number)),
                };
                Parameter { name: name.parse().ok()?, term, calendar: None, number, values: Vec::new() }
            }
            (None, None) => return None,
        };
        let force = instrument.entered_into_force.as_ref().map(|fact| fact.sequence);
        let sequence = force.or(instrument.registered.as_ref().map(|fact| fact.sequence));
        self.note_parameter(ParameterUsed {
            name: parameter.name.to_string(),
            value: parameter.text(),
            instrument: instrument.code.as_ref().map_or_else(|| instrument.stream.to_string(), Code::to_string),
            version: instrument.version.as_ref().map(Code::to_string),
            sequence,
        });
        Some(parameter)
    }

    /// The age under which a representative acts: of the Dutch Act (UAVG Art. 5), in older ledgers a parameter of the Regulation (Art. 8(1)).
    pub fn age_of_minority(&self) -> Option<Parameter> {
        self.law_parameter("LEX-UAVG", "minorAge").or_else(|| self.law_parameter("LEX-GDPR", "minorAge"))
    }

    // --- Policy --------------------------------------------------------------------------------------------------

    /// Returns the adopted versions of governance instruments of some kinds that are in force, in the order of the kinds.
    /// A version that was issued and never adopted is none.
    pub fn in_force(&self, kinds: &[Governance]) -> Vec<InForce<'w>> {
        let mut found: Vec<InForce<'w>> = Vec::new();
        for instrument in self.all_rules::<GovernanceInstrument>() {
            if !instrument.kind.is_some_and(|kind| kinds.contains(&kind)) {
                continue;
            }
            for version in &instrument.versions {
                version.in_force_from.iter().chain(&version.in_force_to).for_each(|date| {
                    self.rules_reached(date.earliest());
                });
            }
            let state: &'w GovernanceInstrument = instrument.state;
            found.extend(state.in_force_at(self.moment.rules).map(|version| InForce { instrument, version }));
        }
        let place = |found: &InForce<'_>| kinds.iter().position(|kind| found.instrument.kind == Some(*kind));
        found.sort_by_key(place);
        found
    }

    /// Returns a parameter that an adopted version in force of an instrument of these kinds gives: of the first kind that has it.
    pub fn parameter(&self, kinds: &[Governance], name: &str) -> Option<Parameter> {
        self.in_force(kinds).into_iter().find_map(|in_force| {
            let found = in_force.version.parameters.iter().find(|parameter| parameter.name.as_str() == name)?;
            let parameter = Parameter {
                name: found.name.clone(),
                term: found.term,
                calendar: found.calendar.map(calendar),
                number: found.number,
                values: found.values.clone(),
            };
            self.note_parameter(ParameterUsed {
                name: parameter.name.to_string(),
                value: parameter.text(),
                instrument: in_force.code(),
                version: Some(in_force.version.version.to_string()),
                sequence: in_force.version.adoption,
            });
            Some(parameter)
        })
    }

    /// Returns a house term: a parameter of the policy or of the rules that carry it out.
    pub fn house(&self, name: &str) -> Option<Parameter> {
        self.parameter(HOUSE, name)
    }

    // --- Whether a rule applies ----------------------------------------------------------------------------------

    /// Tells whether a rule applies at the moment; if not, why.
    pub fn applies(&self, applies: Applies) -> Result<(), Box<Finding>> {
        match applies {
            Applies::Practice => Ok(()),
            Applies::Law(codes) => self.law_applies(codes),
            Applies::Named(kinds) => self.named(kinds).then_some(()).ok_or_else(|| {
                let rule = self.rule;
                Box::new(Finding::not_applicable(say!(
                    "op dat moment was geen uiting van de toezichthouder over {rule} bekend en van kracht",
                    "at that moment nothing that the supervisory authority says about {rule} was known and in force"
                )))
            }),
            Applies::Adopted(kinds) => (!self.in_force(kinds).is_empty()).then_some(()).ok_or_else(|| {
                Box::new(Finding::not_applicable(words(
                    "op dat moment was geen vastgestelde versie van dit beleid of deze richtlijn bekend en van kracht",
                    "at that moment no adopted version of this policy or guideline was known and in force",
                )))
            }),
        }
    }

    fn law_applies(&self, codes: &[&str]) -> Result<(), Box<Finding>> {
        let standing: Vec<Validity> = codes.iter().map(|code| self.validity_of(code)).collect();
        if standing.iter().any(|validity| matches!(validity, Validity::InForce { .. })) {
            return Ok(());
        }
        let named = codes.join(", ");
        Err(Box::new(if standing.contains(&Validity::Undecided) {
            Finding::indeterminate(say!(
                "of {named} op dat moment van kracht was, beslissen de datums niet",
                "the dates do not decide whether {named} was in force at that moment"
            ))
        } else {
            Finding::not_applicable(say!(
                "op dat moment was geen van deze rechtsinstrumenten bekend en van kracht: {named}",
                "at that moment none of these legal instruments was known and in force: {named}"
            ))
        }))
    }

    /// Whether a legal instrument of these kinds that names the rule is in force.
    fn named(&self, kinds: &[Legal]) -> bool {
        let kinds = kinds.iter().map(crate::family::kit::key_text);
        let instruments: Vec<Seen<'w, LegalInstrument>> =
            kinds.flat_map(|kind| self.rules_with_key::<LegalInstrument>("kind", &kind)).collect();
        let names =
            |instrument: &Seen<'w, LegalInstrument>| instrument.rules.iter().any(|rule| rule.as_str() == self.rule);
        let mut holds = false;
        for instrument in instruments.into_iter().filter(names) {
            holds |= matches!(self.validity(instrument), Validity::InForce { .. });
        }
        holds
    }
}

/// From when an instrument holds: judgments and advice from their publication.
fn holds_from(instrument: &LegalInstrument) -> Option<PartialDate> {
    let registered = instrument.registered.iter().map(|fact| fact.from).next();
    let statutory = matches!(instrument.kind, Some(Legal::Statute | Legal::Adequacy | Legal::SccSet | Legal::Treaty));
    if statutory {
        return instrument.valid_from;
    }
    instrument.valid_from.or(instrument.published).or(instrument.adopted).or(registered)
}

fn calendar(calendar: InstrumentTermCalendar) -> Calendar {
    match calendar {
        InstrumentTermCalendar::Strict => Calendar::Strict,
        InstrumentTermCalendar::Regulation1182 => Calendar::Regulation1182 { two_working_days: false },
        InstrumentTermCalendar::WorkingDays => Calendar::WorkingDaysNl,
        InstrumentTermCalendar::Awb => Calendar::Awb,
    }
}
