//! From what a command printed to what the guide prints of it. Pure: the same output always takes the same shape.

use super::names::Names;
use super::source::{Order, Step};

/// Line in place of those that are left out.
const LEFT_OUT: &str = "…";

/// An output that does not fit what the guide says of it.
#[derive(Debug, PartialEq, Eq, thiserror::Error)]
pub(super) enum Misfit {
    /// A line that the guide speaks of is not there.
    #[error("no line has `{0}`")]
    Missing(String),
}

/// The lines that are printed of an output.
///
/// # Errors
/// [`Misfit`], where a line that is kept or spoken of is not there.
pub(super) fn shape(step: &Step, names: &Names, output: &str) -> Result<Vec<String>, Misfit> {
    let printed = names.printed(output);
    let mut lines: Vec<String> = printed.lines().map(|line| line.trim_end().to_owned()).collect();
    let blank = |line: &String| line.is_empty();
    lines.drain(..lines.iter().take_while(|line| blank(line)).count());
    lines.truncate(lines.len() - lines.iter().rev().take_while(|line| blank(line)).count());
    if step.lists {
        lines.iter_mut().for_each(|line| *line = with_sorted_lists(line));
    }
    step.order.iter().for_each(|order| sort(&mut lines, order));
    if !step.keep.is_empty() {
        lines = step.keep.iter().map(|words| kept(&lines, words)).collect::<Result<_, _>>()?;
    }
    step.stable.iter().for_each(|stable| stable.apply(&mut lines, !step.columns));
    if step.columns {
        // An empty line parts two tables.
        lines.split_mut(String::is_empty).for_each(align);
    }
    step.callouts.iter().try_for_each(|callout| find(&lines, &callout.at).map(drop))?;
    Ok(lines)
}

/// The line that has these words; spaces between them count as one.
pub(super) fn find(lines: &[String], words: &str) -> Result<usize, Misfit> {
    let close = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ");
    let wanted = close(words);
    let found = lines.iter().position(|line| close(line).contains(&wanted));
    found.ok_or_else(|| Misfit::Missing(words.to_owned()))
}

fn kept(lines: &[String], words: &str) -> Result<String, Misfit> {
    if words == LEFT_OUT {
        return Ok(LEFT_OUT.to_owned());
    }
    find(lines, words).map(|at| lines[at].clone())
}

/// Puts lines that come in any order into that of a word, each in one of the places that they have.
fn sort(lines: &mut [String], order: &Order) {
    let places: Vec<usize> = (0..lines.len()).filter(|at| lines[*at].contains(&order.of)).collect();
    let mut sorted: Vec<String> = places.iter().map(|at| lines[*at].clone()).collect();
    let key = |line: &String| line.split_whitespace().nth(order.by.saturating_sub(1)).map(str::to_owned);
    sorted.sort_by_key(key);
    places.into_iter().zip(sorted).for_each(|(at, line)| lines[at] = line);
}

/// A line whose lists, names between commas without spaces, are sorted: Docker prints a container's networks in any order.
fn with_sorted_lists(line: &str) -> String {
    let sorted = |word: &str| {
        let mut names: Vec<&str> = word.split(',').collect();
        names.sort_unstable();
        names.join(",")
    };
    line.split(' ').map(sorted).collect::<Vec<_>>().join(" ")
}

/// The least gap between two columns.
const GAP: &str = "  ";

/// Makes columns as wide as their widest cell, and parts them as the narrowest gap does.
fn align(lines: &mut [String]) {
    let cells = |line: &str| -> Vec<String> {
        let parts = line.split(GAP).map(str::trim).filter(|cell| !cell.is_empty());
        parts.map(str::to_owned).collect()
    };
    let is_row = |line: &str| line.trim_start().contains(GAP);
    let gap = lines.iter().filter_map(|line| narrowest_gap(line)).min().unwrap_or(GAP.len());
    let rows: Vec<Vec<String>> = lines.iter().filter(|line| is_row(line)).map(|line| cells(line)).collect();
    let columns = rows.iter().map(Vec::len).max().unwrap_or_default();
    let width = |at: usize| rows.iter().filter_map(|row| row.get(at)).map(|cell| cell.chars().count()).max();
    let widths: Vec<usize> = (0..columns).map(|at| width(at).unwrap_or_default()).collect();
    for line in lines.iter_mut().filter(|line| is_row(line)) {
        let indent = line.len() - line.trim_start().len();
        let row = cells(line);
        let padded = row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect::<Vec<_>>();
        *line = format!("{}{}", " ".repeat(indent), padded.join(&" ".repeat(gap)).trim_end());
    }
}

fn narrowest_gap(line: &str) -> Option<usize> {
    let gaps = line.trim_start().split(|c| c != ' ').map(str::len);
    gaps.filter(|length| *length >= GAP.len()).min()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(rest: &str) -> Step {
        toml::from_str(&format!("name = \"x\"\nrun = \"x\"\n{rest}")).unwrap()
    }

    fn shaped(rest: &str, output: &str) -> Result<Vec<String>, Misfit> {
        shape(&step(rest), &Names::default(), output)
    }

    const CONTAINERS: &str = "ID             NAME           NETWORKS\n\
                              a1c09f0e6b25   kind-worker2   kind\n989cfc4a1bfc   kind-worker    kind\n";

    #[test]
    fn lines_of_any_order_are_put_in_one_before_they_are_numbered() {
        let shaped = shaped("stable = [\"docker-id\"]\norder = [{ of = \"kind\", by = 2 }]", CONTAINERS).unwrap();
        assert_eq!(shaped[1..], ["53b0d2cd4848   kind-worker    kind", "68489dc52fdd   kind-worker2   kind"]);
    }

    #[test]
    fn lists_are_printed_in_one_order() {
        let shaped = shaped("lists = true", "a1   next-hop-router   kind2,kind\nb2   frr1   kind2\n").unwrap();
        assert_eq!(shaped, ["a1   next-hop-router   kind,kind2", "b2   frr1   kind2"]);
    }

    #[test]
    fn columns_are_as_wide_as_what_is_printed() {
        let output = "NAME   AGE       IP\nweb    12d3h30m   ::\n\nN    AGE\nx    9s\n\nall good\n";
        let shaped = shaped("columns = true\nstable = [\"age=1m\"]", &output.replace("3h30m", "3h")).unwrap();
        assert_eq!(shaped, ["NAME   AGE   IP", "web    1m    ::", "", "N    AGE", "x    1m", "", "all good"]);
    }

    #[test]
    fn only_kept_lines_are_printed() {
        let kept = |words: &str| shaped(&format!("keep = [\"…\", \"{words}\"]"), CONTAINERS);
        assert_eq!(kept("kind-worker kind").unwrap(), ["…", "989cfc4a1bfc   kind-worker    kind"]);
        assert_eq!(kept("frr1"), Err(Misfit::Missing("frr1".to_owned())));
    }

    #[test]
    fn a_line_that_is_spoken_of_has_to_be_there() {
        let rest = "[[callout]]\nat = \"frr1\"\nsay = \"A router.\"";
        assert_eq!(shaped(rest, CONTAINERS), Err(Misfit::Missing("frr1".to_owned())));
    }
}
