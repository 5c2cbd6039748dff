//! Deliveries of register changes: that the system of a unit has received a change of the register (GDPR Art. 30;
//! policy).
//!
//! One stream is one subscription, or one unit where nobody subscribed; when it is full it goes on in a new one. What
//! is recorded here is a machine's word. That a person has taken note is an acknowledgement, a family of its own.

use super::declare::{choice, dossier, events, filter, record};
use super::dossier::{Refusal, distinct, link};
use super::finding::keyed;
use super::kit::{By, Context, Family, Keys, Recorded, RejectionCode, Relation, note_anomaly};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::Instant;

choice! {
    /// How a unit's system receives changes.
    EndpointKind "RegisterEndpointKind" {
        /// By a web socket (`graphql-transport-ws`).
        WebSocket = "websocket",
        /// By server-sent events.
        ServerSentEvents = "server-sent events",
        /// By a call to the unit's own address.
        Webhook = "webhook",
        /// By asking again and again.
        Polling = "periodiek opvragen",
        /// By a file.
        File = "bestand",
        /// In another way.
        Other,
    }
}

record! {
    /// A unit's system subscribes to changes of the register.
    SubscriptionCreated "RegisterSubscriptionCreated" "RegisterSubscriptionCreatedInput" {
        /// The unit.
        unit: Code,
        /// The families whose changes it wants, as `activity`; none named: the whole register.
        families: Vec<Code> = "soorten dossiers",
        /// The activities whose changes it wants; none named: all.
        activities: Vec<StreamId>,
        /// How its system receives them.
        endpoint: Option<EndpointKind> = "wijze van ontvangst",
        /// The system that receives them.
        system: Option<Code> = "systeem",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// A change of the register was delivered to a unit's system, which confirmed it.
    ChangePublished "RegisterChangePublished" "RegisterChangePublishedInput" {
        /// The unit.
        unit: Code,
        /// The stream that changed.
        subject: StreamId = "gewijzigd dossier",
        /// The sequence of the fact that changed it.
        change: Sequence = "wijziging",
        /// When the system confirmed it.
        delivered: Option<Instant> = "afgeleverd op",
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

record! {
    /// The subscription ends.
    SubscriptionEnded "RegisterSubscriptionEnded" "RegisterSubscriptionEndedInput" {
        /// Why.
        reason: Option<Erasable<String>>,
        /// Anything else worth knowing.
        remark: Option<Erasable<String>>,
    }
}

events! {
    /// What happens to the delivery of register changes.
    RegisterDeliveryEvent "RegisterDeliveryEvent" "RegisterDeliveryEventInput",
    retracted "RegisterDeliveryRetracted" "RegisterDeliveryRetractedInput"
    {
        /// A unit's system subscribes.
        SubscriptionCreated "subscriptionCreated" 1 "RegisterSubscriptionCreated"
            = "abonnement op het register genomen",
        /// A change was delivered.
        ChangePublished "changePublished" 1 "RegisterChangePublished" = "registerwijziging afgeleverd",
        /// The subscription ends.
        SubscriptionEnded "subscriptionEnded" 1 "RegisterSubscriptionEnded" = "abonnement op het register beëindigd",
    }
}

choice! {
    /// Where a subscription stands.
    #[derive(Default)]
    SubscriptionStatus "RegisterDeliveryStatus" {
        /// Changes are delivered without a subscription, or not yet.
        #[default]
        Unsubscribed = "zonder abonnement",
        /// The unit's system is subscribed.
        Active = "actief",
        /// The subscription has ended.
        Ended = "beëindigd",
    }
}

dossier! {
    /// The delivery of register changes to a unit at one moment.
    RegisterDelivery "RegisterDeliveryState" follows RegisterDeliveryEvent, status SubscriptionStatus {
        /// The subscription.
        subscription: once SubscriptionCreated -> Active,
        /// The changes that were delivered, oldest first.
        deliveries: every ChangePublished,
        /// The end of the subscription.
        ended: last SubscriptionEnded needs subscription -> Ended,
    } and {
        /// The unit.
        unit: Option<Code>,
        /// The newest change that was delivered, by the sequence of its fact.
        newest: Option<Sequence> = "nieuwste afgeleverde wijziging",
    }
}

filter! {
    "RegisterDeliveryFilter" {
        /// Deliveries to a unit.
        unit "unit": Code,
        /// Deliveries of changes of a stream.
        subject "subject": StreamId,
        /// Deliveries of one change, by the sequence of its fact.
        change "change": Sequence,
        /// Subscriptions that stand so.
        status "status": SubscriptionStatus,
    }
}

impl Family for RegisterDelivery {
    const NAME: &'static str = "registerDelivery";
    const LABEL_NL: &'static str = "aflevering van registerwijzigingen";
    const GRAPHQL_NAME: &'static str = "RegisterDelivery";
    const ABOUT_A_PERSON: bool = false;
    const IN_REGISTER: bool = false;
    const RELATIONS: &'static [Relation] = &[
        Relation::one(
            "managementUnit",
            "beheerseenheid",
            "managementUnit",
            By::Shared("unit", "unit"),
            "The unit to which they are delivered.",
        ),
        Relation::many(
            "activities",
            "verwerkingsactiviteiten",
            "activity",
            By::Ours("subject"),
            "The activities of which changes were delivered.",
        ),
        Relation::many(
            "acknowledgements",
            "kennisnemingen",
            "registerAcknowledgement",
            By::Shared("change", "change"),
            "What units acknowledged of the delivered changes, whichever unit it was.",
        ),
    ];
    type Event = RegisterDeliveryEvent;
    type Filter = Filter;
    type Rejection = Refusal;

    fn transitions() -> Vec<super::describe::Transition> {
        Self::order()
    }

    fn refers(event: &RegisterDeliveryEvent) -> Vec<StreamId> {
        match event {
            RegisterDeliveryEvent::ChangePublished(event) => vec![event.subject.clone()],
            _ => Vec::new(),
        }
    }

    fn admit(&self, event: &RegisterDeliveryEvent, context: &Context<'_>) -> Result<(), Refusal> {
        use RegisterDeliveryEvent as E;
        self.admit_order(event)?;
        match event {
            E::SubscriptionCreated(event) => {
                self.admit_unit(&event.unit)?;
                admit_families(&event.families)?;
                link("activities", "activity", &event.activities)?;
                distinct("activities", &event.activities)
            }
            E::ChangePublished(event) => self.admit_change(event, context),
            E::SubscriptionEnded(_) if self.status == SubscriptionStatus::Ended => {
                Err(Refusal::new(RejectionCode::Ended, "", "this subscription has ended already"))
            }
            E::SubscriptionEnded(_) | E::Retracted(_) => Ok(()),
        }
    }

    fn apply(&mut self, event: &RegisterDeliveryEvent, recorded: &Recorded) {
        use RegisterDeliveryEvent as E;
        if let E::ChangePublished(event) = event
            && self.is_delivered(event)
        {
            return note_anomaly(&mut self.anomalies, recorded, "this change had been delivered before");
        }
        self.keep(event, recorded);
        match event {
            E::SubscriptionCreated(event) => self.concern(&event.unit, recorded),
            E::ChangePublished(event) => {
                self.concern(&event.unit, recorded);
                self.newest = self.newest.max(Some(event.change));
            }
            E::SubscriptionEnded(_) | E::Retracted(_) => {}
        }
        // A subscription that ended begins no second time in the same stream.
        if self.ended.is_some() {
            self.status = SubscriptionStatus::Ended;
        }
    }

    fn keys(&self) -> Keys {
        let deliveries = self.deliveries.iter().map(|delivery| &delivery.fact);
        [
            keyed("unit", &self.unit),
            keyed("subject", deliveries.clone().map(|delivery| &delivery.subject)),
            keyed("change", deliveries.map(|delivery| &delivery.change)),
            keyed("status", [&self.status]),
        ]
        .concat()
    }
}

fn admit_families(families: &[Code]) -> Result<(), Refusal> {
    distinct("families", families)?;
    match families.iter().find(|family| !is_in_register(family.as_str())) {
        Some(family) => {
            let message = format!("{family} is no family whose changes units are told of");
            Err(Refusal::new(RejectionCode::Malformed, "families", message))
        }
        None => Ok(()),
    }
}

fn is_in_register(family: &str) -> bool {
    super::family(family).is_ok_and(|family| family.in_register)
}

impl RegisterDelivery {
    fn admit_unit(&self, unit: &Code) -> Result<(), Refusal> {
        match &self.unit {
            Some(known) if known != unit => {
                let message = format!("this stream is about deliveries to {known}; begin a new one for {unit}");
                Err(Refusal::new(RejectionCode::Malformed, "unit", message))
            }
            _ => Ok(()),
        }
    }

    fn admit_change(&self, event: &ChangePublished, context: &Context<'_>) -> Result<(), Refusal> {
        let ChangePublished { unit, subject, change, .. } = event;
        self.admit_unit(unit)?;
        if !is_in_register(subject.family()) {
            let message = format!("{subject} is not of a family whose changes units are told of");
            return Err(Refusal::new(RejectionCode::Malformed, "subject", message));
        }
        let facts = context.streams.get(subject).map_or(&[] as &[_], Vec::as_slice);
        if !facts.iter().any(|fact| fact.recorded.sequence == *change) {
            let message =
                format!("sequence {change} is no fact of {subject}; give both as the register change has them");
            return Err(Refusal::new(RejectionCode::Unknown, "change", message));
        }
        if self.is_delivered(event) {
            let message = "that this change was delivered is recorded already";
            return Err(Refusal::new(RejectionCode::AlreadyExists, "change", message));
        }
        Ok(())
    }

    fn is_delivered(&self, event: &ChangePublished) -> bool {
        self.deliveries.iter().any(|known| known.fact.subject == event.subject && known.fact.change == event.change)
    }

    fn concern(&mut self, unit: &Code, recorded: &Recorded) {
        if self.admit_unit(unit).is_err() {
            note_anomaly(&mut self.anomalies, recorded, "the stream had been about deliveries to another unit");
        }
        self.unit = Some(unit.clone());
    }
}

#[cfg(test)]
mod tests;
