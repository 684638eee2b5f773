//! `init`: a commented lab file to start from.

use labfile::DOCUMENTED;

/// The documented lab's own file: what it says is what runs without a lab file.
pub(crate) fn text() -> String {
    DOCUMENTED.to_owned()
}

#[cfg(test)]
mod tests {
    use labfile::{Lab, LabFile, Overrides};

    #[test]
    fn what_init_prints_is_the_lab_that_runs_without_a_file() {
        let file = LabFile { name: "lab.toml", text: &super::text(), folder: "".into() };
        let read = Lab::read(file, &Overrides::default()).unwrap();
        assert_eq!(read, Lab::documented(&Overrides::default()).unwrap());
    }
}
