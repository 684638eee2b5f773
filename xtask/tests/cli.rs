//! What the command line says, and with which exit code. `TRYCMD=overwrite cargo test -p xtask --test cli` writes anew.

#[test]
fn the_command_line_says_what_it_should() {
    trycmd::TestCases::new().env("COLUMNS", "100").case("tests/cli/*.trycmd");
}
