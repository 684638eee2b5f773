//! The instance that MetalLB's speaker configures on a node (MetalLB 0.15, `internal/bgp/frr`).
//!
//! It takes nothing from its peers, sends each only what is advertised to it, and never listens.
//!
//! ```
//! use frrconf::speaker::{Advertisement, Speaker, SpeakerPeer};
//! use frrconf::values::{Asn, Hostname};
//!
//! let asn = Asn::new(64500)?;
//! let speaker = Speaker {
//!     hostname: Hostname::new("kind-worker")?,
//!     asn,
//!     router_id: None,
//!     peers: vec![SpeakerPeer::new("10.0.2.3".parse()?, asn)],
//!     bfd_profiles: Vec::new(),
//!     advertisements: vec![Advertisement::new("203.0.113.200/32".parse()?)],
//! };
//! let files = speaker.instance()?.validate()?.files()?;
//! assert!(files.frr_conf.contains("ip prefix-list 10.0.2.3-allowed-ipv4 seq 5 permit 203.0.113.200/32"));
//! assert!(files.daemons.contains("-p 0"), "it never listens");
//! # Ok::<(), Box<dyn std::error::Error>>(())
//! ```

mod instance;

pub use instance::SpeakerError;

use std::collections::BTreeSet;
use std::net::IpAddr;

use ipnet::IpNet;

use crate::model::BfdProfile;
use crate::values::{Asn, Community, ConnectTime, Hostname, LargeCommunity, Name, Password, Port, RouterId, Timers};

/// The settings of a speaker, by the fields of MetalLB's resources.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Speaker {
    /// The node's name.
    pub hostname: Hostname,
    /// `myASN` of the peers.
    pub asn: Asn,
    /// `routerID` of the peers, or `None` for FRR's choice.
    pub router_id: Option<RouterId>,
    /// BGPPeer resources.
    pub peers: Vec<SpeakerPeer>,
    /// BFDProfile resources.
    pub bfd_profiles: Vec<BfdProfile>,
    /// The advertised prefixes: one for each address of a service that this node may advertise.
    pub advertisements: Vec<Advertisement>,
}

/// A BGPPeer resource.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SpeakerPeer {
    /// `peerAddress`.
    pub address: IpAddr,
    /// `peerASN`.
    pub asn: Asn,
    /// `peerPort`, where it is not 179.
    pub port: Option<Port>,
    /// `sourceAddress`.
    pub source: Option<IpAddr>,
    /// `dynamicASN` in place of `peerASN`.
    pub dynamic_asn: bool,
    /// `ebgpMultiHop`; says nothing where the peer is of our own AS.
    pub ebgp_multihop: bool,
    /// `dualStackAddressFamily`: exchanges both families over this session.
    pub dual_stack_address_family: bool,
    /// `keepaliveTime` and `holdTime`.
    pub timers: Option<Timers>,
    /// `connectTime`.
    pub connect: Option<ConnectTime>,
    /// `password` or the secret of `passwordSecret`.
    pub password: Option<Password>,
    /// `bfdProfile`.
    pub bfd_profile: Option<Name>,
    /// `enableGracefulRestart`.
    pub graceful_restart: bool,
}

impl SpeakerPeer {
    /// A peer with MetalLB's defaults.
    pub const fn new(address: IpAddr, asn: Asn) -> Self {
        Self {
            address,
            asn,
            port: None,
            source: None,
            dynamic_asn: false,
            ebgp_multihop: false,
            dual_stack_address_family: false,
            timers: None,
            connect: None,
            password: None,
            bfd_profile: None,
            graceful_restart: false,
        }
    }
}

/// A prefix that a speaker advertises.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Advertisement {
    /// The service's address, or the aggregate that it is in.
    pub prefix: IpNet,
    /// `peers` of the BGPAdvertisement, by their addresses; all of them where it is empty.
    pub peers: BTreeSet<IpAddr>,
    /// `localPref` of the BGPAdvertisement.
    pub local_preference: Option<u32>,
    /// `communities` of the BGPAdvertisement, those of two numbers.
    pub communities: BTreeSet<Community>,
    /// `communities` of the BGPAdvertisement, those of three numbers.
    pub large_communities: BTreeSet<LargeCommunity>,
}

impl Advertisement {
    /// A prefix as it is, for every peer.
    pub const fn new(prefix: IpNet) -> Self {
        Self {
            prefix,
            peers: BTreeSet::new(),
            local_preference: None,
            communities: BTreeSet::new(),
            large_communities: BTreeSet::new(),
        }
    }

    /// Returns `true` if it goes to a peer.
    pub fn goes_to(&self, peer: IpAddr) -> bool {
        self.peers.is_empty() || self.peers.contains(&peer)
    }
}
