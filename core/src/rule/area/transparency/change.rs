//! What changed in the activities of a notice since its version took effect: in the register, the assessments, the transfers and the
//! arrangements. By it one sees that the notice is stale.

use std::collections::BTreeSet;

use super::{binds, codes, flows, tells};
use crate::family::activity::{Activity, ActivityVersion, LegalBasis};
use crate::family::dossier::Dated;
use crate::family::joint_controller_arrangement::JointControllerArrangement;
use crate::family::kit::key_text;
use crate::family::legitimate_interest_assessment::{AssessmentStatus, LegitimateInterestAssessment};
use crate::family::privacy_notice::{NoticeItem, PrivacyNotice, VersionPublished};
use crate::family::transfer_ground::TransferGround;
use crate::ledger::name::{Code, Sequence};
use crate::rule::inquiry::{Inquiry, Seen};
use crate::rule::text::Text;
use crate::time::{PartialDate, Ternary};

/// A change in an activity that a version does not tell.
pub(super) struct Change {
    pub(super) at: PartialDate,
    pub(super) what: Text,
    pub(super) fact: Sequence,
    /// Whether the law makes a notice tell it.
    pub(super) by_law: bool,
}

impl Change {
    fn new(at: PartialDate, fact: Sequence, nl: &str, en: &str) -> Self {
        Self { at, what: Text::new(nl, en), fact, by_law: true }
    }
}

/// Lists what the register, the assessments, the transfers and the arrangements say otherwise than a version tells, each since it does;
/// also what was otherwise before the version took effect.
pub(super) fn changes<'w>(
    inquiry: &Inquiry<'w>,
    notice: Seen<'w, PrivacyNotice>,
    version: &'w Dated<VersionPublished>,
    activities: &[Seen<'w, Activity>],
) -> Vec<Change> {
    let mut found = in_the_register(version, activities);
    found.extend(in_assessments(inquiry, version, activities));
    found.extend(in_transfers(inquiry, version, activities));
    found.extend(in_arrangements(inquiry, notice, version, activities));
    found
}

/// What the register says of something that a notice names.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Register {
    /// What the notice has to name.
    pub(super) needed: BTreeSet<String>,
    /// What it may name.
    pub(super) known: BTreeSet<String>,
}

impl Register {
    fn exactly(values: BTreeSet<String>) -> Self {
        Self { needed: values.clone(), known: values }
    }
}

/// What the register says from some moment on.
struct Point {
    at: PartialDate,
    fact: Sequence,
    register: Register,
}

/// Processors and joint controllers are recipients too; the register may list them apart.
pub(super) fn recipients(version: &ActivityVersion) -> Register {
    let entry = &version.entry;
    let needed = codes(entry.recipients.iter().chain(entry.transfers.iter().map(|transfer| &transfer.recipient)));
    let beside = codes(entry.processors.iter().chain(&entry.joint_controllers));
    Register { known: needed.union(&beside).cloned().collect(), needed }
}

pub(super) fn bases_now(version: &ActivityVersion) -> Register {
    Register::exactly(version.legal_bases.iter().map(|standing| key_text(&standing.basis)).collect())
}

fn purposes(version: &ActivityVersion) -> Register {
    Register::exactly(codes(version.entry.purposes.iter().map(|purpose| &purpose.code)))
}

fn retention(version: &ActivityVersion) -> Register {
    let terms = version.entry.retention.iter().map(|kept| {
        let category = kept.category.as_ref().map(Code::to_string).unwrap_or_default();
        format!("{category} {}", kept.term)
    });
    Register::exactly(terms.collect())
}

fn data_categories(version: &ActivityVersion) -> Register {
    Register::exactly(codes(version.entry.data_categories.iter().map(|category| &category.code)))
}

fn source(version: &ActivityVersion) -> Register {
    Register::exactly(version.entry.source.iter().map(key_text).collect())
}

fn controller(version: &ActivityVersion) -> Register {
    Register::exactly(codes(&version.entry.controller))
}

