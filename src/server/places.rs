//! Places: so many at once, of which each is given back when its holder is gone.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

/// A number of places for each key.
#[derive(Clone, Debug)]
pub struct Places<K> {
    most: usize,
    taken: Arc<Mutex<HashMap<K, usize>>>,
}

/// A place that is taken; dropping it gives it back.
#[derive(Debug)]
pub struct Place<K: Eq + Hash> {
    key: K,
    places: Places<K>,
}

impl<K: Eq + Hash + Clone> Places<K> {
    /// Makes so many places for each key.
    pub fn new(most: usize) -> Self {
        Self { most, taken: Arc::default() }
    }

    /// Takes a place; `None` if all are taken.
    pub fn take(&self, key: K) -> Option<Place<K>> {
        let mut all = self.taken.lock().unwrap_or_else(PoisonError::into_inner);
        let taken = all.entry(key.clone()).or_default();
        if *taken >= self.most {
            return None;
        }
        *taken += 1;
        Some(Place { key, places: self.clone() })
    }

    /// Returns how many places are taken in all.
    pub fn taken(&self) -> usize {
        self.taken.lock().unwrap_or_else(PoisonError::into_inner).values().sum()
    }
}

impl<K: Eq + Hash> Drop for Place<K> {
    fn drop(&mut self) {
        let mut all = self.places.taken.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(taken) = all.get_mut(&self.key) {
            *taken -= 1;
            if *taken == 0 {
                all.remove(&self.key);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_is_given_back() {
        let places = Places::new(2);
        let (first, second) = (places.take('a'), places.take('a'));
        assert!(first.is_some() && second.is_some() && places.take('a').is_none());
        assert!(places.take('b').is_some());
        drop(first);
        assert_eq!(places.taken(), 1);
        assert!(places.take('a').is_some());
        drop(second);
        assert_eq!(places.taken(), 0);
    }
}
