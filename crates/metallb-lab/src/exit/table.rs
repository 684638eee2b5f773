//! Tables, all of one look.

use comfy_table::{ContentArrangement, Table, presets};

/// Returns rows under a header, in columns and without lines.
pub fn table<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    arranged(header, rows, ContentArrangement::Dynamic)
}

/// Returns rows under a header with one line a row, however wide.
pub(crate) fn unwrapped<const N: usize>(header: [&str; N], rows: impl IntoIterator<Item = [String; N]>) -> String {
    arranged(header, rows, ContentArrangement::Disabled)
}

/// Returns rows without a header, wrapped to the terminal's width.
pub(crate) fn rows_only<const N: usize>(rows: impl IntoIterator<Item = [String; N]>) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(ContentArrangement::Dynamic);
    table.add_rows(rows);
    format!("{}\n", table.trim_fmt())
}

fn arranged<const N: usize>(
    header: [&str; N],
    rows: impl IntoIterator<Item = [String; N]>,
    arrangement: ContentArrangement,
) -> String {
    let mut table = Table::new();
    table.load_style(presets::NOTHING).set_content_arrangement(arrangement);
    table.set_header(header.map(str::to_uppercase));
    table.add_rows(rows);
    format!("{}\n", table.trim_fmt())
}
