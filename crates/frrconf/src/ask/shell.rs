//! Many questions in one shell: a vtysh each, in one exec of the container.

use super::Question;

/// Stands between two answers of one shell, as the octal escape in [`script`]; JSON and configurations never hold it.
const SEPARATOR: char = '\u{1e}';

/// The longest text, in characters, that is kept of an answer that is none.
const SHOWN: usize = 200;

/// Returns a script for `sh -c` that asks every question through vtysh. [`answers`] takes its output apart.
pub fn script(questions: &[Question]) -> String {
    questions.iter().map(|question| format!("vtysh -c '{}'; printf '\\036'; ", question.vtysh_command())).collect()
}

/// The output of [`script`].
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Printed<'a> {
    /// The standard output.
    pub stdout: &'a str,
    /// The standard error.
    pub stderr: &'a str,
}

/// Returns the answers in the output of [`script`], in the order of the questions. The error of a question without an
/// answer is the text that came instead, shortened.
pub fn answers(printed: Printed<'_>, questions: &[Question]) -> Vec<Result<String, String>> {
    let mut texts = printed.stdout.split(SEPARATOR).map(str::trim);
    let answer = |question: &Question| {
        let text = texts.next().unwrap_or_default();
        if question.is_answered_by(text) {
            return Ok(text.to_owned());
        }
        Err(format!("{text} {}", printed.stderr.trim()).trim().chars().take(SHOWN).collect())
    };
    questions.iter().map(answer).collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::views::Family;
    use crate::vty::Daemon;

    #[test]
    fn a_script_separates_its_answers() {
        let script = script(&[Question::Running(Daemon::Bgpd), Question::Routes(Family::Ipv6)]);
        assert_eq!(
            script,
            "vtysh -c 'show running-config bgpd'; printf '\\036'; vtysh -c 'show ipv6 route json'; printf '\\036'; "
        );
        assert_eq!(u32::from(SEPARATOR), 0o36);
    }

    #[test]
    fn a_missing_answer_keeps_the_text_that_came_instead() {
        let questions = [Question::BgpSummary, Question::BfdPeers, Question::Routes(Family::Ipv4)];
        let stdout = "{\"a\": 1}\n\u{1e}bfdd is not running\n\u{1e}{}\u{1e}";
        let silent = Err("bfdd is not running no vtysh.conf".to_owned());
        let (one, three) = (Ok("{\"a\": 1}".to_owned()), Ok("{}".to_owned()));
        assert_eq!(answers(Printed { stdout, stderr: "no vtysh.conf\n" }, &questions), [one, silent, three]);
        let cut = "%".repeat(1000);
        let cut = Printed { stdout: &cut, stderr: "" };
        assert_eq!(answers(cut, &questions)[0].as_ref().unwrap_err().len(), SHOWN);
        assert_eq!(answers(cut, &questions)[2], Err(String::new()), "the shell ended before");
    }
}
