//! Deliveries of register changes: that the system of a unit has received a change of the register (GDPR Art. 30;
//! policy).
//!
//! One stream is one subscription, or one unit where nobody subscribed; when it is full it goes on in a new one. What
//! is recorded here is a machine's word. That a person has taken note is an acknowledgement, a family of its own.

use crate::family::declare;
use crate::family::dossier::{Refusal, distinct, ended, links, malformed};
use crate::family::kit::{Context, Family, Recorded, RejectionCode, note_anomaly};
use crate::family::register_acknowledgement::{admit_change, is_in_register};
use crate::ledger::erasable::Erasable;
use crate::ledger::name::{Code, Sequence, StreamId};
use crate::time::Instant;

declare! {
    family RegisterDelivery many registerDeliveries = "aflevering van registerwijzigingen";

    /// How a unit's system receives changes.
    choice EndpointKind as "RegisterEndpointKind" {
        WebSocket = "websocket" "By a web socket (`graphql-transport-ws`).",
        ServerSentEvents = "server-sent events" "By server-sent events.",
        Webhook = "webhook" "By a call to the unit's own address.",
        Polling = "periodiek opvragen" "By asking again and again.",
        File = "bestand" "By a file.",
        Other "In another way.",
    }

    /// A unit's system subscribes to changes of the register.
    event SubscriptionCreated as "RegisterSubscriptionCreated" = "abonnement op het register genomen",
        once subscription -> Active "The subscription." {
        unit: Code "The unit.",
        families: Vec<Code> = "soorten dossiers"
            "The families whose changes it wants, as `activity`; none named: the whole register.",
        activities: Vec<StreamId> "The activities whose changes it wants; none named: all.",
        endpoint: EndpointKind? = "wijze van ontvangst" "How its system receives them.",
        system: Code? = "systeem" "The system that receives them.",
    }

    /// A change of the register was delivered to a unit's system, which confirmed it.
    event ChangePublished as "RegisterChangePublished" = "registerwijziging afgeleverd",
        every deliveries "The changes that were delivered, oldest first." {
        unit: Code "The unit.",
        subject: StreamId = "gewijzigd dossier" key "The stream that changed.",
        change: Sequence = "wijziging" key "The sequence of the fact that changed it.",
        delivered: Instant? = "afgeleverd op" "When the system confirmed it.",
    }

    /// The subscription ends.
    event SubscriptionEnded as "RegisterSubscriptionEnded" = "abonnement op het register beëindigd",
        last ended needs subscription -> Ended "The end of the subscription." {
        reason: Erasable<String>? "Why.",
    }

    /// Where a subscription stands.
    choice SubscriptionStatus as "RegisterDeliveryStatus" {
        #[default] Unsubscribed = "zonder abonnement" "Changes are delivered without a subscription, or not yet.",
        Active = "actief" "The unit's system is subscribed.",
        Ended = "beëindigd" "The subscription has ended.",
    }

    /// The delivery of register changes to a unit at one moment.
    state RegisterDelivery as "RegisterDeliveryState" of SubscriptionStatus key {
        unit: Code? key "The unit.",
        newest: Sequence? = "nieuwste afgeleverde wijziging" "The newest change, by the sequence of its fact.",
    }

    relations {
        managementUnit: one managementUnit shared unit unit = "beheerseenheid" "The unit to which they are delivered.",
        activities: many activity ours subject = "verwerkingsactiviteiten" "The activities that changed.",
        acknowledgements: many registerAcknowledgement shared change change = "kennisnemingen"
            "What units acknowledged of the delivered changes, whichever unit it was.",
    }
}

impl Family for RegisterDelivery {
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
                links("activities", "activity", &event.activities)
            }
            E::ChangePublished(event) => {
                self.admit_unit(&event.unit)?;
                admit_change(&event.subject, event.change, context)?;
                if self.is_delivered(event) {
                    let message = "that this change was delivered is recorded already";
                    return Err(Refusal::new(RejectionCode::AlreadyExists, "change", message));
                }
                Ok(())
            }
            E::SubscriptionEnded(_) if self.status == SubscriptionStatus::Ended => {
                ended("this subscription has ended already")
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
}

fn admit_families(families: &[Code]) -> Result<(), Refusal> {
    distinct("families", families)?;
    match families.iter().find(|family| !is_in_register(family.as_str())) {
        Some(family) => malformed("families", format!("{family} is no family whose changes units are told of")),
        None => Ok(()),
    }
}

impl RegisterDelivery {
    fn admit_unit(&self, unit: &Code) -> Result<(), Refusal> {
        match &self.unit {
            Some(known) if known != unit => {
                malformed("unit", format!("this stream is about deliveries to {known}; begin a new one for {unit}"))
            }
            _ => Ok(()),
        }
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
