//! The lab file's own checks.

mod path;
mod routes;

use futures::future::join_all;
use labfile::compose::{Expected, Own};
use labfile::{Claim, Port};
use std::net::{IpAddr, SocketAddr};

use super::shells::Shells;
use super::views::Views;
use super::{Check, Subject, Topic, ping, web};

/// Those of tables and sessions, of the places that were asked.
pub(crate) fn routing(expected: &Expected, views: &Views) -> Vec<Check> {
    of_places(expected, views, true)
}

/// Those of tables and sessions, of the places that cannot be asked.
pub(crate) fn unasked(expected: &Expected, views: &Views) -> Vec<Check> {
    of_places(expected, views, false)
}

fn of_places(expected: &Expected, views: &Views, asked: bool) -> Vec<Check> {
    let counts = |own: &&Own| own.claim.place().is_some_and(|place| views.contains_key(place.as_str()) == asked);
    let one = |own: &Own| Some(check(own, routes::judge(&own.claim, &expected.sessions, views)?));
    expected.own.iter().filter(counts).filter_map(one).collect()
}

/// Those of answers and paths, all at the same time.
pub(crate) async fn packets(shells: &Shells<'_>, expected: &Expected) -> Vec<Check> {
    let one = async |own: &Own| {
        let seen = match &own.claim {
            Claim::Answer { from, to, port, answers } => {
                judge(answer(shells, from.as_str(), (*to, *port)).await, *answers)
            }
            Claim::Path { from, to, .. } => path::follow(shells, from.as_str(), *to, &own.steps).await,
            _ => return None,
        };
        Some(check(own, seen))
    };
    join_all(expected.own.iter().map(one)).await.into_iter().flatten().collect()
}

fn check(own: &Own, seen: Result<String, String>) -> Check {
    Check::of(Topic::Own, Subject::Own(own.name.to_string()), seen)
}

/// The answer to a ping or a request: its text, or the reason why there is none.
enum Answered {
    Answer(String),
    Nothing(String),
}

/// Sends one ping or request.
async fn answer(shells: &Shells<'_>, from: &str, (to, port): (IpAddr, Option<Port>)) -> Result<Answered, String> {
    match port {
        None => {
            let printed = shells.run(from, &ping::script([to].into_iter(), "")).await?;
            let answers = printed.lines().any(|line| line.trim() == to.to_string());
            Ok(match answers {
                true => Answered::Answer(format!("{to} answers")),
                false => Answered::Nothing(format!("no answer from {to}")),
            })
        }
        Some(Port(port)) => {
            let at = SocketAddr::new(to, port.number);
            let printed = shells.run(from, &web::script([(at, port.protocol)].into_iter())).await?;
            let line = printed.lines().next().ok_or("the request was not made")?;
            // `ADDRESS CODE FIRST-LINE`, as the script prints it.
            let mut words = line.splitn(3, ' ');
            let (_, code, rest) = (words.next(), words.next(), words.next().unwrap_or_default().trim());
            Ok(match (code, rest) {
                (Some("0"), answer) if !answer.is_empty() => Answered::Answer(answer.to_owned()),
                // The script could not ask at all.
                (Some("9"), why) => return Err(why.to_owned()),
                (_, "") => Answered::Nothing("no answer".to_owned()),
                (_, why) => Answered::Nothing(why.to_owned()),
            })
        }
    }
}

/// Judges an answer that has to be there, or must not.
fn judge(answered: Result<Answered, String>, answers: bool) -> Result<String, String> {
    match (answered?, answers) {
        (Answered::Answer(answer), true) => Ok(answer),
        (Answered::Nothing(why), false) => Ok(why),
        (Answered::Nothing(why), true) => Err(why),
        (Answered::Answer(answer), false) => Err(format!("answered `{answer}`, expected no answer")),
    }
}

#[cfg(test)]
mod tests {
    use diagnosis::evidence::Frr;
    use labfile::{DOCUMENTED, Lab, LabFile, Overrides, compose};

    use super::*;

    /// While a lab settles, FRR in pods is not asked at each look; in the end, whoever cannot be asked fails its checks.
    #[test]
    fn a_place_that_is_not_asked_is_judged_in_the_end_alone() {
        let check = |at: &str| format!("[[check]]\nname = \"at {at}\"\nprefix = \"203.0.113.200/32\"\nat = \"{at}\"\n");
        let text = [DOCUMENTED, &check("frr1"), &check("kind-worker")].join("\n");
        let file = LabFile { name: "lab.toml", text: &text, folder: "/".into() };
        let lab = Lab::read(file, &Overrides::default()).unwrap();
        let expected = compose::expected(&lab, &lab.cluster.placement);
        let near = Views::from([("frr1".to_owned(), Frr::default())]);
        let names = |checks: Vec<Check>| checks.iter().map(|check| check.subject.to_string()).collect::<Vec<_>>();
        assert_eq!(names(routing(&expected, &near)), ["at frr1"]);
        let unasked = unasked(&expected, &near);
        assert_eq!((unasked[0].passed, unasked[0].seen.as_str()), (false, "not asked"));
        assert_eq!(names(unasked), ["at kind-worker"]);
    }

    #[test]
    fn an_answer_is_as_it_should_be_or_not() {
        let answer = || Ok(Answered::Answer("NOW: 2022".to_owned()));
        let nothing = || Ok(Answered::Nothing("timed out".to_owned()));
        assert_eq!(judge(answer(), true).as_deref(), Ok("NOW: 2022"));
        assert_eq!(judge(answer(), false).unwrap_err(), "answered `NOW: 2022`, expected no answer");
        assert_eq!(judge(nothing(), false).as_deref(), Ok("timed out"));
        assert_eq!(judge(nothing(), true).unwrap_err(), "timed out");
        assert!(judge(Err("no HTTP client in the image".to_owned()), false).is_err(), "nobody has asked");
    }
}