/// What a notice tells of a register entry: the item; what it names, where that is recorded; what the register says of it over time.
struct Aspect {
    item: NoticeItem,
    nl: &'static str,
    en: &'static str,
    named: BTreeSet<String>,
    /// Whether filling in what the register had left open is a change too.
    from_nothing: bool,
    points: fn(&Activity) -> Vec<Point>,
}

fn aspects(version: &Dated<VersionPublished>) -> [Aspect; 7] {
    use NoticeItem as I;
    let fact = &version.fact;
    let aspect = |item, nl, en, points| Aspect { item, nl, en, named: BTreeSet::new(), from_nothing: false, points };
    [
        Aspect {
            named: codes(&fact.recipients),
            from_nothing: true,
            ..aspect(I::Recipients, "de ontvangers zijn gewijzigd", "the recipients changed", |activity| {
                by_version(activity, recipients)
            })
        },
        Aspect {
            named: fact.legal_bases.iter().map(key_text).collect(),
            ..aspect(I::LegalBasis, "de grondslagen zijn gewijzigd", "the legal bases changed", bases_over_time)
        },
        aspect(I::Purposes, "de doeleinden zijn gewijzigd", "the purposes changed", |activity| {
            by_version(activity, purposes)
        }),
        aspect(I::Retention, "de bewaartermijnen zijn gewijzigd", "the retention periods changed", |activity| {
            by_version(activity, retention)
        }),
        aspect(
            I::DataCategories,
            "de categorieën van gegevens zijn gewijzigd",
            "the categories of data changed",
            |activity| by_version(activity, data_categories),
        ),
        aspect(I::Source, "de herkomst van de gegevens is gewijzigd", "the source of the data changed", |activity| {
            by_version(activity, source)
        }),
        aspect(I::Controller, "de verwerkingsverantwoordelijke is gewijzigd", "the controller changed", |activity| {
            by_version(activity, controller)
        }),
    ]
}

fn by_version(activity: &Activity, of: fn(&ActivityVersion) -> Register) -> Vec<Point> {
    activity
        .versions()
        .map(|version| Point { at: version.from, fact: version.sequence, register: of(version) })
        .collect()
}

/// The legal bases at each version and at each change in between. A version keeps those that stood last in it, so what stood before is
/// what the version states itself, or what stood in the version before.
fn bases_over_time(activity: &Activity) -> Vec<Point> {
    let mut points: Vec<Point> = Vec::new();
    let mut before: Option<&ActivityVersion> = None;
    for version in activity.versions() {
        let after = |date: &PartialDate| date.earliest() > version.from.earliest();
        let changes = version.legal_bases.iter().filter(|standing| after(&standing.since));
        let mut moments: Vec<(PartialDate, Sequence)> =
            changes.map(|standing| (standing.since, standing.sequence)).collect();
        moments.push((version.from, version.sequence));
        moments.sort_by_key(|(at, fact)| (at.earliest(), *fact));
        for (at, fact) in moments {
            let standing = version.legal_bases.iter().filter_map(|standing| {
                if standing.since.earliest() <= at.earliest() {
                    return Some(standing.basis);
                }
                let stated = version.entry.purposes.iter().find(|purpose| purpose.code == standing.purpose);
                let earlier = before
                    .and_then(|before| before.legal_bases.iter().find(|earlier| earlier.purpose == standing.purpose));
                stated.and_then(|purpose| purpose.basis).or(earlier.map(|earlier| earlier.basis))
            });
            let register = Register::exactly(standing.map(|basis| key_text(&basis)).collect());
            points.push(Point { at, fact, register });
        }
        before = Some(version);
    }
    points
}

