//! Reading files of a container, running or not.

use std::io::Read;
use std::path::Path;

use bollard::query_parameters::DownloadFromContainerOptionsBuilder;
use futures::TryStreamExt;

use super::Docker;
use crate::engine::EngineError;

impl Docker {
    /// Reads a file of a container, running or not, volumes included. `None` where the path does not exist or is not a
    /// regular file.
    ///
    /// # Errors
    /// [`EngineError`], except [`EngineError::NotFound`]: where the container does not exist, the answer is `None`,
    /// too.
    pub async fn file(&self, container: &str, path: &Path) -> Result<Option<Vec<u8>>, EngineError> {
        let path = path.to_string_lossy();
        let action = || format!("reading {path} of container {container}");
        let options = DownloadFromContainerOptionsBuilder::new().path(&path).build();
        let chunks: Result<Vec<_>, _> =
            self.client.download_from_container(container, Some(options)).try_collect().await;
        let chunks = match chunks.map_err(|error| self.error(action(), error)) {
            Ok(chunks) => chunks,
            Err(error) if error.is_not_found() => return Ok(None),
            Err(error) => return Err(error),
        };
        first_file(&chunks.concat())
            .map_err(|error| EngineError::Unreadable { action: action(), message: error.to_string() })
    }
}

/// Returns the content of a tar archive's first entry, if that is a regular file.
fn first_file(archive: &[u8]) -> std::io::Result<Option<Vec<u8>>> {
    let mut archive = tar::Archive::new(archive);
    let Some(entry) = archive.entries()?.next() else { return Ok(None) };
    let mut entry = entry?;
    if !entry.header().entry_type().is_file() {
        return Ok(None);
    }
    let mut content = Vec::new();
    entry.read_to_end(&mut content)?;
    Ok(Some(content))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_file_has_content() {
        let archive = |kind| {
            let mut header = tar::Header::new_gnu();
            header.set_entry_type(kind);
            header.set_size(5);
            let mut builder = tar::Builder::new(Vec::new());
            builder.append_data(&mut header, "flags", &b"a = b"[..]).unwrap();
            builder.into_inner().unwrap()
        };
        assert_eq!(first_file(&archive(tar::EntryType::Regular)).unwrap(), Some(b"a = b".to_vec()));
        assert_eq!(first_file(&archive(tar::EntryType::Symlink)).unwrap(), None);
        assert_eq!(first_file(&[]).unwrap(), None);
    }
}
