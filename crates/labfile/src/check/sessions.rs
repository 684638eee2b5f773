//! BFD profiles, timers, and the common part of both kinds of session.

use std::{net::IpAddr, sync::Arc, time::Duration};

use super::{
    super::{
        At, Name, Password, Place,
        family::Family,
        problem::{Problem, What},
        raw::{RawBfdProfile, RawFamily, RawNeighbor, RawPeer},
        session::{Bfd, BfdProfile, Hops, Session, Timers},
        values::Span,
    },
    Finds, names,
};

/// Checks the BFD profiles.
pub(super) fn profiles(finds: &mut Finds, raw: &[At<RawBfdProfile>]) -> Vec<Arc<BfdProfile>> {
    names::unique(finds, What::BfdProfile, raw.iter().map(|profile| &profile.name));
    raw.iter().map(|raw| Arc::new(profile(finds, raw))).collect()
}

fn profile(finds: &mut Finds, raw: &RawBfdProfile) -> BfdProfile {
    let mut interval = |span: &Option<At<Span>>, default| match span {
        None => Duration::from_millis(default),
        Some(span) => {
            let whole = span.0.subsec_nanos().is_multiple_of(1_000_000);
            if !whole || !(10..=60_000).contains(&span.0.as_millis()) {
                let expected = "10ms to 60s, in whole milliseconds";
                finds.add(span.place(), Problem::Range { value: span.to_string(), expected });
            }
            span.0
        }
    };
    let receive_interval = interval(&raw.receive_interval, 300);
    let transmit_interval = interval(&raw.transmit_interval, 300);
    let echo_interval = interval(&raw.echo_interval, 50);
    BfdProfile {
        name: (*raw.name).clone(),
        receive_interval,
        transmit_interval,
        detect_multiplier: finds.number(raw.detect_multiplier.as_ref(), 3, 2..=u8::MAX, "2 to 255"),
        echo: raw.echo_mode.then_some(echo_interval),
        passive: raw.passive_mode,
        minimum_ttl: finds.number(raw.minimum_ttl.as_ref(), 254, 1..=254, "1 to 254"),
    }
}

/// The fields that peers and neighbors have in common.
pub(super) struct Fields<'a> {
    family: &'a Option<At<RawFamily>>,
    bfd_profile: &'a Option<At<Name>>,
    password: &'a Option<At<String>>,
    hold_time: &'a Option<At<Span>>,
    keepalive_time: &'a Option<At<Span>>,
    connect_time: &'a Option<At<Span>>,
}

/// Borrows the fields of an entry that has all of them.
macro_rules! fields_of {
    ($($entry:ty)*) => {$(
        impl<'a> From<&'a $entry> for Fields<'a> {
            fn from(raw: &'a $entry) -> Self {
                Self {
                    family: &raw.family,
                    bfd_profile: &raw.bfd_profile,
                    password: &raw.password,
                    hold_time: &raw.hold_time,
                    keepalive_time: &raw.keepalive_time,
                    connect_time: &raw.connect_time,
                }
            }
        }
    )*};
}

fields_of!(RawPeer RawNeighbor);

impl Fields<'_> {
    /// Returns the family of the session's own addresses, and what it makes possible: the file's, or else the first with
    /// which the session can be.
    pub(super) fn family<T>(&self, of: impl Fn(Family) -> Result<T, Problem>) -> Result<(Family, T), Problem> {
        let with = |family| Ok((family, of(family)?));
        match self.family.as_deref() {
            Some(RawFamily::Ipv4) => with(Family::Ipv4),
            Some(RawFamily::Ipv6) => with(Family::Ipv6),
            None => with(Family::Ipv4).or_else(|first| with(Family::Ipv6).map_err(|_| first)),
        }
    }

    /// Returns the place of the family, or else another one.
    pub(super) fn place(&self, other: Place) -> Place {
        self.family.as_ref().map_or(other, At::place)
    }

    /// Checks the session; `far` is the address of the end that answers.
    pub(super) fn session(&self, finds: &mut Finds, hops: Hops, far: IpAddr, profiles: &[Arc<BfdProfile>]) -> Session {
        let profile = self
            .bfd_profile
            .as_ref()
            .and_then(|name| names::find(finds, What::BfdProfile, name, profiles, |profile| &profile.name).cloned());
        if let (Some(name), Some(profile), Hops::Routed(_)) = (self.bfd_profile, &profile, hops)
            && profile.echo.is_some()
        {
            finds.add(name.place(), Problem::EchoMultihop(profile.name.clone()));
        }
        let bfd = profile.map(|profile| match hops {
            Hops::Direct => Bfd::SingleHop(profile),
            Hops::Routed(_) => Bfd::Multihop { profile, router_address: far },
        });
        let password = self.password.as_ref().and_then(|password| {
            let expected = "1 to 80 visible ASCII characters, no space";
            let unfit = |_| Problem::Unfit { value: "the password".to_owned(), expected };
            finds.ok(password.place(), Password::new(password.as_str()).map_err(unfit))
        });
        Session { family: Family::of(far), hops, bfd, password, timers: self.timers(finds) }
    }

    fn timers(&self, finds: &mut Finds) -> Timers {
        let never = self.hold_time.as_ref().is_some_and(|hold| hold.0.is_zero());
        let mut get = |span: &Option<At<Span>>, least| span.as_ref().and_then(|span| seconds(finds, span, least));
        let (hold, keepalive, connect) =
            (get(self.hold_time, if never { 0 } else { 3 }), get(self.keepalive_time, 1), get(self.connect_time, 1));
        if let (Some(keepalive), true) = (self.keepalive_time, never) {
            let expected = "no keepalive-time: the session never expires, and no keepalive is sent";
            let value = "a keepalive time beside a hold time of 0s".to_owned();
            finds.add(keepalive.place(), Problem::Unfit { value, expected });
            return Timers { keepalive_hold: None, connect };
        }
        // RFC 4271 4.4: a third of the hold time. The one that is not given follows the other.
        let keepalive_hold = match (keepalive, hold) {
            (None, None) => None,
            (Some(keepalive), hold) => Some((keepalive, hold.unwrap_or(keepalive.saturating_mul(3)))),
            (None, Some(hold)) => Some((hold / 3, hold)),
        };
        if let (Some((keepalive, hold)), Some(place)) = (keepalive_hold, self.keepalive_time)
            && keepalive > hold / 3
        {
            finds.add(place.place(), Problem::Keepalive { keepalive, hold });
        }
        Timers { keepalive_hold, connect }
    }
}

/// Converts a BGP timer into whole seconds.
pub(super) fn seconds(finds: &mut Finds, span: &At<Span>, least: u16) -> Option<u16> {
    let whole = u16::try_from(span.0.as_secs()).ok().filter(|seconds| span.0.subsec_nanos() == 0 && *seconds >= least);
    finds.ok(span.place(), whole.ok_or(Problem::Timer(**span)))
}
