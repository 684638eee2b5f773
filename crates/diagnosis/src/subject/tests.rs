use super::*;

#[test]
fn every_subject_has_its_text() {
    let name = |name: &str| name.to_owned();
    let v4: IpAddr = "203.0.113.200".parse().unwrap();
    let answer = |address, port| Subject::Answer { from: name("frr1"), service: name("web"), address, port };
    let http = Some(ServicePort { number: 80, protocol: Protocol::Tcp });
    let dns = Some(ServicePort { number: 53, protocol: Protocol::Udp });
    let all = [
        (Subject::Network(name("kind")), "kind"),
        (Subject::Component(Component::Resource), "MetalLB resource"),
        (Subject::Speaker { node: name("kind-worker") }, "speaker on kind-worker"),
        (Subject::ServiceAddress { service: name("web"), address: v4 }, "web 203.0.113.200"),
        (Subject::Endpoints { service: name("web") }, "web endpoints"),
        (Subject::TrafficPolicy { service: name("web") }, "web traffic policy"),
        (
            Subject::NodePort {
                from: name("frr1"),
                node: name("n"),
                at: "[fd00::3]:30000".parse().unwrap(),
                protocol: Protocol::Tcp,
            },
            "frr1 → n http://[fd00::3]:30000",
        ),
        (Subject::Way { from: name("frr1"), to: name("n"), address: v4 }, "frr1 → n 203.0.113.200"),
        (Subject::session("frr1", "n"), "frr1 – n"),
        (Subject::prefix("frr1", v4.into()), "frr1 203.0.113.200/32"),
        (answer(v4, None), "frr1 → web 203.0.113.200"),
        (answer("fd01::".parse().unwrap(), http), "frr1 → web http://[fd01::]:80"),
        (answer(v4, dns), "frr1 → web udp://203.0.113.200:53"),
    ];
    for (subject, text) in all {
        assert_eq!(subject.to_string(), text);
    }
}

#[test]
fn a_longer_name_is_another_place() {
    let way = Subject::Way { from: "frr1".into(), to: "kind-worker2".into(), address: "10.0.1.4".parse().unwrap() };
    assert!(way.concerns("frr1") && way.concerns("kind-worker2"));
    assert!(!way.concerns("kind-worker") && !way.concerns("frr"));
}