fn in_the_register(version: &Dated<VersionPublished>, activities: &[Seen<'_, Activity>]) -> Vec<Change> {
    let told = aspects(version).into_iter().filter(|aspect| tells(version, aspect.item) || !aspect.named.is_empty());
    let mut found = Vec::new();
    for aspect in told {
        for activity in activities {
            let others = activities.iter().filter(|other| other.stream != activity.stream);
            let others = others.filter_map(|other| (aspect.points)(other.state).pop());
            let others: BTreeSet<String> = others.flat_map(|point| point.register.known).collect();
            let change = drift(&aspect, (aspect.points)(activity.state), &others, version.from);
            found.extend(change.map(|(at, fact)| Change::new(at, fact, aspect.nl, aspect.en)));
        }
    }
    found
}

/// Since when the register has said something else than a version tells, without a break until now.
fn drift(
    aspect: &Aspect,
    points: Vec<Point>,
    others: &BTreeSet<String>,
    published: PartialDate,
) -> Option<(PartialDate, Sequence)> {
    let (mut after, mut before): (Vec<Point>, Vec<Point>) =
        points.into_iter().partition(|point| published.before(&point.at) == Ternary::True);
    // A notice may come before the entry of which it tells; then the first entry is what it was written for.
    let told_of = match before.pop() {
        Some(point) => point.register,
        None if after.is_empty() => return None,
        None => after.remove(0).register,
    };
    if told_of.needed.is_empty() && !aspect.from_nothing {
        return None;
    }
    let differs = |register: &Register| {
        let otherwise = if aspect.named.is_empty() {
            register.needed != told_of.needed
        } else {
            let unnamed = register.needed.difference(&aspect.named).next().is_some();
            let gone = aspect.named.iter().any(|named| !register.known.contains(named) && !others.contains(named));
            unnamed || gone
        };
        otherwise && *register != told_of
    };
    let tail = after.iter().rev().take_while(|point| differs(&point.register));
    tail.last().map(|point| (point.at, point.fact))
}

/// The facts by which an assessment ends.
const ENDS_OF_ASSESSMENTS: [&str; 4] = ["superseded", "withdrawn", "rejected", "reviewed"];

fn in_assessments<'w>(
    inquiry: &Inquiry<'w>,
    version: &'w Dated<VersionPublished>,
    activities: &[Seen<'w, Activity>],
) -> Vec<Change> {
    let mut found = Vec::new();
    for told in &version.fact.assessment_summaries {
        let Some(assessment) = inquiry.state::<LegitimateInterestAssessment>(&told.assessment) else { continue };
        if matches!(
            assessment.status,
            AssessmentStatus::Superseded | AssessmentStatus::Withdrawn | AssessmentStatus::Rejected
        ) {
            let facts = inquiry.facts(assessment.stream).into_iter().rev();
            let end = facts
                .map(|fact| (fact.fact.as_str(), &fact.recorded))
                .find(|(name, _)| ENDS_OF_ASSESSMENTS.contains(name));
            found.extend(end.map(|(_, recorded)| {
                Change::new(
                    recorded.effective,
                    recorded.sequence,
                    "de genoemde belangenafweging geldt niet meer",
                    "the assessment that it tells no longer holds",
                )
            }));
        }
        let latest = assessment.state.summaries.last();
        let published = latest.and_then(|latest| latest.fact.document.as_ref()).map(|document| &document.sha256);
        if let (Some(hash), Some(published), Some(latest)) = (&told.sha256, published, latest)
            && hash != published
        {
            let change = Change::new(
                latest.from,
                latest.sequence,
                "de samenvatting van de belangenafweging is gewijzigd",
                "the summary of the assessment changed",
            );
            // The law asks for the interests, not for this text.
            found.push(Change { by_law: false, ..change });
        }
    }
    let told = &version.fact.assessment_summaries;
    let bases = activities.iter().flat_map(|activity| activity.state.legal_bases()).filter(|_| !told.is_empty());
    for basis in bases.filter(|basis| basis.basis == LegalBasis::LegitimateInterest) {
        let untold =
            basis.assessment.as_ref().filter(|assessment| !told.iter().any(|one| one.assessment == **assessment));
        let approval = untold
            .and_then(|assessment| inquiry.state::<LegitimateInterestAssessment>(assessment)?.state.approval.as_ref());
        found.extend(approval.map(|approval| {
            let approved_later = approval.from.earliest() > basis.since.earliest();
            let (at, fact) =
                if approved_later { (approval.from, approval.sequence) } else { (basis.since, basis.sequence) };
            Change::new(
                at,
                fact,
                "een doeleinde rust op een andere belangenafweging",
                "a purpose rests on another assessment",
            )
        }));
    }
    found
}

fn in_transfers<'w>(
    inquiry: &Inquiry<'w>,
    version: &'w Dated<VersionPublished>,
    activities: &[Seen<'w, Activity>],
) -> Vec<Change> {
    let mut found = Vec::new();
    for told in &version.fact.transfer_grounds {
        let transfer = told.transfer_ground.as_ref().and_then(|stream| inquiry.state::<TransferGround>(stream));
        let Some(transfer) = transfer else { continue };
        if let Some(ceased) = &transfer.ceased {
            found.push(Change::new(ceased.from, ceased.sequence, "de doorgifte is beëindigd", "the transfer ended"));
        }
        let Some(period) = transfer.ground.as_ref().filter(|_| flows(transfer)) else { continue };
        if told.ground.as_ref().is_some_and(|ground| ground.as_str() != key_text(&period.ground.kind)) {
            // While nothing was transferred, there was nothing to tell.
            let resumed = transfer.suspensions.last().and_then(|suspension| suspension.until);
            let at = resumed.filter(|resumed| resumed.earliest() > period.since.earliest()).unwrap_or(period.since);
            found.push(Change::new(
                at,
                period.sequence,
                "de doorgifte rust op een andere grond",
                "the transfer rests on another ground",
            ));
        }
    }
    for activity in activities {
        let running =
            inquiry.related::<TransferGround>("activity", activity.stream).into_iter().filter(|one| flows(*one));
        let untold = running.filter(|transfer| {
            !version.fact.transfer_grounds.iter().any(|told| match &told.transfer_ground {
                Some(stream) => stream == transfer.stream,
                None => told.country.is_none() || told.country == transfer.country,
            })
        });
        found.extend(untold.filter_map(|transfer| {
            let period = transfer.ground.as_ref()?;
            Some(Change::new(
                transfer.running_since?,
                period.sequence,
                "er is een doorgifte bij gekomen",
                "a transfer was added",
            ))
        }));
    }
    found
}

fn in_arrangements<'w>(
    inquiry: &Inquiry<'w>,
    notice: Seen<'w, PrivacyNotice>,
    version: &'w Dated<VersionPublished>,
    activities: &[Seen<'w, Activity>],
) -> Vec<Change> {
    let mut found = Vec::new();
    for told in &version.fact.arrangement_essences {
        let Some(arrangement) = inquiry.state::<JointControllerArrangement>(told) else { continue };
        if let Some(terminated) = &arrangement.terminated {
            found.push(Change::new(
                terminated.from,
                terminated.sequence,
                "de regeling is beëindigd",
                "the arrangement ended",
            ));
        }
        if let (Some(to), Some(agreed)) = (arrangement.to, &arrangement.agreed)
            && inquiry.reached(to.earliest())
        {
            found.push(Change::new(to, agreed.sequence, "de regeling is afgelopen", "the arrangement ran out"));
        }
        found.extend(arrangement.amended.last().map(|amended| {
            Change::new(amended.from, amended.sequence, "de regeling is gewijzigd", "the arrangement was amended")
        }));
    }
    for activity in activities {
        for arrangement in inquiry.related::<JointControllerArrangement>("activity", activity.stream) {
            let told = version.fact.arrangement_essences.contains(arrangement.stream);
            // The essence may stand elsewhere than in this notice.
            let elsewhere = arrangement.essence_published.iter().any(|essence| {
                let here = essence.fact.notice.as_ref() == Some(notice.stream);
                !here || essence.fact.notice_version.is_none_or(|number| number == version.fact.version)
            });
            if told || elsewhere || binds(inquiry, arrangement) != Ternary::True {
                continue;
            }
            found.extend(arrangement.agreed.as_ref().map(|agreed| {
                let at = arrangement.from.unwrap_or(agreed.from);
                Change::new(
                    at,
                    agreed.sequence,
                    "er is een regeling met een andere verwerkingsverantwoordelijke",
                    "there is an arrangement with another controller",
                )
            }));
        }
    }
    found
}
