//! `init`: a commented lab file to start from.

use labfile::DOCUMENTED;

/// The documented lab's own file: what it says is what runs without a lab file.
pub(crate) fn text() -> String {
    DOCUMENTED.to_owned()
}

#[cfg(test)]
mod tests {
    use camino::Utf8Path;

    use labfile::{Lab, Overrides};

    #[test]
    fn what_init_prints_is_the_lab_that_runs_without_a_file() {
        let read = Lab::read("lab.toml", &super::text(), Utf8Path::new(""), &Overrides::default()).unwrap();
        assert_eq!(read, Lab::documented(&Overrides::default()).unwrap());
    }
}
